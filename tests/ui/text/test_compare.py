"""What a change did to words and answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.ui.text.answers import Answer, make_answer
from dlnlp.ui.text.compare import changes, mark_changes, same_words
from dlnlp.ui.text.highlighted_text import HighlightedTextData, SpanData
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.shaded_text import view_data
from tests.ui.text.attributions import make_attribution

WORDS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=12)


@given(WORDS, WORDS)
def test_words_of_both_versions_are_matched_in_their_order(kept: list[str], now: list[str]) -> None:
    found = same_words(kept, now)
    matched = [(word, now[place]) for word, place in zip(kept, found, strict=True) if place >= 0]
    places = [place for place in found if place >= 0]
    assert all(word == other for word, other in matched)
    assert places == sorted(set(places))
    assert same_words(kept, kept) == list(range(len(kept)))


def test_of_long_texts_that_differ_in_many_places_the_ends_are_matched() -> None:
    kept = ["start", *(f"old{k}" for k in range(3_000)), "end"]
    now = ["start", *(f"new{k}" for k in range(2_500)), "end"]
    found = same_words(kept, now)
    assert found[0] == 0 and found[-1] == 2_501 and set(found[1:-1]) == {-1}


def words_of(view: HighlightedTextData) -> list[SpanData]:
    return [piece for row in view["rows"] for piece in row["spans"] if not isinstance(piece, str)]


def test_what_changed_is_marked_and_what_stayed_is_linked() -> None:
    names = MethodText("", "Number", "")
    kept, now = (
        view_data(make_attribution(text), names)
        for text in ("Good film. It was bad.", "So. Good film. It was dull.")
    )
    mark_changes(kept, now)
    assert [(w["text"], w["index"], w.get("change")) for w in words_of(kept)] == [
        ("Good", 1, None),
        ("film", 2, None),
        ("It", 3, None),
        ("was", 4, None),
        ("bad", -1, "gone"),
    ]
    assert [w["text"] for w in words_of(now) if w.get("change")] == ["So", "dull"]
    assert [row["index"] for row in kept["rows"]] == [1, 2]
    mark_changes(other := view_data(make_attribution("zither"), names), now)
    assert [row["index"] for row in other["rows"]] == [-1]


def five(logits: list[float]) -> Answer:
    values = np.array(logits)
    names = ("1 star", *(f"{k} stars" for k in range(2, 6)))
    return make_answer(names, np.exp(values) / np.exp(values).sum(), values)


def test_changes_of_stars() -> None:
    kept, now = five([0, 0, 0, 0, 0]), five([0, 0, 0, 0, np.log(6)])
    stars, best, *_, worst = changes(kept, now)
    assert (stars["kept"], stars["now"], stars["change"]) == ("3.00", "4.00", "+1.00")
    assert (best["kept"], best["now"], best["change"]) == ("20.0 %", "60.0 %", "+40.0 points")
    assert best["change of logit"] == f"+{np.log(6):.2f}"
    assert worst["answer"] == "1 star" and worst["change"] == "−10.0 points"


def test_changes_of_two_classes_are_those_of_the_second() -> None:
    kept = make_answer(("negative", "positive"), [0.5, 0.5], [0, 0])
    now = make_answer(("negative", "positive"), [0.75, 0.25], [0, -np.log(3)])
    (row,) = changes(kept, now)
    assert row["answer"] == "positive" and row["now"] == "25.0 %"
    assert row["change"] == "−25.0 points"
    assert float(row["change of logit"].replace("−", "-")) == pytest.approx(-np.log(3), abs=0.005)
