"""Cells come back as they were, and none is a formula."""

import csv
import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.tables.csv_writing import csv_record, neutralise, table_csv

SPACES = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
UNSEEN = [*SPACES, "\ufeff", "\u200b", "\u200c", "\u200d", "\u2060", "\0"]
STARTS = "=+-@＝＋－＠"


@given(st.text(UNSEEN, max_size=4), st.sampled_from(STARTS), st.text(max_size=5))
def test_a_formula_behind_any_white_space_is_neutralised(
    spaces: str, start: str, rest: str
) -> None:
    cell = f"{spaces}{start}x{rest}"
    assert neutralise(cell) == "'" + cell


def test_every_white_space_of_unicode_is_covered() -> None:
    assert {"\n", "\r", "\t", "\x0b", "\x85", "\xa0", "\u3000", "\u2028"} <= set(SPACES)
    for space in UNSEEN:
        for start in STARTS:
            assert neutralise(f"{space}{start}1+1").startswith("'"), (space, start)


@pytest.mark.parametrize("cell", ["\tx", "\rx", "\nx"])
def test_a_cell_that_begins_with_a_break_is_neutralised(cell: str) -> None:
    assert neutralise(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell",
    ["", "good", "a=b", "n't", "3-1", "-1", "+1", "-3.5", "1e5", "-2,5 ".strip(), "-5%", " "],
)
def test_other_cells_and_numbers_are_left_alone(cell: str) -> None:
    assert neutralise(cell) == cell


@given(st.text())
def test_nothing_but_an_apostrophe_is_added(cell: str) -> None:
    assert neutralise(cell) in (cell, "'" + cell)


CELLS = st.text(st.one_of(st.sampled_from('",;\n\r x='), st.characters(codec="utf-8")), max_size=9)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_a_table_comes_back_from_python(rows: list[list[str]]) -> None:
    text = table_csv(["=a", "b"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    expected = [
        [neutralise(cell.replace("\0", "")) for cell in row] for row in (["=a", "b"], *rows)
    ]
    assert read == expected


def test_numbers_have_six_digits() -> None:
    assert table_csv(["a"], [[1.23456789], [True], [12345678]]) == (
        b"\xef\xbb\xbfa\r\n1.23457\r\ntrue\r\n12345678\r\n"
    )


def test_an_empty_cell_alone_is_a_row() -> None:
    assert csv_record([""]) == '""\n'
