"""The shipped networks side by side: table, chart, calibration, downloads."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dlnlp import artifacts, cards
from dlnlp.cards import MEASURES, ModelSummary
from dlnlp.tables.csv_writing import table_csv
from dlnlp.ui.shell import loading, networks
from dlnlp.ui.shell.charts import COLOURS

_NETWORK, _BASELINE = COLOURS[0], "#8a8a8a"
_GRID = "rgba(128,128,128,.22)"
HEIGHT = 270
_LAYOUT: dict[str, Any] = {
    "margin": {"l": 0, "r": 8, "t": 6, "b": 0},
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    "dragmode": False,
}


@st.cache_resource(show_spinner=False, max_entries=64)
def _summary(path: Path, stamp: tuple[int, ...]) -> ModelSummary:
    return cards.summarize(artifacts.open_artifact(path))


def summary(name: str) -> ModelSummary:
    """What the card of a network says, its files verified once; raises ArtifactError."""
    path = networks.directory(name)
    return _summary(path, loading.stamp_of(path))


def comparison_rows(summaries: Sequence[ModelSummary]) -> list[dict[str, str]]:
    """A row for each network; what its card lacks is a dash."""
    return [
        {
            "network": f"**{found.title}**",
            "test error": _error(found),
            "best simpler model": best_baseline(found),
            "calibration error": _calibration_error(found),
            "test cases": f"{found.test_cases:,}",
            "parameters": f"{found.parameters:,}",
            "size": f"{found.megabytes:.1f} MB",
        }
        for found in summaries
    ]


def _error(found: ModelSummary) -> str:
    return "–" if found.error is None else found.error.in_percent(_digits(found.error.value))


def _digits(error: float) -> int:
    return 2 if error < 0.01 else 1


def _calibration_error(found: ModelSummary) -> str:
    measure = found.measures.get("calibration_error")
    return "–" if measure is None else measure.percent


def best_baseline(found: ModelSummary) -> str:
    """Test error and name of the best model that it is compared with."""
    if not found.baselines:
        return "–"
    name = max(found.baselines, key=lambda name: found.baselines[name])
    error = 1 - found.baselines[name]
    return f"{100 * error:.{_digits(error)}f} %, {name}"


def errors_figure(summaries: Sequence[ModelSummary], chosen: str = "") -> go.Figure:
    """Share of test cases that each network, and what it is compared with, gets wrong.

    On a logarithmic axis: a digit is misread once in hundreds, a star once in three.

    Args:
        summaries: the networks.
        chosen: name of the one that stands out.
    """
    figure = go.Figure()
    measured = [(found, found.error) for found in summaries if found.error is not None]
    compared = [
        (1 - accuracy, found.title, name)
        for found, _ in measured
        for name, accuracy in found.baselines.items()
    ]
    figure.add_scatter(
        x=[error for error, _, _ in compared],
        y=[network for _, network, _ in compared],
        customdata=[name for _, _, name in compared],
        mode="markers",
        name="simpler model, same test",
        marker={"size": 10, "symbol": "diamond-open", "color": _BASELINE, "line": {"width": 2}},
        hovertemplate="%{customdata}: %{x:.2%} wrong<extra></extra>",
    )
    figure.add_scatter(
        x=[error.value for _, error in measured],
        y=[found.title for found, _ in measured],
        mode="markers",
        name="network, with its 95 % interval",
        marker={
            "size": [15 if found.name == chosen else 10 for found, _ in measured],
            "color": _NETWORK,
        },
        error_x={
            "array": [(e.value if e.high is None else e.high) - e.value for _, e in measured],
            "arrayminus": [e.value - (e.value if e.low is None else e.low) for _, e in measured],
            "color": _NETWORK,
            "thickness": 2,
        },
        hovertemplate="%{y}: %{x:.2%} wrong<extra></extra>",
    )
    figure.update_xaxes(
        type="log",
        title="test error",
        tickvals=[0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
        tickformat=".1~%",
        gridcolor=_GRID,
    )
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=[found.title for found, _ in reversed(measured)],
        gridcolor=_GRID,
    )
    figure.update_layout(**_LAYOUT, height=HEIGHT)
    return figure


def errors_in_words(summaries: Sequence[ModelSummary]) -> str:
    """The chart as a sentence."""
    parts = []
    for found in summaries:
        if found.error is None:
            continue
        words = f"{found.title} {100 * found.error.value:.2f} %"
        for name, accuracy in found.baselines.items():
            words += f" ({name}: {100 * (1 - accuracy):.2f} %)"
        parts.append(words)
    return f"Test error: {'; '.join(parts)}."


def comparison_csv(summaries: Sequence[ModelSummary]) -> bytes:
    """The comparison as numbers: shares between 0 and 1; an empty cell where a card is silent."""
    columns = ["network", "architecture", "dataset", "test_cases"]
    for name in MEASURES:
        columns += [name, f"{name}_low", f"{name}_high"]
    columns += ["seeds", "accuracy_mean", "accuracy_standard_deviation"]
    columns += ["best_baseline_accuracy", "parameters", "megabytes", "card_sha256"]
    rows: list[list[str | int | float]] = []
    for found in summaries:
        row: list[str | int | float | None] = [found.name, found.architecture, found.dataset]
        row.append(found.test_cases)
        for name in MEASURES:
            measure = found.measures.get(name)
            row += [measure.value, measure.low, measure.high] if measure else [None] * 3
        seeds = found.over_seeds
        row += [seeds.seeds, seeds.mean, seeds.standard_deviation] if seeds else [1, None, None]
        row += [max(found.baselines.values(), default=None), found.parameters]
        row += [round(found.megabytes, 3), found.sha256]
        rows.append(["" if cell is None else cell for cell in row])
    return table_csv(columns, rows)


def cards_json(summaries: Sequence[ModelSummary]) -> bytes:
    """All cards, whole, by network."""
    content: dict[str, Any] = {found.name: found.card for found in summaries}
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()
