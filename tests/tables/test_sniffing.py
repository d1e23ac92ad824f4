"""How a file is written is found out, or given."""

import io
import os
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.tables.dialect import Dialect, ReadOptions
from dlnlp.tables.reader import Row, TableError, TableReader
from dlnlp.tables.sniffing import SAMPLE, open_table
from tests.tables.test_reader import LINE_TEXTS, written

TABLE = "id;text\n1;Schön, gut\n2;naïve\n"
ROWS = [Row(2, ("1", "Schön, gut")), Row(3, ("2", "naïve"))]


def opened(
    content: bytes, text_column: str | None = None, **options: str | bool | None
) -> TableReader:
    return open_table(io.BytesIO(content), ReadOptions(**options), text_column)  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_byte_order_mark_decides(encoding: str) -> None:
    table = opened(TABLE.encode(encoding))
    assert (table.header, list(table)) == (("id", "text"), ROWS)
    assert table.dialect.marked == (encoding == "utf-8-sig")


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16-le", "utf-16-be", "utf-8"])
def test_an_encoding_can_be_named(encoding: str) -> None:
    assert list(opened(TABLE.encode(encoding), encoding=encoding)) == ROWS


def test_utf8_by_name_takes_the_mark_off() -> None:
    assert opened(TABLE.encode("utf-8-sig"), encoding="UTF8").header == ("id", "text")


def test_damaged_bytes_are_rows_to_report_with_the_remedy() -> None:
    rows = list(opened("id,text\n1,fine\n2,schön ".encode() + b"b\xe4d\n3,\xff\xfe\n4,fine\n"))
    assert [bool(row.problem) for row in rows] == [False, True, True, False]
    assert isinstance(rows[1], Row) and rows[1].fields == ("2", "schön b\ufffdd")
    assert "not text in UTF-8: name the file's encoding, for example cp1252" in rows[1].problem


def test_who_insists_on_utf8_gets_rows_that_cannot_be_read() -> None:
    content = ("id,text\n" + "1,schön\n" * 20).encode("cp1252")
    assert not any(row.problem for row in opened(content))
    assert all(row.problem for row in opened(content, encoding="utf-8"))


def test_a_mark_alone_is_empty() -> None:
    with pytest.raises(TableError, match="is empty"):
        opened(b"\xff\xfe")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("column", [None, "text"])
def test_the_delimiter_is_found(delimiter: str, column: str | None) -> None:
    rows = ["id", "text", "note"], ["1", '"a, b; c | d\te"', "x"], ["2", "plain", ""]
    content = "\n".join(map(delimiter.join, rows)).encode()
    table = opened(content, column)
    assert table.dialect.delimiter == delimiter
    assert list(table)[0] == Row(2, ("1", "a, b; c | d\te", "x"))


def test_the_text_column_helps_to_find_it() -> None:
    content = b"a, or b;text\n1, 2;x\n"
    assert opened(content, "text").header == ("a, or b", "text")


def test_one_column_may_hold_commas_without_quotes() -> None:
    table = opened(b"text\ngood, really\nbad\nso, so, so\n")
    assert [row.fields for row in table if isinstance(row, Row)] == [
        ("good, really",),
        ("bad",),
        ("so, so, so",),
    ]


def test_a_delimiter_can_be_named() -> None:
    assert opened(b"a:b\n1:2\n", delimiter=":").header == ("a", "b")
    for delimiter in ("", "::", '"', "\n"):
        with pytest.raises(TableError, match="separate"):
            opened(b"a\n", delimiter=delimiter)


def test_a_stream_that_cannot_go_back_is_read() -> None:
    read_end, write_end = os.pipe()
    with open(read_end, "rb", buffering=0) as stream, open(write_end, "wb") as pipe:
        pipe.write(TABLE.encode())
        pipe.close()
        with closing(open_table(stream)) as table:
            assert list(table) == ROWS


