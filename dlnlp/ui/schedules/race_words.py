"""What a race shows, in words: where each schedule stands, who diverged, and what explains it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.race_charts import Floats, Progress, Racer, band
from dlnlp.ui.schedules.view import LETTERS

# A loss of so many times the loss before training is no noise: the weights are thrown about.
DIVERGED = 2.0
_RECOVERED = 0.8


@dataclass(frozen=True)
class Story:
    """How one schedule does.

    Attributes:
        slot: its slot.
        accuracy: median over the seeds at the last report; NaN where all losses are no numbers.
        diverged_at: epoch at which the median loss was first too high; None where it never was.
        seeds: how many seeds diverged.
        sentence: all that in a sentence.
    """

    slot: int
    accuracy: float
    diverged_at: float | None
    seeds: int
    sentence: str

    @property
    def learned(self) -> bool:
        """Whether it can be used now, however it came there."""
        return self.accuracy >= _RECOVERED


def stories(racers: Sequence[Racer], progress: Progress, epochs: int) -> list[Story]:
    """A story for each schedule, in their order; empty before the first report.

    Args:
        racers: in the order of the reports.
        progress: what was reported.
        epochs: length of the race.
    """
    if not len(progress.step):
        return []
    found = []
    for index, racer in enumerate(racers):
        loss, accuracy = progress.loss[:, index], progress.accuracy[:, index]
        loss = np.where(np.isfinite(loss), loss, np.inf)
        median = np.median(loss, axis=1)
        high = np.flatnonzero(median > DIVERGED * median[0])
        at = float(progress.step[high[0]] * epochs / progress.total) if len(high) else None
        seeds = int((loss > DIVERGED * loss[0]).any(axis=0).sum())
        ends = tuple(float(part[-1]) for part in band(accuracy))
        sentence = _sentence(median, ends, at, f"{seeds} of {loss.shape[1]}" if seeds else "")
        found.append(Story(racer.slot, ends[1], at, seeds, sentence))
    return found


def _sentence(
    loss: Floats, accuracy: tuple[float, ...], diverged_at: float | None, seeds: str
) -> str:
    low, middle, high = accuracy
    right = f"{_percent(middle)} right"
    if len(loss) == 1:
        return f"{right}, before the first step"
    if high - low >= 0.005:
        right += f" ({100 * low:.0f} to {100 * high:.0f} %)"
    if diverged_at is None:
        return right + (f"; {seeds} seeds diverged" if seeds else "")
    worst = float(loss[1:].max())
    size = f"{worst:.3g}" if np.isfinite(worst) else "no number"
    then = "recovered to" if middle >= _RECOVERED else "now"
    return f"**diverged** at epoch {diverged_at:.1f}, loss {loss[0]:.2g} → {size}; {then} {right}"


def _percent(share: float) -> str:
    return "0 %" if np.isnan(share) else f"{100 * share:.1f} %"


def lessons(found: Sequence[Story], choices: Mapping[int, Choice]) -> list[str]:
    """Why a schedule diverged, where another one that differs in a single setting learned.

    Args:
        found: stories of a race.
        choices: the schedules by slot, as they were raced.
    """
    sentences = []
    for story in found:
        if story.diverged_at is None:
            continue
        mine = choices[story.slot]
        for other in found:
            theirs = choices[other.slot]
            if other.diverged_at is not None or not other.learned or theirs.kind != mine.kind:
                continue
            apart = mine.apart(theirs)
            letters = LETTERS[other.slot], LETTERS[story.slot]
            if apart == ["warmup"] and theirs.number("warmup") > mine.number("warmup"):
                sentences.append(
                    "{} and {} differ in the warm-up alone: the weights begin large, and only "
                    "small first steps keep the loss from rising.".format(*letters)
                )
            elif apart == ["peak"] and theirs.number("peak") < mine.number("peak"):
                sentences.append(
                    "{} and {} differ in the peak alone: a rate of {:g} is too high for this "
                    "network.".format(*letters, mine.number("peak"))
                )
    return sentences
