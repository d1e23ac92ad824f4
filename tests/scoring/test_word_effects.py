"""Which words decide: means over texts, intervals, contrasts, and a trigger that was planted."""

import statistics
from collections import defaultdict

import numpy as np
import pytest

from dlnlp.scoring import word_effects
from dlnlp.scoring.student import t_quantile
from dlnlp.scoring.word_effects import (
    COLUMNS,
    WordEffects,
    contrast_columns,
)


def test_a_text_counts_once_and_the_interval_is_students() -> None:
    effects = WordEffects()
    for value in (1.0, 2.0, 4.0, 5.0):
        effects.add(["good", "film", "good"], [0, 0, 0], [value + 1, 0.5, value - 1])
    effects.add(["film"], [0], [9.0], "others")
    found = {each.ngram: each for each in effects.ranked(least=2)}
    good = found["good"]
    assert (good.texts, good.occurrences, good.size) == (4, 8, 1)
    assert good.mean == pytest.approx(3)
    reach = 3.182446 * statistics.stdev([1, 2, 4, 5]) / 2
    assert (good.low, good.high) == pytest.approx((3 - reach, 3 + reach), abs=0.01)
    assert found["film"].mean == pytest.approx(0.5)  # of the other group nothing is counted
    assert found["good film"].mean == pytest.approx(4.5)
    assert found["good film good"].mean == pytest.approx(6.5)
    assert len(good.fields("positive")) == len(COLUMNS)


def by_hand(
    texts: list[tuple[list[str], list[int], list[float]]],
) -> dict[str, tuple[int, int, float]]:
    """Texts, occurrences and mean effect of each n-gram, counted word by word."""
    found: dict[str, list[list[float]]] = defaultdict(list)
    for tokens, sentences, values in texts:
        own: dict[str, list[float]] = defaultdict(list)
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + 3, len(tokens)) + 1):
                if sentences[start] == sentences[end - 1]:
                    own[" ".join(tokens[start:end])].append(sum(values[start:end]))
        for gram, effects in own.items():
            found[gram].append(effects)
    return {
        gram: (len(parts), sum(map(len, parts)), statistics.fmean(map(statistics.fmean, parts)))
        for gram, parts in found.items()
        if len(parts) >= 2
    }


@pytest.mark.parametrize("block", [1, 40, 10_000])
def test_random_texts_are_counted_as_by_hand(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_effects, "_BLOCK", block)
    rng = np.random.default_rng(3)
    texts = []
    for _ in range(40):
        size = int(rng.integers(1, 30))
        tokens = rng.choice(list("abcde"), size).tolist()
        sentences = np.sort(rng.integers(0, 4, size)).tolist()
        texts.append((tokens, sentences, rng.normal(size=size).tolist()))
    effects = WordEffects()
    for text in texts:
        effects.add(*text)
    found = {e.ngram: (e.texts, e.occurrences, e.mean) for e in effects.ranked(least=2)}
    expected = by_hand(texts)
    assert found.keys() == expected.keys()
    for gram, numbers in expected.items():
        assert found[gram] == pytest.approx(numbers)


def test_ngrams_do_not_cross_sentences_and_rare_ones_are_left_out() -> None:
    effects = WordEffects()
    for _ in range(5):
        effects.add(["a", "b", "c"], [0, 0, 1], [1, 2, 3])
    for _ in range(4):
        effects.add(["rare"], [0], [9])
    found = [(each.size, each.ngram, each.mean) for each in effects.ranked(least=5)]
    assert found == [(1, "c", 3), (1, "b", 2), (1, "a", 1), (2, "a b", 3)]


def test_two_groups_are_compared_by_welch() -> None:
    first, second = [1.0, 2.0, 4.0, 5.0], [0.0, 0.5, 0.25, 0.75, 0.5]
    effects = WordEffects()
    for value in first:
        effects.add(["good", "only"], [0, 1], [value, 1.0], "right")
    for value in second:
        effects.add(["good"], [0], [value], "wrong")
    (good,) = effects.contrasts("right", "wrong", 4)
    assert (good.first.ngram, good.first.texts, good.second.texts) == ("good", 4, 5)
    a, b = statistics.variance(first) / 4, statistics.variance(second) / 5
    degrees = (a + b) ** 2 / (a**2 / 3 + b**2 / 4)
    reach = float(t_quantile(degrees)) * (a + b) ** 0.5
    assert good.difference == pytest.approx(statistics.fmean(first) - statistics.fmean(second))
    assert (good.low, good.high) == pytest.approx(
        (good.difference - reach, good.difference + reach)
    )
    assert len(good.fields("positive")) == len(contrast_columns("right", "wrong"))
    assert effects.contrasts("right", "nobody") == []


def test_equal_effects_have_no_interval_and_groups_can_be_merged() -> None:
    effects = WordEffects()
    for group in "ab":
        for _ in range(3):
            effects.add(["same"], [0], [2.0], group)
    (same,) = effects.contrasts("a", "b", 2)
    assert (same.difference, same.low, same.high) == (0, 0, 0)
    effects.merge("ab", "both")
    (same_word,) = effects.ranked("both", 6)
    assert (same_word.texts, same_word.mean) == (6, 2)


def test_what_is_not_finite_is_left_out() -> None:
    effects = WordEffects()
    for _ in range(3):
        effects.add(["a", "b"], [0, 0], [np.nan, 1.0])
    assert [each.ngram for each in effects.ranked(least=2)] == ["b"]


def test_the_rarest_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_effects, "_BLOCK", 10)
    effects = WordEffects(most=50)
    for number in range(200):
        effects.add(["often", f"once{number}"], [0, 1], [1, 0])
    assert [e.ngram for e in effects.ranked(least=5)] == ["often"]
    assert effects.forgotten and effects.ranked()[0].texts == 200


def test_words_beyond_the_numbers_that_fit_are_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_effects, "MOST_WORDS", 3)
    effects = WordEffects()
    for _ in range(3):
        effects.add(["a", "b", "c", "d", "e"], [0] * 5, [1, 2, 3, 4, 5])
    found = {each.ngram: each.mean for each in effects.ranked(least=2)}
    assert found == {"a": 1, "b": 2, "c": 3, "a b": 3, "b c": 5, "a b c": 6}
