"""Words of a text without offsets, and what is remembered of pieces of text."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.text.words import EMOJI, TWO_BLOCKS, Remembered, Words, lower

BOTH = pytest.mark.parametrize("words", [TWO_BLOCKS, EMOJI], ids=["two blocks", "emoji"])


@BOTH
def test_words_come_without_capitals_and_stretches(words: Words) -> None:
    assert words("I DON'T, sooooo bad!!!!") == ["i", "do", "n't", "sooo", "bad", "!!"]


def characters(unicode_property: str) -> list[str]:
    matches = regex.compile(unicode_property).fullmatch
    return [chr(code) for code in range(0xA0, 0x1FFFF) if matches(chr(code))]


def test_each_character_with_the_property_emoji_is_a_word() -> None:
    signs = {"©", "®", "™", "Ⓜ"}
    flags = set(characters(r"\p{Regional_Indicator}"))  # a flag is two of them
    pictures = set(characters(r"\p{Emoji}")) - signs - flags
    assert len(pictures) > 1300
    assert [picture for picture in pictures if EMOJI(picture) != [picture]] == []
    assert all(EMOJI(sign) == [] for sign in signs | flags)


@pytest.mark.parametrize(
    ("sequence", "word"),
    [
        ("⭐️", "⭐"),
        ("⭐\ufe0e", "⭐"),
        ("‼️", "‼"),
        ("👍🏽", "👍"),
        ("☝🏿️", "☝"),
        ("1️⃣", "1⃣"),
        ("#⃣", "#⃣"),
        ("🇫🇷", "🇫🇷"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("👩🏽‍❤️‍👩🏿", "👩‍❤‍👩"),
        ("🏳️‍🌈", "🏳‍🌈"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
    ],
)
def test_a_sequence_is_one_word_however_it_looks(sequence: str, word: str) -> None:
    assert EMOJI(f"so{sequence}{sequence} {sequence}.") == ["so", word, word, word]


def test_a_skin_tone_alone_is_a_word() -> None:
    assert EMOJI("so 🏽") == ["so", "🏽"]


@given(st.text(st.characters(codec="ascii")))
def test_of_ascii_both_patterns_make_the_same(text: str) -> None:
    assert EMOJI(text) == TWO_BLOCKS(text)


def test_capitals_that_would_grow_are_kept() -> None:
    assert lower("İSTANBUL") == "İstanbul"


def test_a_piece_is_made_once_and_long_ones_are_not_kept() -> None:
    made: list[str] = []

    def upper(piece: str) -> str:
        made.append(piece)
        return piece.upper()

    remembered = Remembered(upper)
    long = "b" * 31
    assert [remembered[piece] for piece in ("a", "a", long)] == ["A", "A", long.upper()]
    assert remembered[long] == long.upper()
    assert made == ["a", long, long]
    assert list(remembered) == ["a"]


def test_the_number_of_pieces_that_are_kept_is_bounded() -> None:
    remembered = Remembered(len)
    for number in range(100_100):
        assert remembered[str(number)] == len(str(number))
    assert len(remembered) == 100_000
