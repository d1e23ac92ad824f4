"""A range test on a page: how far it has come, and what each of its seeds has found."""

import numpy as np
import streamlit as st

from dlnlp.training.range_analysis import FEWEST, RangeTestResult, analyse
from dlnlp.ui.shell.charts import CONFIG
from dlnlp.ui.shell.range_charts import gathered, live_figure
from dlnlp.worker.worker import Job


def draw_progress(
    job: Job, place: int, bounds: tuple[float, float], waking: str, *, key: str
) -> None:
    """Draw how far a test has come, and its losses.

    Args:
        job: the test, waiting or running.
        place: how many jobs come before it.
        bounds: lowest and highest learning rate of the test.
        waking: what is said until the first step has been reported.
        key: of the chart.
    """
    planned = job.messages[0] if job.messages else {"steps": 1, "seeds": 1}
    runs = gathered(job.messages)
    seed, steps = max(len(runs), 1), len(runs[-1][0]) if runs else 0
    words = (
        f"In the queue: {place} before yours."
        if place
        else f"Seed {seed} of {planned['seeds']}, step {steps:,} of {planned['steps']:,}"
        if job.messages
        else waking
    )
    share = (seed - 1 + steps / planned["steps"]) / planned["seeds"]
    st.progress(min(share, 1.0), text=words)
    st.plotly_chart(
        live_figure(runs, bounds),
        key=key,
        config=CONFIG,
        alt="Loss of each batch over the learning rate, as far as the test has come.",
    )


def results(job: Job) -> list[RangeTestResult]:
    """What the seeds of a test that has ended found; without those that reported too few losses.

    How the seeds ended is a note of the first: once, where they ended alike.
    """
    runs = [run for run in gathered(job.messages) if int(np.isfinite(run[1]).sum()) >= FEWEST]
    said = " ".join(dict.fromkeys((job.result or {}).get("notes", [])))
    return [analyse(*run, note="" if index else said) for index, run in enumerate(runs)]
