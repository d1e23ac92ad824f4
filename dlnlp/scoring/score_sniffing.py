"""What a file of bytes is before it is read as a table: its encoding and its delimiter."""

import codecs
import io
from typing import BinaryIO, TextIO, cast

from dlnlp.scoring.score_table import UNDECODABLE, BadRow, TableError, TableReader

# Bytes that are looked at before reading begins.
SAMPLE = 1 << 16
DELIMITERS = (",", ";", "\t", "|")
_ROWS = 50
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


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


# Unlike "replace" it leaves a trace that no text holds, and unlike "surrogateescape" it works with
# every encoding.
codecs.register_error("dlnlp.undecodable", _mark)


def open_table(
    stream: BinaryIO,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    text_column: str | None = None,
) -> tuple[TableReader, bool]:
    """Find out how a file is written and open it as a table.

    Args:
        stream: bytes from the beginning; need not be seekable. The reader closes it.
        encoding: a codec's name; by default the byte order mark decides, else UTF-8.
        delimiter: one character; by default the one of DELIMITERS that makes the best table.
        text_column: a column that the right delimiter makes appear in the header.

    Returns:
        The reader, and whether the file began with UTF-8's byte order mark.

    Raises:
        TableError: the file is empty, no text, or in another encoding; or there is no such
            encoding or delimiter.
        OSError: it cannot be read.
    """
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        raise TableError(
            f"{delimiter!r} cannot separate columns: give one character, such as ';'", "--delimiter"
        )
    buffered = io.BufferedReader(cast(io.RawIOBase, stream), SAMPLE)
    sample = buffered.peek(SAMPLE)
    marked = sample.startswith(codecs.BOM_UTF8)
    found = _encoding(sample, encoding)
    start = _decoded(sample, found)
    if encoding is None:
        _refuse_other_encodings(start)
    text = io.TextIOWrapper(buffered, found, errors="dlnlp.undecodable", newline="")
    if delimiter is None:
        delimiter = _delimiter(start, len(sample) >= SAMPLE, text_column)
    return TableReader(cast(TextIO, text), delimiter), marked


def _encoding(sample: bytes, wanted: str | None) -> str:
    if not sample.strip():
        raise TableError("it is empty: it should begin with a row of column names")
    if wanted is not None:
        try:
            name = codecs.lookup(wanted).name
            io.TextIOWrapper(io.BytesIO(), wanted)  # refuses codecs that are none of text
            _decoded(b"a", name)  # ... and those that cannot go on behind a damaged place
        except (LookupError, ValueError) as error:
            raise TableError(
                f"there is no encoding {wanted!r}: give one such as utf-8, cp1252 or utf-16",
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
    return "utf-8"


def _decoded(sample: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)("dlnlp.undecodable")
    return decoder.decode(sample, final=False)


def _refuse_other_encodings(start: str) -> None:
    """Raise TableError when more is undecodable than a few damaged rows explain."""
    undecodable = start.count(UNDECODABLE)
    foreign = sum(character > "\x7f" for character in start) - undecodable
    if undecodable >= 10 and undecodable > foreign:
        line = start.count("\n", 0, start.index(UNDECODABLE)) + 1
        raise TableError(
            f"it is not in UTF-8 (line {line}, and {undecodable - 1:,} more places in its first "
            "part): save it as CSV in UTF-8, or name its encoding, for example cp1252",
            "--encoding",
        )


def _delimiter(start: str, cut: bool, text_column: str | None) -> str:
    """The delimiter under which the first rows look most like a table."""

    def rank(delimiter: str) -> tuple[bool, bool, float, int]:
        try:
            reader = TableReader(io.StringIO(start, newline=""), delimiter)
        except TableError:
            return False, False, 0.0, 0
        agreeing = rows = 0
        for row in reader:
            if rows == _ROWS or (cut and reader.lines > last_whole):
                break
            rows += 1
            agreeing += not isinstance(row, BadRow)
        width = len(reader.header)
        return text_column in reader.header, width > 1, agreeing / max(rows, 1), width

    last_whole = start.count("\n") - 1
    return max(DELIMITERS, key=rank)
