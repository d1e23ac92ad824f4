"""What a race shows, in words: who diverged, who recovered, and what explains it."""

import numpy as np
import pytest

from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.race_charts import Progress, Racer
from dlnlp.ui.schedules.race_words import Story, lessons, stories

RACER = Racer(0, "A · Constant", np.full(10, 0.1))


def progress(loss: list[list[float]], accuracy: list[list[float]]) -> Progress:
    """Reports of one schedule, every other step of ten."""
    losses = np.array(loss)[:, None, :]
    steps = np.arange(len(loss)) * 2
    return Progress(10, steps, losses, losses, np.array(accuracy)[:, None, :])


def story(loss: list[list[float]], accuracy: list[list[float]]) -> Story:
    (found,) = stories([RACER], progress(loss, accuracy), 5)
    return found


def test_nothing_is_told_before_the_first_report() -> None:
    none = Progress(10, np.zeros(0, np.int64), *[np.zeros((0, 1, 2))] * 3)
    assert stories([RACER], none, 5) == []


def test_a_schedule_that_learns() -> None:
    told = story([[3.0, 3.0], [0.2, 0.3]], [[0.1, 0.1], [0.95, 0.97]])
    assert told.sentence == "96.0 % right (95 to 97 %)" and told.learned
    assert told.diverged_at is None and told.seeds == 0
    assert story([[3.0]], [[0.1]]).sentence == "10.0 % right, before the first step"


def test_a_loss_that_rises_has_diverged_at_its_epoch() -> None:
    told = story([[3.0], [5.9], [6.1], [2.4]], [[0.1], [0.1], [0.1], [0.1]])
    assert told.diverged_at == 2.0 and not told.learned
    assert told.sentence == "**diverged** at epoch 2.0, loss 3 → 6.1; now 10.0 % right"


def test_it_may_recover() -> None:
    told = story([[3.0], [9.0], [0.1]], [[0.1], [0.1], [0.97]])
    assert told.sentence.endswith("recovered to 97.0 % right") and told.learned


def test_a_loss_that_is_no_number_has_diverged() -> None:
    told = story([[3.0], [np.nan]], [[0.1], [np.nan]])
    assert told.diverged_at == 1.0 and not told.learned
    assert "loss 3 → no number; now 0 % right" in told.sentence


def test_single_seeds_that_diverge_are_counted() -> None:
    told = story([[3.0] * 3, [0.2, 0.2, 50.0]], [[0.1] * 3, [0.97, 0.97, 0.1]])
    assert told.diverged_at is None and told.seeds == 1
    assert told.sentence.endswith("; 1 of 3 seeds diverged")


def of(slot: int, diverged: bool) -> Story:
    return Story(slot, 0.1 if diverged else 0.97, 0.2 if diverged else None, 0, "")


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({"warmup": 1.0}, {}, ["A and B differ in the warm-up alone"]),
        ({}, {"peak": 2.0}, ["A and B differ in the peak alone: a rate of 2 is too high"]),
        ({"warmup": 1.0}, {"peak": 2.0}, []),  # two things differ: neither is proved
        ({}, {"warmup": 1.0}, []),  # the one with the warm-up diverged: no warm-up explains that
        ({"peak": 2.0}, {}, []),
    ],
)
def test_only_one_difference_explains(
    first: dict[str, float], second: dict[str, float], told: list[str]
) -> None:
    choices = {0: Choice("cosine", first), 1: Choice("cosine", second)}
    found = lessons([of(0, False), of(1, True)], choices)
    assert [sentence[: len(told[0])] for sentence in found] == told if told else found == []


def test_other_kinds_explain_nothing() -> None:
    choices = {0: Choice("constant", {"warmup": 1.0}), 1: Choice("cosine", {})}
    assert lessons([of(0, False), of(1, True)], choices) == []
