"""A text cut into pieces is still the text."""

from dataclasses import dataclass

import numpy as np

from dlnlp.ui.text import text_pieces
from dlnlp.ui.text.highlighted_text import SpanData


@dataclass(frozen=True)
class Read:
    text: str
    token_spans: np.ndarray
    cut_from: int | None = None


READ = Read("  one,  two \n three four", np.array([[2, 5], [8, 11], [14, 19]]), cut_from=20)


def spans_of(read: Read) -> dict[int, SpanData]:
    return {
        index: SpanData(index=index, text=read.text[start:end], shade=0.0, numbers=[])
        for index, (start, end) in enumerate(read.token_spans.tolist())
    }


def test_pieces_are_the_words_and_what_lies_between() -> None:
    cut = text_pieces.pieces(READ.text, READ.token_spans.tolist(), range(2), 2, 14, spans_of(READ))
    assert [piece if isinstance(piece, str) else piece["index"] for piece in cut] == [0, ",  ", 1]
    tail = text_pieces.pieces(
        READ.text, READ.token_spans.tolist(), range(2, 3), 14, 24, spans_of(READ)
    )
    assert tail[1:] == [" four"]


def test_the_ends_of_a_text() -> None:
    assert text_pieces.first_character(READ.text) == 2
    assert text_pieces.read_end(READ) == 20
    assert text_pieces.read_end(Read("abc", READ.token_spans)) == 3


def test_the_rest_says_why_it_is_not_shaded() -> None:
    rest = text_pieces.rest(READ, 13, "not drawn", "not read")
    assert [(part["text"], part["note"]) for part in rest] == [
        ("three", "not drawn"),
        ("four", "not read"),
    ]
    assert text_pieces.rest(READ, 20, "not drawn", "not read")[0]["note"] == "not read"


def test_a_long_rest_is_cut_and_says_so() -> None:
    read = Read("word " + "x" * 9_000, np.array([[0, 4]]), cut_from=5)
    (part,) = text_pieces.rest(read, 5, "", "not read")
    assert len(part["text"]) == text_pieces.MAX_REST and "of 9,000 characters" in part["note"]
