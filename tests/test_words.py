"""Words of a text without offsets, and what is remembered of pieces of text."""

from dlnlp.words import Remembered, lower, words


def test_words_come_without_capitals_and_stretches() -> None:
    assert words("I DON'T, sooooo bad!!!!") == ["i", "do", "n't", "sooo", "bad", "!!"]


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
