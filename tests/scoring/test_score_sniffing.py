"""Encodings and delimiters are found out; what is no table is named."""

import gzip
import io
import os
import zipfile
from contextlib import closing

import pytest

from dlnlp.scoring.score_sniffing import SAMPLE, open_table
from dlnlp.scoring.score_table import Row, TableError, TableReader

TABLE = "id;text\n1;Schön, gut\n2;naïve\n"
ROWS = [Row(2, ("1", "Schön, gut")), Row(3, ("2", "naïve"))]


def opened(content: bytes, **options: str) -> TableReader:
    return open_table(io.BytesIO(content), **options)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_byte_order_mark_decides(encoding: str) -> None:
    table, marked = open_table(io.BytesIO(TABLE.encode(encoding)))
    assert (table.header, list(table)) == (("id", "text"), ROWS)
    assert marked == (encoding == "utf-8-sig")


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16-le", "utf-16-be", "utf-8"])
def test_an_encoding_can_be_named(encoding: str) -> None:
    assert list(opened(TABLE.encode(encoding), encoding=encoding)) == ROWS


def test_utf8_by_name_takes_the_mark_off() -> None:
    assert opened(TABLE.encode("utf-8-sig"), encoding="UTF8").header == ("id", "text")


@pytest.mark.parametrize("name", ["utf-9", "zip", "rot13", "idna", "undefined", "", "\0"])
def test_an_unknown_encoding_is_told(name: str) -> None:
    with pytest.raises(TableError, match="no encoding") as caught:
        opened(b"a,b\n", encoding=name)
    assert caught.value.option == "--encoding"


def test_a_few_damaged_bytes_are_rows_to_report() -> None:
    rows = list(opened(b"id,text\n1,fine\n2,b\xe4d\n3,\xff\xfe\n4,fine\n"))
    assert [bool(row.problem) for row in rows] == [False, True, True, False]
    assert isinstance(rows[1], Row) and rows[1].fields == ("2", "b�d")


def test_another_encoding_is_refused_with_the_remedy() -> None:
    content = ("id,text\n" + "1,schön\n" * 20).encode("cp1252")
    with pytest.raises(TableError, match=r"not in UTF-8 \(line 2, .*cp1252") as caught:
        opened(content)
    assert caught.value.option == "--encoding"
    assert not any(row.problem for row in opened(content, encoding="cp1252"))
    # Who insists on UTF-8 gets rows that cannot be read.
    assert all(row.problem for row in opened(content, encoding="utf-8"))


def test_a_character_cut_by_the_sample_is_no_damage() -> None:
    content = b"t,text\n" + b"x" * (SAMPLE - 8) + "é".encode() * 100 + b",1\n"
    assert [row.problem for row in opened(content)] == [""]


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(1_000_000))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\r\n", "is empty"),
        (zipped(), "ZIP archive or an Excel"),
        (gzip.compress(b"a,b\n", mtime=0), "compressed"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xd0\xcf\x11\xe0....", "Excel"),
        (TABLE.encode("utf-16-le"), "UTF-16 without"),
        (bytes(1000), "NUL"),
        (os.urandom(8) + bytes(range(256)) * 40, "NUL|UTF-8|CSV"),
        (b"\xff\xfe", "is empty"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        opened(content)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("column", [None, "text"])
def test_the_delimiter_is_found(delimiter: str, column: str | None) -> None:
    rows = ["id", "text", "note"], ["1", '"a, b; c | d\te"', "x"], ["2", "plain", ""]
    content = "\n".join(map(delimiter.join, rows)).encode()
    table, _ = open_table(io.BytesIO(content), text_column=column)
    assert table.delimiter == delimiter
    assert list(table)[0] == Row(2, ("1", "a, b; c | d\te", "x"))


def test_the_text_column_helps_to_find_it() -> None:
    content = b"a, or b;text\n1, 2;x\n"
    assert open_table(io.BytesIO(content), text_column="text")[0].header == ("a, or b", "text")


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
        with closing(open_table(stream)[0]) as table:
            assert list(table) == ROWS
