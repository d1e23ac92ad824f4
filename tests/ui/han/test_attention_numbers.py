"""What attention says of a word beside any method."""

import numpy as np
import pytest

from dlnlp.explain.shading import percent
from dlnlp.explain.text_attribution import attention
from dlnlp.ui.han.attention_numbers import han_data
from dlnlp.ui.han.methods import ATTENTION, METHODS
from dlnlp.ui.text.highlighted_text import HighlightedTextData
from tests.ui.text.attention_results import make_result
from tests.ui.text.attributions import make_attribution


def words(data: HighlightedTextData) -> list[dict]:
    return [piece for row in data["rows"] for piece in row["spans"] if not isinstance(piece, str)]


@pytest.mark.parametrize("method", ATTENTION)
def test_attention_is_shares_of_a_sentence_or_of_the_review(method: str) -> None:
    found = attention(make_result("good bad film. one two"), method)
    sums = np.bincount(found.token_sentence, found.words)
    if method == "within":
        np.testing.assert_allclose(sums, 1, atol=1e-6)
    elif method == "product":
        np.testing.assert_allclose(sums, found.sentences, atol=1e-6)
    assert found.target is None and found.gap is None


def test_the_tooltip_of_a_word_and_of_a_sentence() -> None:
    result = make_result("good bad film. one")
    data = han_data(attention(result, "within"), METHODS["within"])
    numbers = dict(zip(data["columns"], words(data)[1]["numbers"], strict=True))
    share, sentence = float(result.word_attention[1]), float(result.sentence_attention[0])
    assert list(numbers)[0] == "Word attention"
    assert numbers == {
        "Word attention": percent(share),
        "compared with uniform": f"{share * 3:.2f} ×",
        "Word × sentence attention": percent(share * sentence),
        "Attention logit": f"{result.word_scores[1]:.3f}",
        "The network saw": "bad",
    }
    numbers = dict(zip(data["row_columns"], data["rows"][0]["numbers"], strict=True))
    assert numbers["compared with uniform"] == f"{sentence * 2:.2f} ×" and numbers["Words"] == "3"


@pytest.mark.parametrize("method", METHODS)
def test_no_column_stands_twice_and_the_methods_own_is_first(method: str) -> None:
    data = han_data(make_attribution(method=method), METHODS[method])  # type: ignore[arg-type]
    assert data["columns"][0] == METHODS[method].column
    assert data["row_columns"][0] == METHODS[method].row_column
    for columns in (data["columns"], data["row_columns"]):
        assert len(set(columns)) == len(columns)


def test_what_lies_beyond_the_last_sentence_is_said() -> None:
    result = make_result("One. Two. Three four.", sentences=2)
    (rest,) = han_data(attention(result, "within"), METHODS["within"])["rest"]
    assert rest["text"] == "Three four." and "at most 2 sentences" in rest["note"]
