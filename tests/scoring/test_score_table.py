"""CSV in, the same rows out; line numbers, and what happens behind a bad row."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.scoring import score_table
from dlnlp.scoring.score_table import BadRow, Row, TableError, TableReader, csv_record


def read(text: str, delimiter: str = ",") -> tuple[tuple[str, ...], list[Row | BadRow]]:
    reader = TableReader(io.StringIO(text, newline=""), delimiter)
    return reader.header, list(reader)


# Any character but surrogates and NUL; quotes, delimiters and line breaks far more often.
CELLS = st.text(
    st.one_of(st.sampled_from('",;\t\n\r x'), st.characters(exclude_categories=("Cs",))),
    max_size=12,
).map(lambda text: text.replace("\0", ""))


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))


@given(tables(), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_comes_back(table: list[list[str]], delimiter: str, newline: str) -> None:
    text = "".join(csv_record(record, delimiter, newline) for record in table)
    header, rows = read(text, delimiter)
    assert [list(header)] + [list(row.fields) for row in rows] == table


@given(tables())
def test_python_reads_what_is_written(table: list[list[str]]) -> None:
    text = "".join(map(csv_record, table))
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == table


@given(tables(), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_what_python_writes_is_read(table: list[list[str]], quoting: int) -> None:
    text = io.StringIO(newline="")
    # Before 3.13 its minimal quoting forgets carriage returns.
    table = [[cell.replace("\r", "") for cell in record] for record in table]
    csv.writer(text, quoting=quoting).writerows(table)
    header, rows = read(text.getvalue())
    assert [list(header)] + [list(row.fields) for row in rows] == table


@given(tables(), st.integers(1, 40))
def test_line_numbers_are_those_of_an_editor(table: list[list[str]], blank: int) -> None:
    table = [["head"] * len(table[0]), *table]
    lines, text = [], "\n" * blank
    for record in table:
        lines.append(1 + len(io.StringIO(text, newline=None).read().split("\n")) - 1)
        text += csv_record(record)
    assert [row.line for row in read(text)[1]] == lines[1:]


@given(st.text('",\n\rx', max_size=60))
def test_nothing_stops_the_reader(text: str) -> None:
    """Each line belongs to exactly one item, or is blank; items come in order."""
    header, rows = read("a,b\n" + text)
    assert header == ("a", "b")
    last = 1
    for row in rows:
        assert row.line > last
        last = row.last_line if isinstance(row, BadRow) else row.line
        if isinstance(row, Row):
            assert len(row.fields) == 2


def test_bad_rows_do_not_stop_the_rest() -> None:
    _, rows = read('a,b\n1,x\n2\n3,x,y\n\n4,"x ""y"", z\nw"\n5,"un"closed\n6,z\n')
    assert [row.line for row in rows] == [2, 3, 4, 6, 8, 9]
    assert [row.problem for row in rows if isinstance(row, BadRow)] == [
        "the row has 1 field where the header has 2",
        "the row has 3 fields where the header has 2",
        "a quote inside a quoted field is not doubled",
    ]
    assert rows[3] == Row(6, ("4", 'x "y", z\nw'))
    assert rows[5] == Row(9, ("6", "z"))


def test_a_lost_quote_costs_one_row() -> None:
    _, rows = read('a,b\n1,"lost\n2,"good"\n3,"fine"\n')
    assert rows == [
        BadRow(2, 2, "a quote inside a quoted field is not doubled"),
        Row(3, ("2", "good")),
        Row(4, ("3", "fine")),
    ]


def test_a_quote_that_never_closes_gives_the_rest_back() -> None:
    _, rows = read('a,b\n1,"lost\n2,good\n3,fine')
    assert rows == [
        BadRow(2, 2, "a quote opens here and is never closed"),
        Row(3, ("2", "good")),
        Row(4, ("3", "fine")),
    ]


def test_the_rest_of_a_broken_record_is_not_taken_for_rows() -> None:
    _, rows = read('a,b\n1,"He said "no\nand, ""left"" me",z\nthen what\n2,fine\n')
    assert rows[0] == BadRow(2, 4, "a quote inside a quoted field is not doubled")
    assert isinstance(rows[0], BadRow) and rows[0].where == "lines 2 to 4"
    assert rows[1] == Row(5, ("2", "fine"))


def test_a_quote_inside_an_unquoted_field_stands_for_itself() -> None:
    assert read('a,b\n5" screen,6"\n')[1] == [Row(2, ('5" screen', '6"'))]


@pytest.mark.parametrize("quoted", [False, True])
def test_a_giant_row_is_left_out(monkeypatch: pytest.MonkeyPatch, quoted: bool) -> None:
    monkeypatch.setattr(score_table, "MAX_RECORD", 50)
    giant = '1,"' + "x\n" * 40 + '"' if quoted else "1," + "x" * 400
    _, rows = read(f"a,b\n{giant}\n2,fine\n")
    assert isinstance(rows[0], BadRow) and rows[0].line == 2
    assert rows[-1] == Row(2 + giant.count("\n") + 1, ("2", "fine"))


def test_memory_is_bounded_by_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when a quote is never closed: no more than one record is read ahead."""
    monkeypatch.setattr(score_table, "MAX_RECORD", 1_000)
    file = io.StringIO('a,b\n1,"lost\n' + "2,good\n" * 10_000, newline="")
    rows = iter(TableReader(file, ","))
    assert isinstance(next(rows), BadRow)
    assert file.tell() < 3_000


def test_what_is_no_text_is_replaced_and_told() -> None:
    _, rows = read("a,b\n1\udcff,x\n2,\0y\n")
    assert [row.fields for row in rows if isinstance(row, Row)] == [("1�", "x"), ("2", "�y")]
    assert "encoding" in rows[0].problem and "NUL" in rows[1].problem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\n\r\n\n", "is empty"),
        ('a,"b', "first row"),
        ('a,"b"c\n1,2', "first row"),
        ("a\udcff,b\n", "UTF-8"),
        ("a\0,b\n", "UTF-8"),
    ],
)
def test_without_a_header_there_is_no_table(text: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read(text)


def test_the_line_end_is_kept() -> None:
    for newline in ("\n", "\r\n", "\r"):
        for header in ("a,b", '"a",b', '"a","b"'):
            reader = TableReader(io.StringIO(f"{header}{newline}1,2", newline=""), ",")
            assert (reader.newline, reader.header) == (newline, ("a", "b"))
            assert list(reader) == [Row(2, ("1", "2"))]
    assert TableReader(io.StringIO("a,b"), ",").newline == "\n"
