"""What the text view of the Kim CNN is told to draw."""

import numpy as np

from dlnlp.explain.text_attribution import attribution_of
from dlnlp.ui.kim_cnn.explaining import Explained
from dlnlp.ui.kim_cnn.methods import METHODS, Method
from dlnlp.ui.kim_cnn.region_text import kim_data, region_text, strongest_regions
from dlnlp.ui.text.highlighted_text import HighlightedTextData
from tests.ui.kim_cnn.kim_results import TEXT, make_explained


def view(explained: Explained, method: Method = "evidence", **options: int) -> HighlightedTextData:
    found = attribution_of(
        explained.result, method, explained.evidence.target, explained.evidence.words
    )
    return kim_data(found, METHODS[method], explained.evidence, **options)


def words(data: HighlightedTextData) -> list[dict]:
    return [piece for row in data["rows"] for piece in row["spans"] if not isinstance(piece, str)]


def test_a_row_a_sentence_with_the_sum_of_its_words() -> None:
    explained = make_explained()
    data = view(explained)
    assert [row["spans"][0]["text"] for row in data["rows"]] == ["The", "But", "It", "Great"]
    sums = np.bincount(explained.result.token_sentence, explained.evidence.words)
    for row, total in zip(data["rows"], sums, strict=True):
        assert row["label"].replace("−", "-").replace("±", "") == f"{total:+.2f}"


def test_the_legend_names_the_positive_class() -> None:
    explained = make_explained()
    top = np.abs(explained.evidence.words).max()
    assert view(explained)["scale"]["low"] == f"−{top:.2f} against positive"
    assert view(explained)["scale"]["high"] == f"+{top:.2f} for positive"


def test_words_say_their_exact_share_and_their_region() -> None:
    explained = make_explained()
    data = view(explained, "delete")
    assert data["columns"][1:] == ["Exact contribution", "Strongest n-gram here", "The network saw"]
    regions = strongest_regions(explained.result, explained.evidence)
    for word, region in zip(words(data), regions, strict=True):
        if region is None:
            assert word["numbers"][2] == "none"
        else:
            text = region_text(explained.result, region.start, region.stop)
            assert word["numbers"][2].startswith(f"“{text[:60]}”")
    # With the exact contribution as the method, it is not said twice.
    assert "Exact contribution" not in view(explained)["columns"]


def test_the_strongest_region_of_a_word_covers_it() -> None:
    explained = make_explained()
    for index, region in enumerate(strongest_regions(explained.result, explained.evidence)):
        covering = [part for part in explained.evidence.regions if part.start <= index < part.stop]
        assert (region is None) == (not covering)
        if region is not None:
            strongest = max(abs(part.contribution) for part in covering)
            assert abs(region.contribution) == strongest


def test_what_is_not_read_or_not_drawn_is_said() -> None:
    explained = make_explained("The film is good. " * 30)
    assert len(explained.result.tokens) == 60
    (rest,) = view(explained)["rest"]
    assert "at most 60 words" in rest["note"] and rest["text"].startswith("The film is good.")
    not_drawn, not_read = view(explained, max_tokens=7)["rest"]
    assert "not drawn" in not_drawn["note"] and "Not read" in not_read["note"]
    assert len(words(view(explained, max_tokens=7))) == 4  # whole rows only


def test_region_text_is_one_line_as_pasted() -> None:
    result = make_explained(TEXT).result
    assert region_text(result, 0, 4) == "The film is VERY"
    assert region_text(result, 4, 7) == "good! But"
    assert region_text(result, 3, 3) == ""
