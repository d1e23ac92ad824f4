"""Which texts hold too many words that the shipped networks do not know."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.unknown_words import OTHERS
from dlnlp.explain.known_words import UnknownWords, count_unknown
from dlnlp.text import Preprocessor
from dlnlp.text.vocabulary import UNKNOWN, Vocabulary

WEIGHTS = Path(__file__).resolve().parents[2] / "weights"
ENGLISH = (
    "Good!",
    "Best Schnitzel ever.",
    "The battery died after a week, what a waste of money.",
    "I saw it with Mr. Smith and we both loved the soundtrack.",
    "5/5 ... 10/10 !!!",
    "It arrived late, and the box was damaged; the blender itself is quiet and strong.",
)


def unknown(model: str, text: str) -> UnknownWords:
    preprocessor = Preprocessor.load(WEIGHTS / model / "preprocessor.json")
    vocabulary = Vocabulary.load(WEIGHTS / model / "vocabulary.txt")
    tokens = [token for sentence in preprocessor(text) for token in sentence.tokens]
    return count_unknown(tokens, vocabulary.encode(tokens) != UNKNOWN)


def test_numbers_signs_and_addresses_are_no_words() -> None:
    tokens = ["good", "wörd", "n't", "9/10", "!!", "<url>", "👍", "很"]
    known = np.array([True, False, True, False, True, False, False, False])
    assert count_unknown(tokens, known) == UnknownWords(words=4, unknown=2)


@pytest.mark.parametrize(
    ("words", "number", "many"),
    [(0, 0, False), (1, 1, True), (5, 2, False), (4, 2, True), (6, 1, False), (10, 2, True)],
)
def test_a_fifth_is_too_many_and_of_few_words_half(words: int, number: int, many: bool) -> None:
    assert UnknownWords(words, number).too_many is many


@pytest.mark.parametrize("model", ["han_stars", "han_imdb", "kim_cnn"])
@pytest.mark.parametrize("language", OTHERS)
def test_reviews_in_other_languages_are_noticed(language: str, model: str) -> None:
    noticed = [unknown(model, text).too_many for text in OTHERS[language]]
    assert noticed[0] and sum(noticed) >= len(noticed) - 1


@pytest.mark.parametrize("model", ["han_stars", "han_imdb"])
@pytest.mark.parametrize("text", ENGLISH)
def test_english_reviews_are_not(text: str, model: str) -> None:
    assert not unknown(model, text).too_many
