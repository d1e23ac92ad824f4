"""Encodings are found out; what is no table is named."""

import gzip
import io
import os
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.tables.encoding import find_encoding, refuse_other_formats
from dlnlp.tables.reader import TableError

TABLE = "id;text\n1;Schön, gut\n2;naïve\n"
WESTERN = "id,text\n1,It’s a “good” film – café, naïve, Ähre … à la carte\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_byte_order_mark_decides(encoding: str) -> None:
    assert find_encoding(TABLE.encode(encoding), None) == encoding


@pytest.mark.parametrize(("name", "codec"), [("UTF8", "utf-8-sig"), ("latin-1", "iso8859-1")])
def test_an_encoding_can_be_named(name: str, codec: str) -> None:
    assert find_encoding(b"a,b\n", name) == codec


@pytest.mark.parametrize("name", ["utf-9", "zip", "rot13", "idna", "undefined", "", "\0"])
def test_an_unknown_encoding_is_told(name: str) -> None:
    with pytest.raises(TableError, match="no encoding") as caught:
        find_encoding(b"a,b\n", name)
    assert caught.value.option == "--encoding"


@pytest.mark.parametrize("times", [1, 30])
def test_western_text_is_windows_1252(times: int) -> None:
    assert find_encoding((WESTERN * times).encode("cp1252"), None) == "cp1252"
    assert find_encoding(b"id,text\n1,It\x92s good\n", None) == "cp1252"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "1,Очень хороший фильм, смотреть всем\n"),
        ("cp1253", "1,πολύ καλή ταινία\n"),
        ("gb18030", "1,这部电影非常好看\n"),
        ("cp932", "1,とても良い映画でした\n"),
    ],
)
def test_other_encodings_are_refused_with_the_remedy(encoding: str, text: str) -> None:
    with pytest.raises(TableError, match=r"not in UTF-8 \(line 2, .*name its encoding") as caught:
        find_encoding(("id,text\n" + text * 20).encode(encoding), None)
    assert caught.value.option == "--encoding"


def test_a_few_damaged_bytes_leave_it_utf8() -> None:
    assert find_encoding(b"id,text\n1,fine\n2,\xff\xfe\n3,\x81\n", None) == "utf-8"
    assert find_encoding("1,schön\n2,".encode() + b"b\xe4d\n", None) == "utf-8"


@given(st.text(min_size=1).filter(lambda text: text.isprintable() and text.strip()))
def test_utf8_is_never_taken_for_another(text: str) -> None:
    content = text.encode()
    try:
        assert find_encoding(content, None) == "utf-8"
    except TableError as error:  # letters that are the first bytes of other files
        assert content[:2] in (b"PK", b"BZ", b"%P", b"PA") and "it is" in str(error)


def test_a_character_cut_by_the_sample_is_no_damage() -> None:
    assert find_encoding(b"text\n" + "é".encode() * 40 + "é".encode()[:1], None) == "utf-8"


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
        (os.urandom(8) + bytes(range(256)) * 40, "NUL|UTF-8"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        find_encoding(content, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!DOCTYPE html><html><body><table>", "web page"),
        ("\n <html>", "web page"),
        ('<?xml version="1.0"?>', "XML"),
        ('{"text": "great film"}\n{"text": "bad film"}\n', "JSON"),
        ('[{"text": "great film"},', "JSON"),
        ('[\n  {\n    "text": "great film"', "JSON"),
        ('{\n  "text": [', "JSON"),
    ],
)
def test_text_in_another_format_is_named(text: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        refuse_other_formats(text)


@pytest.mark.parametrize("text", ["id,text\n", "[1],a\n", "<b>,text\n", '{a},"b"\n', "5\n", "[[[["])
def test_rows_of_cells_are_no_other_format(text: str) -> None:
    refuse_other_formats(text)
