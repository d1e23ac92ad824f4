"""Slices of an uploaded table: the planted one first, and each with its own rows."""

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.scoring.ngrams import words_of
from dlnlp.ui.batch.slices_view import by_columns, by_words, in_words, ngrams_of, parted_rows
from tests.ui.batch.labelled_table import labelled_table


def test_the_planted_slice_is_first_and_holds_its_rows() -> None:
    job, found = labelled_table()
    texts = [words_of(row.fields[0]) for row in found.rows]
    parted = parted_rows(job, found, texts, ("not good", "nowhere"))
    compared = by_columns(found, parted, ())
    first = compared.slices[0]
    assert (first.kind, first.value, first.worse) == ("domain", "book", True)
    kinds = {each.kind for each in compared.slices}
    assert kinds == {"true label", "length", "domain", "number", "text contains"}
    only = by_columns(found, parted, ("domain",))
    assert {each.kind for each in only.slices} == {"domain", "text contains"}
    assert only.slices[0].corrected < first.corrected  # fewer were tried
    right = found.evaluation.predictions == found.evaluation.labels
    for each, places in zip(compared.slices, compared.places, strict=True):
        assert each.rows == len(places) and each.right == right[places].sum()
        for row in (found.rows[place] for place in places):
            if each.kind == "domain":
                assert row.fields[1] == each.value
            if each.kind == "text contains":
                assert f" {each.value} " in f" {row.fields[0]} "
    assert "the rest of the rows" in in_words(compared.slices)
    assert in_words(compared.slices).endswith(
        "Each dot is an accuracy, its line the 95 % interval."
    )
    assert in_words(compared.slices).startswith(f"{len(compared.slices)} slices tried: ")


def test_common_words_are_compared_on_their_own() -> None:
    _, found = labelled_table()
    compared = by_words(found, [words_of(row.fields[0]) for row in found.rows])
    assert len(compared.slices) > 20 and {e.kind for e in compared.slices} == {"text contains"}
    assert "none is significantly" in in_words(compared.slices[-1:])
    assert in_words(compared.slices[-1:]).startswith("1 slice tried")


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("", ()),
        (" not  good ,, worth,not good", ("not good", "worth")),
        ("<b>, \0, ", ("<b>",)),
        (",".join(f"w{n}" for n in range(30)), tuple(f"w{n}" for n in range(10))),
    ],
)
def test_what_a_visitor_writes_becomes_ngrams(written: str, asked: tuple[str, ...]) -> None:
    assert ngrams_of(written) == asked


def page() -> None:
    import streamlit as st

    from dlnlp.ui.batch.slices_view import slices_view
    from tests.ui.batch.labelled_table import labelled_table

    if "table" not in st.session_state:
        st.session_state["table"] = labelled_table()
    slices_view(*st.session_state["table"])


def picked(place: object, *columns: str) -> dict[str, object]:
    """What the browser sends for a click on one of the slices."""
    return {"subject": " ".join(["Columns, length, class", "", *columns]), "place": place}


def test_a_chosen_slice_shows_its_rows_the_errors_first() -> None:
    app = AppTest.from_function(page).run(timeout=30)
    assert not app.exception and not app.dataframe
    assert any("Click a slice" in caption.value for caption in app.caption)
    app.session_state["batch_slice_chosen"] = picked(0)
    app.run()
    rows = app.dataframe[0].value
    wrong = (rows["true label"] != rows["predicted label"]).tolist()
    assert wrong == sorted(wrong, reverse=True) and any(wrong)
    assert any(text.value.startswith("domain: book: ") for text in app.text)


def test_the_columns_that_make_slices_can_be_chosen() -> None:
    app = AppTest.from_function(page).run(timeout=30)
    before = app.text[0].value
    assert app.multiselect[0].options == ["true label", "length", "domain", "number"]
    app.multiselect[0].select("domain").run()
    assert not app.exception and app.text[0].value != before
    app.session_state["batch_slice_chosen"] = picked(0, "domain")
    app.run()
    assert any(text.value.startswith("domain: book: ") for text in app.text)
    app.session_state["batch_slice_kinds"] = ["of another table"]
    assert app.run().text[0].value == before


def test_an_ngram_can_be_asked_for_and_a_rare_one_is_told() -> None:
    app = AppTest.from_function(page).run(timeout=30)
    before = app.text[0].value
    app.text_input[0].set_value("not good, <b>nowhere").run()
    assert not app.exception
    assert any("Too few rows" in text.value and "<b>nowhere" in text.value for text in app.text)
    told = [text.value for text in app.text if "slices tried" in text.value]
    assert int(told[0].split()[0]) == int(before.split()[0]) + 1


@pytest.mark.parametrize("sent", [-1, 10**9, "0", None, True, 1.0])
def test_a_hostile_choice_is_none(sent: object) -> None:
    app = AppTest.from_function(page)
    app.session_state["batch_slice_chosen"] = picked(sent)
    app.run(timeout=30)
    assert not app.exception and not app.dataframe
