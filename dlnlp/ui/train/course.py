"""How far a training is, from what its job has reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from dlnlp.inference.recording import VERSION, Point, Recording, WatchedText


@dataclass
class Course:
    """What was reported so far.

    Attributes:
        total: steps that are planned; 0 while unknown.
        epochs: passes that are planned.
        losses: of each step's batch.
        rates: learning rate at some steps: (step, rate).
        validation: after each epoch: (step, loss, accuracy).
        words: of the training texts that the steps so far have read.
        seconds: spent on them.
        left: seconds that it still takes; None while nobody knows.
        said: sentences about the texts.
        problem: why it ended before its time, "" if it did not.
        ended: whether the last step is made.
        recording: what the network said of the watched text as it learned; None: nothing yet.
    """

    total: int = 0
    epochs: int = 0
    losses: list[float] = field(default_factory=list)
    rates: list[tuple[int, float]] = field(default_factory=list)
    validation: list[tuple[int, float, float]] = field(default_factory=list)
    words: int = 0
    seconds: float = 0.0
    left: float | None = None
    said: list[str] = field(default_factory=list)
    problem: str = ""
    ended: bool = False
    recording: Recording | None = None

    @property
    def step(self) -> int:
        """Steps made."""
        return len(self.losses)


def courses_of(messages: Sequence[Mapping[str, Any]]) -> list[Course]:
    """Gather a job's messages, a course for each network that was begun; at least one.

    See `learn` in ``train/texts/own_page.py`` for what it reports.
    """
    begins = [place for place, message in enumerate(messages) if "plan" in message]
    edges = [0, *begins[1:], len(messages)]
    return [_course_of(messages[at:end]) for at, end in pairwise(edges)]


def _course_of(messages: Sequence[Mapping[str, Any]]) -> Course:
    course = Course()
    points: list[Point] = []
    texts: list[WatchedText] = []
    names: list[str] = []
    for message in messages:
        if "losses" in message:
            # A training that went on from a checkpoint reports no loss of the steps before it.
            missing = int(message["step"]) - len(course.losses) - len(message["losses"])
            course.losses += [float("nan")] * max(0, missing)
            course.losses += message["losses"]
            course.rates.append((int(message["step"]), float(message["rate"])))
            course.left = message["left"]
        elif "epoch" in message:
            record = message["epoch"]
            course.validation.append(
                (
                    int(message["step"]),
                    float(record["validation_loss"]),
                    float(record["validation_accuracy"]),
                )
            )
            course.words += int(record.get("tokens", 0))
            course.seconds += float(record["seconds"])
        elif "plan" in message:
            course.total = int(message["plan"]["steps"])
            course.epochs = int(message["plan"]["epochs"])
        elif "watched" in message:
            texts, names = message["watched"], message["class_names"]
        elif "point" in message:
            points.append(message["point"])
        elif "said" in message:
            course.said.append(str(message["said"]))
        elif "problem" in message:
            course.problem = str(message["problem"])
        elif "ended" in message:
            course.ended = True
    if texts and points:
        course.recording = {
            "version": VERSION, "class_names": names, "texts": texts, "points": points,
        }  # fmt: skip
    return course
