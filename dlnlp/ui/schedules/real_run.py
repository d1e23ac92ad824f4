"""A real run: the record that a network trained under a cyclical schedule left in `history.json`.

The record stands under "cyclical": lists of equal length "step", "learning_rate" (or "rate"),
"momentum", "loss" and perhaps "accuracy", or a list of objects with these names. The range test
before it may stand under "range_test", with the lists "rates" and "losses".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from dlnlp import artifacts
from dlnlp.training.loss_smoothing import exponential_average
from dlnlp.training.range_analysis import RangeTestError, RangeTestResult, analyse
from dlnlp.ui.schedules.charts import COLOURS
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.panels import faded, stacked
from dlnlp.ui.shell.range_charts import range_figure

Floats = NDArray[np.float64]
MOST_DRAWN = 3_000
HISTORY = "history.json"


@dataclass(frozen=True, eq=False)
class TrainingLog:
    """What was applied and what came of it, at each step, [K]; accuracy may be absent."""

    step: Floats
    rate: Floats
    momentum: Floats
    loss: Floats
    accuracy: Floats | None


def read_record(history: Mapping[str, Any]) -> TrainingLog | None:
    """The record of a `history.json`; None when it has none or one that does not fit together."""
    content = history.get("cyclical")
    if isinstance(content, list):
        names = {name for row in content[:1] if isinstance(row, Mapping) for name in row}
        content = {name: [row.get(name) for row in content] for name in names}
    if not isinstance(content, Mapping):
        return None
    rate = content.get("learning_rate", content.get("rate"))
    parts = [content.get("step"), rate, content.get("momentum"), content.get("loss")]
    try:
        step, rates, momenta, losses = (np.asarray(part, np.float64) for part in parts)
        given = content.get("accuracy")
        accuracy = None if given is None else np.asarray(given, np.float64)
    except (TypeError, ValueError):
        return None
    sizes = {part.shape for part in (step, rates, momenta, losses)}
    if step.ndim != 1 or len(step) < 2 or len(sizes) != 1:
        return None
    if accuracy is not None and accuracy.shape != step.shape:
        accuracy = None
    return TrainingLog(step, rates, momenta, losses, accuracy)


def read_range_test(history: Mapping[str, Any]) -> RangeTestResult | None:
    """The range test of a `history.json`, analysed; None when it has none."""
    content = history.get("range_test")
    if not isinstance(content, Mapping):
        return None
    try:
        losses = [np.nan if loss is None else loss for loss in content["losses"]]
        return analyse(content["rates"], losses)
    except (KeyError, TypeError, RangeTestError):
        return None


@st.cache_data(show_spinner=False, max_entries=8)
def _history(directory: str, modified: float) -> dict[str, Any]:
    opened = artifacts.open_artifact(Path(directory))
    content = json.loads(opened.file(HISTORY).read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}


def histories() -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """By model, the history of each one that ships with a cyclical record; what cannot be read.

    Returns:
        The histories, and a sentence for each directory whose files have changed.
    """
    found, damaged = {}, []
    for name in artifacts.available_models(artifacts.WEIGHTS):
        path = artifacts.WEIGHTS / name
        if not (path / HISTORY).is_file():
            continue
        try:
            history = _history(str(path), (path / HISTORY).stat().st_mtime)
        except artifacts.ArtifactError as error:
            damaged.append(str(error))
            continue
        if read_record(history) is not None:
            found[name] = history
    return found, tuple(damaged)


def record_figure(record: TrainingLog) -> go.Figure:
    """Loss (each batch and averaged), rate and momentum, over the steps."""
    titles: tuple[str, ...] = ("training loss", "learning rate", "momentum")
    figure = stacked(titles, (0.5, 0.28, 0.22), 520, "steps")
    shown = np.unique(np.linspace(0, len(record.step) - 1, MOST_DRAWN).astype(int))
    average = exponential_average(record.loss, 0.98)
    x = record.step[shown]
    lines = (
        (1, record.loss, "each batch", {"color": "rgba(128,128,128,.35)", "width": 1}),
        (1, average, "averaged", {"color": COLOURS[0], "width": 2.4}),
        (2, record.rate, "learning rate", {"color": COLOURS[1], "width": 2}),
        (3, record.momentum, "momentum", {"color": COLOURS[2], "width": 2}),
    )
    for row, values, name, line in lines:
        figure.add_scatter(
            x=x,
            y=values[shown],
            mode="lines",
            name=name,
            line=line,
            hovertemplate="%{y:.4g}",
            row=row,
            col=1,
        )
    for step in _peaks(record):
        figure.add_vline(x=step, line={"color": faded(COLOURS[1], 0.35), "dash": "dot", "width": 1})
    figure.update_layout(uirevision="real run")
    return figure


def _peaks(record: TrainingLog) -> list[float]:
    """Steps where the rate turns from rising to falling."""
    rising = np.sign(np.diff(record.rate))
    turns = np.flatnonzero((rising[:-1] > 0) & (rising[1:] <= 0)) + 1
    return [float(step) for step in record.step[turns][:50]]


def what_to_see(record: TrainingLog) -> str:
    """One paragraph of numbers that the figure shows."""
    average = exponential_average(record.loss, 0.98)
    cycles = len(_peaks(record))
    return (
        f"{len(record.step):,} steps with {cycles} peak{'s' if cycles != 1 else ''} of the rate "
        f"(dotted): it moves between {record.rate.min():.3g} and {record.rate.max():.3g}, the "
        f"momentum between {record.momentum.max():.3g} and {record.momentum.min():.3g} in "
        f"antiphase. The averaged training loss went from {record.loss[:50].mean():.3f} to "
        f"{average[-1]:.3f}. Look whether it stalls while the rate is high and drops while the "
        "rate comes down."
    )


def validation(history: Mapping[str, Any]) -> str:
    """Validation accuracy after each epoch as a sentence; empty when it was not recorded."""
    try:
        epochs = history["cyclical_run"]["validation_after_each_epoch"]
        shares = ", ".join(f"{100 * float(epoch['accuracy']):.1f} %" for epoch in epochs)
    except (KeyError, TypeError, ValueError):
        return ""
    return f"Validation accuracy after each epoch: {shares}." if shares else ""


def shipped_run(history: Mapping[str, Any]) -> str | None:
    """What the shipped network reached on its way, to compare with; None without such a record."""
    try:
        shares = [float(epoch["validation_accuracy"]) for epoch in history["epochs"]]
    except (KeyError, TypeError, ValueError):
        return None
    if not shares:
        return None
    reached = ", ".join(f"{100 * share:.1f} %" for share in shares)
    return (
        "The network that ships was trained otherwise (its model card says how); its validation "
        f"accuracy after each epoch: {reached}."
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def _figures(
    name: str, modified: float, _record: TrainingLog, _test: RangeTestResult | None
) -> tuple[go.Figure, go.Figure | None]:
    """The record's figure and its range test's: they never change, and take long to build."""
    return record_figure(_record), None if _test is None else range_figure((_test,))


def section() -> None:
    """Draw the section, or say that no model on this machine has such a record."""
    found, damaged = histories()
    for sentence in damaged:
        st.error("The record of a real run cannot be read.")
        st.text(sentence)
    if not found:
        st.caption("No network on this machine has a record of a run with a cyclical schedule.")
        return
    name = next(iter(found))
    if len(found) > 1:
        chosen = st.segmented_control(
            "Model", list(found), default=name, format_func=loading.model_title, required=True
        )
        name = chosen or name
    record = read_record(found[name])
    if record is None:
        return
    title = loading.model_title(name)
    st.markdown(f"A Hierarchical Attention Network ({title}) trained with a cyclical schedule.")
    test = read_range_test(found[name])
    modified = (artifacts.WEIGHTS / name / HISTORY).stat().st_mtime
    run_figure, test_figure = _figures(str(artifacts.WEIGHTS / name), modified, record, test)
    draw_chart(
        run_figure,
        key="real_run",
        alt=what_to_see(record),
    )
    st.caption(f"{what_to_see(record)} {validation(found[name])}")
    if shipped := shipped_run(found[name]):
        st.caption(shipped)
    if test_figure is not None:
        title = "The range test that its bounds came from"
        with st.expander(title, on_change="rerun", key="real_range_test") as part:
            if part.open:
                draw_chart(
                    test_figure,
                    key="real_range",
                    alt="Loss over the learning rate, with the suggested bounds.",
                )
