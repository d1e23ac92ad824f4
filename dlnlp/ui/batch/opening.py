"""A row of the table opened where its network explains a text."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from dlnlp import catalogue
from dlnlp.scoring.score import ScoredRow
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.shell import networks, way_back
from dlnlp.ui.shell.numbers import probability
from dlnlp.ui.shell.way_back import Step, Trail

# How a table is drawn whose rows can be opened.
CLICKS: tuple[Literal["single-row"], Literal["single-cell"]] = ("single-row", "single-cell")
_SHOWN = 300
# By the kind of network, the page that explains its answers.
_PAGES: Mapping[str | None, str] = {"han": "han", "kim_cnn": "kim_cnn"}


def beginning(text: str) -> str:
    """What of a text fits into a cell."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + " …"


def step(job: ScoreJob, row: ScoredRow, true: str = "") -> Step:
    """A row as a step of a trail.

    Args:
        job: that scored it.
        row: with an answer.
        true: name of its true class; "" where it is not known.
    """
    best = max(range(len(row.probabilities)), key=row.probabilities.__getitem__)
    said = f"predicted {job.class_names[best]} ({probability(row.probabilities[best])})"
    label = f"true label {true}, {said}" if true else said
    return Step(f"line {row.line:,}, {label}", row.fields[job.column])


def clicked(event: Any) -> list[int]:
    """Place of the row that was selected, or in which a cell was clicked; empty without."""
    chosen = event["selection"]
    return [*chosen["rows"], *(int(row) for row, _ in chosen["cells"])][:1]


def open_selected(job: ScoreJob, what: str, steps: Sequence[Step], selected: Sequence[int]) -> None:
    """Open the row that is selected, if one is; the page that explains it has a way back.

    Args:
        job: that scored the table.
        what: the rows are, such as "Error".
        steps: all rows that can be gone through.
        selected: place of the selected one, or none.
    """
    page = _PAGES.get(catalogue.kind(networks.directory(job.model)))
    if not selected or page is None or selected[0] >= len(steps):
        return
    trail = Trail("batch", page, job.model, what, tuple(steps), selected[0])
    if not way_back.lay(trail):
        st.warning("This text is too long to be opened on the other page: paste it there.")
