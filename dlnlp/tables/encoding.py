"""Which encoding the bytes of a table are in, and whether they are a table at all."""

import codecs
import io
import json
import re

from dlnlp.tables.reader import UNDECODABLE, TableError

_BOMS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"BZh", "compressed (bzip2)"),
    (b"\xfd7zXZ", "compressed (xz)"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_WORD = re.compile(r"[^\W\d_]+")
# Marks of Windows-1252 that are met in Latin text; its letters are judged by their words.
_MARKS = frozenset("…‘’“”•–—€™\xa0§©«®°»½¡¿´")


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


UNDECODABLE_ERRORS = "dlnlp.undecodable"
# Unlike "replace" it leaves a trace that no text holds, and unlike "surrogateescape" it works with
# every encoding.
codecs.register_error(UNDECODABLE_ERRORS, _mark)


def find_encoding(sample: bytes, wanted: str | None) -> str:
    """Name of the codec that reads a file.

    The byte order mark decides, else UTF-8 where the bytes are that, else Windows-1252 where what
    is not UTF-8 makes Latin words in it.

    Args:
        sample: the file's beginning.
        wanted: the name of a codec, which is then used; None to find it out.

    Raises:
        TableError: the file is empty, no text, or in another encoding; or there is no such codec.
    """
    if not sample.strip():
        raise TableError("it is empty: it should begin with a row of column names")
    if wanted is not None:
        try:
            name = codecs.lookup(wanted).name
            io.TextIOWrapper(io.BytesIO(), wanted)  # refuses codecs that are none of text
            decoded(b"a", name)  # ... and those that cannot go on behind a damaged place
        except (LookupError, ValueError) as error:
            raise TableError(
                f"there is no encoding {wanted!r}: give one such as utf-8, cp1252 or utf-16",
                "--encoding",
            ) from error
        try:
            decoded(sample, name)
        except UnicodeError as error:  # UTF-16 and UTF-32 need a byte order mark
            raise TableError(
                f"it is not in {wanted!r} ({error}): name another encoding, such as utf-8, or "
                "utf-16-le where there is no byte order mark",
                "--encoding",
            ) from error
        return "utf-8-sig" if name == "utf-8" else name
    for start, encoding in _BOMS:
        if sample.startswith(start):
            return encoding
    for start, what in _OTHER_FILES:
        if sample.startswith(start):
            raise TableError(f"it is {what}: open or unpack it and save the table as CSV")
    if 20 * sample.count(0) > len(sample):
        raise TableError(
            "it holds NUL bytes, so it is no text, or UTF-16 without a byte order mark: save it "
            "as CSV in UTF-8, or name its encoding, for example utf-16-le",
            "--encoding",
        )
    return "utf-8" if _is_utf8(sample) else "cp1252"


def decoded(sample: bytes, encoding: str) -> str:
    """The text of a file's beginning, a character that it cuts left out."""
    decoder = codecs.getincrementaldecoder(encoding)(UNDECODABLE_ERRORS)
    return decoder.decode(sample, final=False)


def _is_utf8(sample: bytes) -> bool:
    """False for Windows-1252; TableError where more is undecodable than damaged rows explain."""
    text = decoded(sample, "utf-8")
    undecodable = text.count(UNDECODABLE)
    foreign = sum(character > "\x7f" for character in text) - undecodable
    if undecodable and not foreign and _is_latin(sample.decode("cp1252", "replace")):
        return False
    if undecodable >= 10 and undecodable > foreign:
        line = text.count("\n", 0, text.index(UNDECODABLE)) + 1
        raise TableError(
            f"it is not in UTF-8 (line {line}, and {undecodable - 1:,} more places in its first "
            "part): save it as CSV in UTF-8, or name its encoding, for example cp1251",
            "--encoding",
        )
    return True


def _is_latin(text: str) -> bool:
    """Whether letters beyond ASCII stand in words of Latin letters, and marks are usual ones.

    The same marks and most of these letters have the same codes in the encodings of Central Europe
    and in ISO 8859-1; Cyrillic, Greek and Asian text makes words of such letters alone.
    """
    marks = {character for character in text if character > "\x7f" and not character.isalpha()}
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return marks <= _MARKS and all(map(_is_latin_word, words))


def _is_latin_word(word: str) -> bool:
    special = sum(character > "\x7f" for character in word)
    even = word.islower() or word.isupper() or word[1:].islower()
    return len(word) == 1 or (even and 2 * special <= len(word))


def refuse_other_formats(start: str) -> None:
    """Raise TableError for text that is written in another format than rows of cells."""
    head = start.lstrip("\ufeff \t\r\n")
    if re.match(r"<(!doctype|html|\?xml)", head, re.IGNORECASE):
        raise TableError("it is a web page or XML: open the table in it and save it as CSV")
    try:
        found = json.loads(head.partition("\n")[0])
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) or re.match(r'\[\s*\{\s*"|\{\s*"[^"\n]*"\s*:', head):
        raise TableError("it is JSON: save the table as CSV, one text per row")
