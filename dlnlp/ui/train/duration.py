"""How long a training will take, at a speed that was measured."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dlnlp.ui.train.choices import Choices, Plans
from dlnlp.ui.train.training import Training


@dataclass(frozen=True)
class Speed:
    """Seconds of a training of one kind of network, in the parts that it is made of.

    Attributes:
        start: whatever the table: imports, compiling, saving.
        text_word: for each word of the training texts, once: cutting, linear model, test.
        step: for each step.
        step_word: for each word that a step reads.
    """

    start: float
    text_word: float
    step: float
    step_word: float

    def seconds(self, plan: Mapping[str, float], epochs: int) -> float:
        """Of a training."""
        once = self.start + plan["words"] * self.text_word
        return once + epochs * (plan["steps"] * self.step + plan["words"] * self.step_word)


# From the processor seconds of trainings in benchmarks/README.md ("Your own texts"), divided by
# 1.6: on an idle machine two cores share them.
MEASURED = {
    "han": Speed(start=38.0, text_word=5e-5, step=0.01, step_word=1e-5),
    "kim_cnn": Speed(start=12.0, text_word=3e-5, step=0.02, step_word=2e-5),
}
IDLE = 1.6
"""Processor seconds for each second that a training lasts on an idle machine with two cores."""


@st.cache_resource(show_spinner=False)
def _pace() -> list[float]:
    """Seconds that the last training took here for each that was foreseen; at first none."""
    return []


def seconds(plans: Plans, choices: Choices) -> float:
    """How long a training takes at most."""
    foreseen = sum(
        MEASURED[kind].seconds(plans[kind], choices.epochs_of(kind, plans))
        for kind in choices.kinds
    )
    return foreseen * (_pace()[-1] if _pace() else 1.0)


def measured_here() -> bool:
    """Whether a training has ended on this server."""
    return bool(_pace())


def remember_pace(training: Training) -> None:
    """Measure a training that has ended."""
    job, plans = training.job, training.plans
    if job.state != "done" or plans is None or job.started is None or job.ended is None:
        return
    foreseen = sum(
        MEASURED[kind].seconds(plans[kind], len(course.validation))
        for kind, course in zip(training.choices.kinds, training.courses, strict=False)
    )
    _pace()[:] = [(job.ended - job.started - job.rested) / foreseen]
