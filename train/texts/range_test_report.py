"""A range test as a table (CSV) and as a page of its own (HTML with an SVG; no scripts)."""

import csv
import math
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from dlnlp.training.range_analysis import RangeTestResult

WIDTH, HEIGHT, MARGIN = 860, 420, 56
STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 900px; margin: 2rem auto; padding: 0 1rem }
svg { width: 100%; height: auto } text { font-size: 13px; fill: currentColor }
circle { fill: #888a } polyline { fill: none; stroke: #1f77b4; stroke-width: 2.5 }
line { stroke: #8886 } line.mark { stroke: #d6604d; stroke-dasharray: 5 4 }
td, th { padding: .3rem .6rem; text-align: left; vertical-align: top }
"""


def write_csv(result: RangeTestResult, path: Path) -> None:
    """Columns ``rate``, ``loss`` and ``smoothed``; NaN is written as nan."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("rate", "loss", "smoothed"))
        rows = zip(result.rates, result.losses, result.smoothed, strict=True)
        writer.writerows([f"{value:.9g}" for value in row] for row in rows)


def render_html(result: RangeTestResult, title: str, settings: Mapping[str, Any]) -> str:
    """A page with the curve, the suggestions and the settings."""
    rows = "".join(
        f"<tr><td>{number}</td><td>{escape(s.name)}</td><td>{s.rate:.3g}</td>"
        f"<td>{escape(s.explanation)}</td></tr>"
        for number, s in enumerate(result.suggestions, 1)
    )
    about = ", ".join(f"{escape(str(k))} {escape(str(v))}" for k, v in settings.items())
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>"
        f"<p>{escape(result.note)}</p>{_chart(result)}"
        "<p>Dots: loss of single batches; line: smoothed; dashed: suggestions by number.</p>"
        f"<table><tr><th></th><th>suggestion</th><th>rate</th><th>why</th></tr>{rows}</table>"
        f"<p>{about}</p></html>\n"
    )


def _chart(result: RangeTestResult) -> str:
    finite = np.isfinite(result.smoothed)
    log_rates = np.log10(result.rates)
    low, high = _span(log_rates[0], log_rates[-1])
    # Single wild losses may leave the frame; the smoothed curve and most others stay inside.
    shown = [*result.smoothed[finite], *np.quantile(result.losses[finite], [0.02, 0.9])]
    bottom, top = _span(min(shown), max(shown))

    def x(log_rate: float) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * (log_rate - low) / (high - low)

    def y(loss: float) -> float:
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (loss - bottom) / (top - bottom)

    parts = []
    for power in range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1):
        at = x(power)
        parts.append(f'<line x1="{at:.1f}" y1="{MARGIN}" x2="{at:.1f}" y2="{HEIGHT - MARGIN}"/>')
        parts.append(f'<text x="{at - 14:.1f}" y="{HEIGHT - MARGIN + 20}">{10.0**power:g}</text>')
    for level in np.linspace(bottom, top, 5):
        parts.append(f'<text x="4" y="{y(level) + 4:.1f}">{level:.3g}</text>')
    parts.append(f'<text x="{WIDTH / 2 - 40}" y="{HEIGHT - 10}">learning rate</text>')
    parts.append(f'<text x="4" y="{MARGIN - 30}">loss</text>')
    for log_rate, loss in zip(log_rates, result.losses, strict=True):
        if bottom <= loss <= top:
            parts.append(f'<circle cx="{x(log_rate):.1f}" cy="{y(loss):.1f}" r="2.5"/>')
    curve = zip(log_rates[finite], result.smoothed[finite], strict=True)
    points = " ".join(f"{x(rate):.1f},{y(loss):.1f}" for rate, loss in curve)
    parts.append(f'<polyline points="{points}"/>')
    for number, suggestion in enumerate(result.suggestions, 1):
        at = x(math.log10(suggestion.rate))
        if not MARGIN <= at <= WIDTH - MARGIN:
            continue  # a tenth of the minimum may lie below the tested rates
        ends = f'x1="{at:.1f}" x2="{at:.1f}" y1="{MARGIN - 16}" y2="{HEIGHT - MARGIN}"'
        parts.append(f'<line class="mark" {ends}/>')
        parts.append(
            f'<text x="{at - 4:.1f}" y="{MARGIN - 20 - 14 * (number % 3)}">{number}</text>'
        )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Loss over learning rate">{"".join(parts)}</svg>'
    )


def _span(low: float, high: float) -> tuple[float, float]:
    return (float(low), float(high)) if high > low else (float(low) - 0.5, float(low) + 0.5)
