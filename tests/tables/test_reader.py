"""CSV in, the same rows out; line numbers, and what happens behind a bad row."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.tables.csv_writing import csv_record
from dlnlp.tables.dialect import Dialect
from dlnlp.tables.reader import BadRow, Row, TableError, TableReader

USUAL = Dialect()


def read(
    text: str, dialect: Dialect = USUAL, **options: int
) -> tuple[tuple[str, ...], list[Row | BadRow]]:
    reader = TableReader(io.StringIO(text, newline=""), dialect, **options)
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
    header, rows = read(text, Dialect(delimiter))
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


def test_the_rest_of_a_broken_record_is_no_row_where_rows_run_over_lines() -> None:
    broken = '2,"He said "no\nand, ""left"" me",z\nthen what\n'
    _, rows = read(f'a,b\n1,"two\nlines"\n{broken}3,fine\n')
    assert rows == [
        Row(2, ("1", "two\nlines")),
        BadRow(4, 6, "a quote inside a quoted field is not doubled"),
        Row(7, ("3", "fine")),
    ]
    assert isinstance(rows[1], BadRow) and rows[1].where == "lines 4 to 6"


def test_where_every_row_is_a_line_every_damaged_line_is_a_row() -> None:
    _, rows = read('a,b\n1,"He said "no"\n2,also "no"\n3\n4,"x" y\n5,fine\n')
    assert [(row.line, bool(row.problem)) for row in rows] == [
        (2, True), (3, True), (4, True), (5, True), (6, False),
    ]  # fmt: skip


def test_a_quote_lost_in_one_row_and_a_comma_first_in_another() -> None:
    """Read blindly, lines 2 to 4 are one record of four fields."""
    _, rows = read('a,b,c\n1,"lost,5\n2,fine,3\n3,", and so on",4\n')
    assert [row.line for row in rows] == [2, 3, 4]
    assert rows[1:] == [Row(3, ("2", "fine", "3")), Row(4, ("3", ", and so on", "4"))]


def test_a_row_over_several_lines_of_another_width_is_one_damaged_row() -> None:
    """Where rows run over several lines; else each of its lines may be a row."""
    broken, runs_on = '1,"First.\nSecond line.\nThird",extra\n', '0,"two\nlines"\n'
    assert read(f"a,b\n{runs_on}{broken}2,fine\n")[1][1:] == [
        BadRow(4, 6, "the row has 3 fields where the header has 2"),
        Row(7, ("2", "fine")),
    ]
    assert [bool(row.problem) for row in read(f"a,b\n{broken}2,fine\n")[1]] == [1, 1, 1, 0]


def test_a_quote_inside_an_unquoted_field_stands_for_itself() -> None:
    assert read('a,b\n5" screen,6"\n')[1] == [Row(2, ('5" screen', '6"'))]


@pytest.mark.parametrize("quoted", [False, True])
def test_a_giant_row_is_left_out(quoted: bool) -> None:
    giant = '1,"' + "x\n" * 40 + '"' if quoted else "1," + "x" * 400
    _, rows = read(f"a,b\n{giant}\n2,fine\n", most=50)
    assert isinstance(rows[0], BadRow) and rows[0].line == 2
    assert rows[-1] == Row(2 + giant.count("\n") + 1, ("2", "fine"))


def test_memory_is_bounded_by_a_record() -> None:
    """Also when a quote is never closed: no more than one record is read ahead."""
    file = io.StringIO('a,b\n1,"lost\n' + "2,good\n" * 10_000, newline="")
    rows = iter(TableReader(file, Dialect(), 1_000))
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
            reader = TableReader(io.StringIO(f"{header}{newline}1,2", newline=""), Dialect())
            assert (reader.newline, reader.header) == (newline, ("a", "b"))
            assert list(reader) == [Row(2, ("1", "2"))]
    assert TableReader(io.StringIO("a,b"), Dialect()).newline == "\n"


def test_empty_cells_at_the_end_may_be_too_many_or_missing() -> None:
    assert read("a,b\n1,x,,\n2,y\n")[1] == [Row(2, ("1", "x")), Row(3, ("2", "y"))]
    assert read("a,b,,\n1,x\n2,y,z\n")[1] == [
        Row(2, ("1", "x", "", "")),
        Row(3, ("2", "y", "z", "")),
    ]
    assert [row.problem for row in read("a,b,,\n1\n")[1]] == [
        "the row has 1 field where the header has 4"
    ]


def test_without_a_header_the_first_row_is_one() -> None:
    header, rows = read('1,"two\nlines"\n2\n', Dialect(header=False))
    assert header == ("column 1", "column 2")
    assert rows == [
        Row(1, ("1", "two\nlines")),
        BadRow(3, 3, "the row has 1 field where the first row has 2"),
    ]


def test_lines_above_the_table_count() -> None:
    header, rows = read("Title\n\na,b\n1,x\n", Dialect(skipped=2))
    assert (header, rows) == (("a", "b"), [Row(4, ("1", "x"))])


BACKSLASH = Dialect(escape="backslash")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (r'"say \"x\""', 'say "x"'),
        (r'"say ""x"""', 'say "x"'),
        (r'"C:\\x\\"', "C:\\x\\"),
        (r'"\N and \n stay"', r"\N and \n stay"),
        ('"two\\\nlines"', "two\nlines"),
        ("two\\\r\nlines", "two\r\nlines"),
        (r"a\,b", "a,b"),
        (r"a\b", r"a\b"),
    ],
)
def test_a_backslash_before_what_is_special(text: str, cell: str) -> None:
    assert read(f"a,b\n1,{text}\n2,fine\n", BACKSLASH)[1][0] == Row(2, ("1", cell))
    assert read(f"a,b\n1,{text}", BACKSLASH)[1] == [Row(2, ("1", cell))]


