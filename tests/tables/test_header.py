"""Columns are found by name and by position, and a header is told from a first row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.tables.header import (
    column_labels,
    find_column,
    guess_text_column,
    header_evidence,
)
from dlnlp.tables.reader import TableError


def test_labels_are_distinct_and_never_empty() -> None:
    assert column_labels(("id", "", " ", "text")) == ("id", "column 2", "column 3", "text")
    assert column_labels(("text", " text", "")) == ("text", "text (column 2)", "column 3")
    assert column_labels(("column 2", "")) == ("column 2", "column 2 (column 2)")


@given(st.lists(st.sampled_from(["", " ", "a", "a ", "column 2", "a (column 2)"]), max_size=8))
def test_labels_of_any_header_are_distinct(header: list[str]) -> None:
    labels = column_labels(header)
    assert len(set(labels)) == len(header) and all(labels)


def test_a_column_is_found_by_name_or_place() -> None:
    header = ("id", "", "text", "id")
    assert find_column(header, "text") == 2
    assert [find_column(header, f"column {n}") for n in (1, 2, 4)] == [0, 1, 3]
    assert find_column(("column 2", "text"), "column 2") == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("id", "2 columns are called 'id': choose one by its place, as 'column 1' or 'column 4'"),
        ("body", "no column 'body': choose one of 'id', 'column 2', 'text', 'id [(]column 4[)]'"),
        ("column 5", "no column"),
    ],
)
def test_an_unclear_column_is_told(name: str, message: str) -> None:
    with pytest.raises(TableError, match=message) as caught:
        find_column(("id", "", "text", "id"), name)
    assert caught.value.option == "--text-column"


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        (("id", "text", "note"), ("1", "a", "long long long"), 1),
        (("Review", "id"), ("a", "1"), 0),
        (("id", "was", "sagen"), ("1", "ab", "a longer cell"), 2),
        (("a", "b"), ("1", "2"), 0),
    ],
)
def test_the_text_column_is_guessed(
    header: tuple[str, ...], row: tuple[str, ...], column: int
) -> None:
    assert guess_text_column(header, [row]) == column


NAMES = [
    [("id", "text"), ("1", "good")],
    [("Review Text", "x"), ("good", "y"), ("bad", "y")],
    [("nummer", "kommentar"), ("17", "gut"), ("18", "schlecht")],
    [("", "0", "1"), ("0", "good", "5"), ("1", "bad", "1")],
    [("", "text", ""), ("0", "good", ""), ("1", "bad", "")],
    [("wann", "What did you like about the film?"), ("2024-01-05", "The food."), ("2024-01", "No")],
]
DATA = [
    [("1", "good film"), ("2", "bad film")],
    [("5", "A moving film."), ("1", "Dull.")],
    [("ham", "see you later"), ("spam", "win a prize"), ("ham", "ok")],
    [("0", "14678", "NO_QUERY", "@you that's a bummer"), ("0", "14679", "NO_QUERY", "is upset")],
    [("A moving, beautifully acted film.",), ("Dull.",)],
    [("neg", "x " * 60), ("pos", "y")],
    [("1", "review", "good"), ("2", "review", "bad"), ("3", "review", "fine")],
]
UNKNOWN = [
    [("good", "bad"), ("film", "phone")],
    [("gut", "schlecht")],
    [("How was it?",), ("fine",)],
    [("", ""), ("a", "b")],
]


@pytest.mark.parametrize(
    ("table", "evidence"),
    [(t, 1) for t in NAMES] + [(t, -1) for t in DATA] + [(t, 0) for t in UNKNOWN],
)
def test_the_first_row_is_judged(table: list[tuple[str, ...]], evidence: int) -> None:
    assert header_evidence(table[0], table[1:]) == evidence


def test_the_column_that_is_asked_for_is_a_name() -> None:
    assert header_evidence(("1", "meins"), [("2", "x"), ("3", "y")], "meins") == 1
