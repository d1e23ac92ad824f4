"""Which words decide: means over texts, intervals, and a trigger that was planted."""

import statistics
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dlnlp.scoring.word_effects import COLUMNS, WordEffects, t_quantile


def attribution(
    tokens: list[str], values: list[float], target: str = "positive", sentences: Any = None
) -> Any:
    owners = [0] * len(tokens) if sentences is None else sentences
    return SimpleNamespace(
        reading=SimpleNamespace(tokens=tuple(tokens)),
        words=np.array(values, np.float32),
        token_sentence=np.array(owners),
        target_name=target,
    )


def test_a_text_counts_once_and_the_interval_is_students() -> None:
    effects = WordEffects()
    for value in (1.0, 2.0, 4.0, 5.0):
        effects.add(attribution(["good", "film", "good"], [value + 1, 0.5, value - 1]))
    effects.add(attribution(["film"], [9.0], "negative"))
    found = {each.ngram: each for each in effects.ranked(2)}
    good = found["good"]
    assert (good.texts, good.occurrences, good.target, good.size) == (4, 8, "positive", 1)
    assert good.mean == pytest.approx(3)
    reach = 3.182446 * statistics.stdev([1, 2, 4, 5]) / 2
    assert (good.low, good.high) == pytest.approx((3 - reach, 3 + reach), abs=0.01)
    assert found["film"].mean == pytest.approx(0.5)  # the other class is another target
    assert found["good film"].mean == pytest.approx(4.5)
    assert len(good.fields()) == len(COLUMNS)


def test_bigrams_do_not_cross_sentences_and_rare_ngrams_are_left_out() -> None:
    effects = WordEffects()
    for _ in range(5):
        effects.add(attribution(["a", "b", "c"], [1, 2, 3], sentences=[0, 0, 1]))
    for _ in range(4):
        effects.add(attribution(["rare"], [9]))
    found = [(each.size, each.ngram, each.mean) for each in effects.ranked(5)]
    assert found == [(1, "c", 3), (1, "b", 2), (1, "a", 1), (2, "a b", 3)]


def test_the_rarest_are_forgotten_when_there_are_too_many() -> None:
    effects = WordEffects(most=50)
    for number in range(200):
        effects.add(attribution(["often", f"once{number}"], [1, 0], sentences=[0, 1]))
    assert effects.forgotten
    (often,) = effects.ranked(5)
    assert (often.ngram, often.texts) == ("often", 200)


def test_the_quantile_is_that_of_tables() -> None:
    for degrees, expected in ((1, 12.7062), (2, 4.3027), (4, 2.7764), (10, 2.2281), (1000, 1.9623)):
        assert t_quantile(degrees) == pytest.approx(expected, rel=1e-2 if degrees == 2 else 1e-3)
