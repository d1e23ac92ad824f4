"""A race as it is played: what the worker reports is shown at the visitor's speed.

Pause and single step need nothing of the worker, and a race can be played again.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.race_charts import Progress, Racer, progress_of
from dlnlp.ui.schedules.view import RaceSettings
from dlnlp.ui.shell import worker_jobs
from dlnlp.worker.worker import Job

# Reports per second; a race of three epochs has one for each of its 129 steps.
SPEEDS: Mapping[str, float] = {"slow": 6.0, "normal": 30.0, "as fast as it runs": np.inf}


@dataclass
class Race:
    """A race of this session: the job, what it was started with, and how far it is played.

    Attributes:
        shown: reports that are shown; a fraction while it plays.
        playing: whether it goes on by itself.
        at: when `shown` was last moved, in seconds of `time.monotonic()`.
    """

    job: Job
    racers: tuple[Racer, ...]
    settings: RaceSettings
    choices: Mapping[int, Choice]
    shown: float = 0.0
    playing: bool = True
    at: float = field(default_factory=time.monotonic)

    @property
    def reports(self) -> int:
        """How many reports have come."""
        return max(0, len(self.job.messages) - 1)

    @property
    def over(self) -> bool:
        """Whether nothing more comes, and all of it is shown."""
        return not self.job.active and self.shown >= self.reports

    def play(self, speed: float) -> None:
        """Move on by the time since the last call, as far as there are reports."""
        now = time.monotonic()
        if self.playing:
            self.shown = min(float(self.reports), self.shown + speed * max(now - self.at, 1e-9))
        self.at = now

    def pause(self) -> None:
        """Stand still, or go on."""
        self.playing, self.at = not self.playing, time.monotonic()

    def step(self) -> None:
        """Show one report more, and stand still."""
        self.playing, self.shown = False, float(min(int(self.shown) + 1, self.reports))

    def again(self) -> None:
        """Play it from its beginning."""
        self.shown, self.playing, self.at = 0.0, True, time.monotonic()

    def progress(self) -> Progress:
        """What is shown."""
        return progress_of(self.job.messages[: 1 + int(self.shown)])


def status(race: Race, progress: Progress) -> tuple[float, str]:
    """How far a race is, 0 to 1, and that in words."""
    place = worker_jobs.shared_worker().place(race.job)
    if place:
        others = "1 job is" if place == 1 else f"{place} jobs are"
        return 0.0, f"In the queue: {others} before yours."
    if not len(race.job.messages):
        return 0.0, "Waking the background process; the first time takes some seconds …"
    if race.reports < 2 and race.job.active:
        return 0.0, "Compiling the training step …"
    step = int(progress.step[-1]) if len(progress.step) else 0
    share = step / max(progress.total, 1)
    standing = "" if race.playing else "Paused. "
    return share, f"{standing}Step {step:,} of {progress.total:,}"