# Each as people have met it: the file, the columns, the rows.
FILMS = [("1", "A warm film."), ("2", "Dull, endless; bad.")]
CASES = {
    "Kaggle: backslash before quotes": (
        'id\tsentiment\treview\n"1"\t0\t"A warm film."\n'
        '"2"\t1\t"He says \\"hello\\", she \\"no\\"."\n'
        '"3"\t0\t"\\"Brilliant\\" is the word."\n"4"\t1\t"Flat, \\"artful\\" nonsense."\n',
        ("id", "sentiment", "review"),
        [
            ("1", "0", "A warm film."),
            ("2", "1", 'He says "hello", she "no".'),
            ("3", "0", '"Brilliant" is the word.'),
            ("4", "1", 'Flat, "artful" nonsense.'),
        ],
    ),
    "MySQL: backslashes doubled": (
        'id,text\n1,"He said \\"great\\" and left"\n2,"C:\\\\films\\\\"\n',
        ("id", "text"),
        [("1", 'He said "great" and left'), ("2", "C:\\films\\")],
    ),
    "MySQL: no quotes, line breaks escaped": (
        'id\ttext\n1\tTwo\\\nlines\n2\ta\\\ttab "here" \\\\\n3\tfine\n',
        ("id", "text"),
        [("1", "Two\nlines"), ("2", 'a\ttab "here" \\'), ("3", "fine")],
    ),
    "no quoting": (
        'id\treview\n1\tA warm film.\n2\t"Brilliant" is the word.\n3\tFlat, "artful".\n',
        ("id", "review"),
        [("1", "A warm film."), ("2", '"Brilliant" is the word.'), ("3", 'Flat, "artful".')],
    ),
    "no quoting, quotes that seem to close further down": (
        'id\treview\n1\t"Brilliant, they said\n2\tA warm film.\n3\tand so it "is"\n4\tto end"\n'
        '5\t"Never again\n6\tfine\n7\twrote I"\n',
        ("id", "review"),
        [
            ("1", '"Brilliant, they said'),
            ("2", "A warm film."),
            ("3", 'and so it "is"'),
            ("4", 'to end"'),
            ("5", '"Never again'),
            ("6", "fine"),
            ("7", 'wrote I"'),
        ],
    ),
    "line ends of old Macs": (
        'id,text\r1,"A warm film."\r2,"Dull, endless; bad."\r',
        ("id", "text"),
        FILMS,
    ),
    "mixed line ends": (
        'id,text\n1,A warm film.\r\n2,"Dull, endless; bad."\n',
        ("id", "text"),
        FILMS,
    ),
    "commas at all ends": (
        'id,text,,\n1,A warm film.,,\n2,"Dull, endless; bad.",,\n',
        ("id", "text", "", ""),
        [(*row, "", "") for row in FILMS],
    ),
    "commas at the ends of rows only": (
        'id,text\n1,A warm film.,,\n2,"Dull, endless; bad.",\n',
        ("id", "text"),
        FILMS,
    ),
    "commas at the end of the header only": (
        'id,text,,\n1,A warm film.\n2,"Dull, endless; bad.",\n',
        ("id", "text", "", ""),
        [(*row, "", "") for row in FILMS],
    ),
    "names missing on both sides": (
        ',text,\n1,A warm film.,\n2,"Dull, endless; bad.",\n',
        ("", "text", ""),
        [(*row, "") for row in FILMS],
    ),
    "a name twice": (
        "id,id,text\n1,2,A warm film.\n",
        ("id", "id", "text"),
        [("1", "2", "A warm film.")],
    ),
    "no header": (
        '1,A warm film.\n2,"Dull, endless; bad."\n',
        ("column 1", "column 2"),
        FILMS,
    ),
    "no header, one column of prose": (
        "A warm film, a good one.\nDull, endless, bad.\nNo.\n",
        ("column 1",),
        [("A warm film, a good one.",), ("Dull, endless, bad.",), ("No.",)],
    ),
    "a title above the header": (
        "Reviews 2024,,\n,,\nid,text,stars\n1,A warm film.,5\n",
        ("id", "text", "stars"),
        [("1", "A warm film.", "5")],
    ),
    "a remark above the header": (
        '# exported 2024\nnummer;kommentar\n1;"A warm film."\n2;"Dull, endless; bad."\n',
        ("nummer", "kommentar"),
        FILMS,
    ),
    "blank lines above the header": (
        "\n\n\nid,text\n1,A warm film.\n",
        ("id", "text"),
        FILMS[:1],
    ),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", list(CASES))
def test_dialects_that_people_meet_are_read(name: str, encoding: str) -> None:
    text, header, rows = CASES[name]
    for column in (None, "text"):
        table = opened(text.encode(encoding), column)
        assert table.header == header
        assert [row.fields for row in table if isinstance(row, Row)] == rows
        assert not any(row.problem for row in opened(text.encode(encoding), column))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", "^", ":"])
@pytest.mark.parametrize("first", ["sep={}", "SEP={}", '"sep={}"', "sep={0}{0}{0}"])
def test_a_first_line_names_the_delimiter(
    delimiter: str, newline: str, encoding: str, first: str
) -> None:
    lines = [first.format(delimiter), f"id{delimiter}text", f'1{delimiter}"so; a, b: c"']
    table = opened(newline.join([*lines, ""]).encode(encoding))
    assert (table.header, table.dialect.delimiter) == (("id", "text"), delimiter)
    assert list(table) == [Row(3, ("1", "so; a, b: c"))]


def test_a_named_dialect_is_not_doubted() -> None:
    content = b'id\ttext\n1\t"a\\"\n2\tb"\n'
    fields = {
        quoting: [row.fields for row in opened(content, quoting=quoting) if isinstance(row, Row)]
        for quoting in ("standard", "none")
    }
    assert fields["none"] == [("1", '"a\\"'), ("2", 'b"')]
    assert fields["standard"] == [("1", "a\\"), ("2", 'b"')]
    (row,) = opened(content, quoting="standard", escape="backslash")
    assert row == Row(2, ("1", 'a"\n2\tb'))
    with pytest.raises(TableError, match="separate"):
        opened(b"a\n", delimiter="\\", escape="backslash")


def test_whether_there_is_a_header_can_be_said() -> None:
    content = b"id,text\n1,good\n"
    assert list(opened(content, header=False)) == [
        Row(1, ("id", "text")),
        Row(2, ("1", "good")),
    ]
    table = opened(b"1,good\n2,bad\n", header=True)
    assert (table.header, list(table)) == (("1", "good"), [Row(2, ("2", "bad"))])
    assert opened(b"Reviews,,\n1,a,b\n", header=False).header == (
        "column 1", "column 2", "column 3",
    )  # fmt: skip


def test_a_title_that_may_be_a_name_is_one() -> None:
    for content in (b"text,,\ngood,1,2\n", b"kommentar,,\ngut,ja,nein\n", b"Great\nfilm\n"):
        assert opened(content).dialect.skipped == 0


@pytest.mark.parametrize("name", ["Kaggle: backslash before quotes", "no quoting"])
def test_what_is_found_out_holds_for_a_file_of_any_size(name: str) -> None:
    text, _, rows = CASES[name]
    header, body = text.split("\n", 1)
    table = opened(f"{header}\n{body * 4000}".encode())
    found = [row.fields for row in table if isinstance(row, Row)]
    assert len(found) == 4000 * len(rows) and found[-len(rows) :] == rows


def test_a_quote_that_the_sample_cuts_is_no_damage() -> None:
    row = '1,"' + "good film.\n" * 1000 + '"\n'
    table = opened(("id,text\n" + row * 60).encode())
    assert (table.dialect.quoting, sum(1 for _ in table)) == ("standard", 60)


def test_lines_of_old_macs_are_counted_in_a_large_file() -> None:
    content = ("id;text\r" + "1;so, good\r" * 40_000).encode()
    assert len(content) > SAMPLE and opened(content).dialect.delimiter == ";"


@settings(max_examples=200)
@given(
    st.lists(st.lists(LINE_TEXTS | st.just("\\"), min_size=1, max_size=3), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.booleans(),
)
def test_a_faultless_file_is_never_taken_for_another_dialect(
    texts: list[list[str]], delimiter: str, all_quoted: bool
) -> None:
    """Whatever its texts hold: quotes, backslashes, delimiters, line breaks."""
    dialect = Dialect(delimiter)
    rows = [(f"n{place}", "\n".join(lines)) for place, lines in enumerate(texts)]
    lines = [written(list(row), dialect, all_quoted) for row in [("id", "text"), *rows]]
    table = opened("\n".join([*lines, ""]).encode())
    assert [row.fields for row in table if isinstance(row, Row)] == rows
