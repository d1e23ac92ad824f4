"""Uploaded tables within bounds; every other file is one clear sentence."""

import gzip
import io
import zipfile

import pytest

from dlnlp.examples.texts import FILMS
from dlnlp.tables.dialect import ReadOptions
from dlnlp.tables.reader import BadRow, Row, TableError
from dlnlp.ui.batch.template import template_csv
from dlnlp.ui.tables.upload import (
    LONGEST_NAME,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    read_upload,
)


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", bytes(50_000_000))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (bomb(), "ZIP archive"),
        (gzip.compress(bytes(50_000_000)), "compressed"),
        (bytes(5_000), "NUL bytes"),
        (bytes(range(256)) * 50, "UTF-8|NUL"),
        ("id,text\n1,good\n".encode("utf-16-le"), "UTF-16 without"),
        (("id,text\n" + "1,фильм\n" * 30).encode("cp1251"), "not in UTF-8"),
        (b"x" * MOST_BYTES, "characters"),
        (b"a" * (MOST_BYTES + 1), "larger than 8 MB"),
        (",".join(f"c{n}" for n in range(100_000)).encode(), "has 100,000 columns"),
        (b'{"text": "good"}\n', "is JSON"),
        (b"<!doctype html>", "web page"),
        (b"y" * (LONGEST_NAME + 1) + b"\n", "should hold the names of the columns"),
        (b"text\n" + b"good\n" * (MOST_ROWS + 1), "more than 5,000 rows"),
        (b"id,text\n", "no row below"),
        (b"id,text\n1\n2\n", r"none of its rows can be read \(line 2: the row has 1 field"),
    ],
)
def test_bad_files_are_one_sentence(content: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message) as caught:
        read_upload("x.csv", content)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_the_largest_table_is_read() -> None:
    header = ",".join(f"c{n}" for n in range(MOST_COLUMNS))
    row = ",".join("x" * MOST_COLUMNS)
    table = read_upload("x.csv", f"{header}\n{f'{row}{chr(10)}' * MOST_ROWS}".encode())
    assert (len(table.header), len(table.rows), table.bad) == (MOST_COLUMNS, MOST_ROWS, ())


def test_bad_rows_are_kept_in_their_place() -> None:
    table = read_upload("x.csv", b"id;text\n1;good\n2\n3;bad\n")
    assert [type(row) for row in table.rows] == [Row, BadRow, Row]
    assert table.dialect.delimiter == ";" and [row.line for row in table.bad] == [3]


@pytest.mark.parametrize(
    ("content", "labels"),
    [
        (b"a,b,a\n1,2,3\n", ("a", "b", "a (column 3)")),
        (b"a,b, a\n1,2,3\n", ("a", "b", "a (column 3)")),
        (b"a,,\n1,2,3\n", ("a", "column 2", "column 3")),
        (b"1,Great film.\n2,Dull film.\n", ("column 1", "column 2")),
    ],
)
def test_columns_without_a_name_of_their_own_get_one(
    content: bytes, labels: tuple[str, ...]
) -> None:
    assert read_upload("x.csv", content).labels == labels


def test_a_reading_is_followed() -> None:
    content = b'id;text\n1;"good\n2;bad\n'
    table = read_upload("x.csv", content, ReadOptions(quoting="none", header=False, delimiter=";"))
    assert [row.fields for row in table.good] == [("id", "text"), ("1", '"good'), ("2", "bad")]
    assert not table.dialect.header and table.header == ("column 1", "column 2")


def test_the_template_is_a_table_of_our_own_reviews() -> None:
    table = read_upload("reviews.csv", template_csv())
    assert table.header == ("id", "about", "stars", "text") and table.bad == ()
    assert [row.fields[2] for row in table.good] == ["1", "3", "5", "1", "2", "3", "4", "5"]
    texts = [row.fields[3] for row in table.rows if isinstance(row, Row)]
    assert len(texts) == 8 and "\n" in texts[0]
    assert texts[0].replace("\n", " ") == FILMS[0].text