def test_a_backslash_before_the_end_of_the_file_stands_for_itself() -> None:
    assert read("a,b\n1,x\\", BACKSLASH)[1] == [Row(2, ("1", "x\\"))]
    assert read("a,b\n1,x\\\n", BACKSLASH)[1] == [Row(2, ("1", "x\n"))]


class Counted(io.StringIO):
    """Counts the characters that are read."""

    characters = 0

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(-1 if size is None else size)
        self.characters += len(line)
        return line


def test_every_line_is_read_from_the_file_once() -> None:
    """Reading ahead for quotes that never close must not make the work grow with its square."""
    text = "a,b,c\n" + '1,"x\n' * 20_000
    file = Counted(text, newline="")
    assert sum(1 for _ in TableReader(file, USUAL)) > 9_000
    assert file.characters == len(text)


# Good rows and damaged ones, in any dialect -------------------------------------------------------

# Of one line: a lost quote before a text that begins with a line break makes a faultless record
# of what stands between, which nobody can tell from a right one.
WORDS = st.sampled_from(["good", "film", "bad", "it's", "é", "😀", "10/10"])
SPECIAL = st.sampled_from(['"', '"so"', '""', ",", "a,b", ";", "|", "\t"])
LINE_TEXTS = st.builds(
    lambda first, rest: "".join([*first, *rest]),
    st.lists(SPECIAL, max_size=1),
    st.lists(WORDS | SPECIAL | st.just(" "), min_size=1, max_size=5),
)
DIALECTS = [
    Dialect(delimiter, quoting, escape)
    for delimiter in ",;\t|"
    for quoting, escape in (("standard", "double"), ("standard", "backslash"), ("none", "double"))
]
DAMAGE = st.sampled_from(["fewer", "more", "lost end", "bare quotes", "NUL", "no text"])


def written(cells: list[str], dialect: Dialect, all_quoted: bool) -> str:
    """A record as another program would write it."""
    if dialect.quoting == "none":
        return dialect.delimiter.join(cells)
    escaped = '""' if dialect.escape == "double" else '\\"'

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', escaped) + '"'

    def special(cell: str) -> bool:
        return all_quoted or any(c in cell for c in (dialect.delimiter, '"', "\n"))

    return dialect.delimiter.join(quoted(cell) if special(cell) else cell for cell in cells)


def damaged(kind: str, number: str, text: str, dialect: Dialect) -> str:
    between = dialect.delimiter
    return {
        "fewer": number,
        "more": f"{number}{between}x{between}y",
        "lost end": f'{number}{between}"lost {text.replace(chr(34), "").replace(between, "")}',
        "bare quotes": f'{number}{between}"a "bare" word"',
        "NUL": f"{number}{between}a\0b",
        "no text": f"{number}{between}a\udcffb",
    }[kind]


@settings(max_examples=200)
@given(
    st.lists(st.tuples(LINE_TEXTS, st.none() | DAMAGE), max_size=8),
    st.sampled_from(DIALECTS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_damage_takes_no_good_row_with_it_and_every_row_is_counted(
    table: list[tuple[str, str | None]], dialect: Dialect, newline: str, all_quoted: bool
) -> None:
    """Rows in are rows out and rows reported; every good row comes out as it went in."""
    lines, good = ["id" + dialect.delimiter + "text"], []
    for place, (text, kind) in enumerate(table):
        number = f"n{place}"
        if dialect.quoting == "none":
            text = text.replace(dialect.delimiter, " ")
        if kind is None:
            lines.append(written([number, text], dialect, all_quoted))
            good.append(Row(place + 2, (number, text)))
        else:
            lines.append(damaged(kind, number, text, dialect))
    _, rows = read(newline.join([*lines, ""]), dialect)
    assert [row.line for row in rows] == [place + 2 for place in range(len(table))]
    if dialect.quoting == "standard":
        assert [row for row in rows if not row.problem] == good
    else:
        assert all(row in rows for row in good)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.lists(LINE_TEXTS, min_size=1, max_size=3), st.none() | DAMAGE), max_size=6
    ),
    st.sampled_from([dialect for dialect in DIALECTS if dialect.quoting == "standard"]),
)
def test_rows_over_several_lines_survive_damage_too(
    table: list[tuple[list[str], str | None]], dialect: Dialect
) -> None:
    content, good, line = "id" + dialect.delimiter + "text\n", [], 2
    for place, (texts, kind) in enumerate(table):
        number, text = f"n{place}", "\n".join(texts)
        if kind is None:
            record = written([number, text], dialect, True)
            good.append(Row(line, (number, text)))
        else:
            record = damaged(kind, number, texts[0], dialect)
        content += record + "\n"
        line += record.count("\n") + 1
    _, rows = read(content, dialect)
    assert all(row in rows for row in good)
    assert [row.line for row in rows] == sorted({row.line for row in rows})
