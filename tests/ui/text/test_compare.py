"""The comparison: escaped, marked, and with the right differences."""

import html
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.text.edits import changed_spans
from dlnlp.ui.text.answers import Answer, make_answer
from dlnlp.ui.text.compare import MAX_EXCERPT, WHOLE_CHARACTERS, changes, marked_html


def inner(page: str) -> str:
    return page.split('dir="auto">', 1)[1].removesuffix("</div>")


def plain(page: str) -> str:
    return html.unescape(re.sub(r"</?(?:del|ins|span)[^>]*>", "", inner(page)))


def test_changed_words_are_marked() -> None:
    text = "a <b>good</b> film & more"
    assert inner(marked_html(text, [(5, 9)], "del")) == (
        "a &lt;b&gt;<del>good</del>&lt;/b&gt; film &amp; more"
    )


@given(st.text(alphabet="ab <>&\"'/", max_size=60), st.text(alphabet="ab <>&\"'/", max_size=60))
def test_nothing_of_the_text_is_markup(before: str, after: str) -> None:
    gone, come = changed_spans(before, after)
    for text, spans, tag in ((before, gone, "del"), (after, come, "ins")):
        page = marked_html(text, spans, tag)
        assert plain(page) == text
        assert set(re.findall(r"<(/?\w+)", inner(page))) <= {tag, f"/{tag}"}


def test_of_a_long_text_the_places_of_change_are_shown() -> None:
    words = ["word"] * 2_000
    words[700], words[1500] = "first", "second"
    text = " ".join(words)
    spans = [(text.index(word), text.index(word) + len(word)) for word in ("first", "second")]
    page = inner(marked_html(text, spans, "ins"))
    assert "<ins>first</ins>" in page and "<ins>second</ins>" in page
    assert page.count("[…]") == 3 and len(page) < WHOLE_CHARACTERS


def test_a_long_unchanged_version_shows_its_beginning() -> None:
    page = inner(marked_html("start " + "word " * 1_000, [], "ins"))
    assert page.startswith("start word") and page.count("[…]") == 1


def test_an_excerpt_is_bounded() -> None:
    text = "<" * 100_000
    page = marked_html(text, [(0, len(text))], "del")
    assert len(plain(page)) <= MAX_EXCERPT + 20
    assert page.count("<del>") == page.count("</del>") == 1


def five(logits: list[float]) -> Answer:
    values = np.array(logits)
    return make_answer(
        tuple(f"{k} stars" for k in range(1, 6)), np.exp(values) / np.exp(values).sum(), values
    )


def test_changes_of_stars() -> None:
    kept, now = five([0, 0, 0, 0, 0]), five([0, 0, 0, 0, np.log(6)])
    stars, best, *_, worst = changes(kept, now)
    assert (stars["kept"], stars["now"], stars["change"]) == ("3.00", "4.00", "+1.00")
    assert (best["kept"], best["now"], best["change"]) == ("20.0 %", "60.0 %", "+40.0 points")
    assert best["change of logit"] == f"+{np.log(6):.2f}"
    assert worst["answer"] == "1 stars" and worst["change"] == "−10.0 points"


def test_changes_of_two_classes_are_those_of_the_second() -> None:
    kept = make_answer(("negative", "positive"), [0.5, 0.5], [0, 0])
    now = make_answer(("negative", "positive"), [0.75, 0.25], [0, -np.log(3)])
    (row,) = changes(kept, now)
    assert row["answer"] == "positive" and row["now"] == "25.0 %"
    assert row["change"] == "−25.0 points"
    assert float(row["change of logit"].replace("−", "-")) == pytest.approx(-np.log(3), abs=0.005)
