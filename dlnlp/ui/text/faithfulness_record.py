"""Faithfulness over the test set as bars, from `faithfulness.json`; and what papers argue."""

import json
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dlnlp import artifacts
from dlnlp.ui.shell import charts
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.shell.tables import table

FILE = "faithfulness.json"
NAMES = {
    "attention": "Attention (word × sentence)",
    "gradient_x_input_size": "|gradient × input|",
    "gradient_x_input": "Gradient × input",
    "integrated_gradients": "Integrated gradients",
    "gradient_norm": "Gradient norm",
    "delete": "Leave-one-out (delete)",
    "random": "Random",
}
_MODES = {"delete": "words deleted", "unknown": "words masked"}
_MEASURES = {
    "comprehensiveness": "**Comprehensiveness** (high is faithful)",
    "sufficiency": "**Sufficiency** (low is faithful)",
}
_FALL = "points of probability lost"

LITERATURE = """
- **Jain & Wallace (2019), “Attention is not Explanation”**: attention agrees weakly with gradients
  and leave-one-out, and quite different attention weights can give the same answer; so a heat map
  of attention should not be sold as the reason of a prediction.
- **Wiegreffe & Pinter (2019), “Attention is not not Explanation”**: that depends on what one calls
  an explanation. Other weights exist, but a trained network would hardly come by them; attention
  can be *a* plausible explanation without being *the* only one, and it can be tested.
- **DeYoung et al. (2020), “ERASER”**: plausible to people and faithful to the network are two
  things, and the second can be measured: remove the words, or keep them alone, and ask again. That
  is what stands here. Its weak point: texts with words removed are unlike any text of the training.
- **Adebayo et al. (2018), “Sanity Checks for Saliency Maps”**: a picture that looks the same for
  a network with randomised weights says nothing of what was learned. Compare a method with
  “Same method, randomised weights” above.
"""


@st.cache_data(max_entries=8, show_spinner=False)
def _record(model: str, card_sha256: str) -> dict[str, Any]:
    """Parsed; the file was verified when the model was opened."""
    text = (artifacts.WEIGHTS / model / FILE).read_text(encoding="utf-8")
    return dict(json.loads(text))


def record_of(model: str, card: Mapping[str, Any]) -> dict[str, Any] | None:
    """The record of a model, None when its card names none."""
    files = card.get("files")
    if not isinstance(files, Mapping) or FILE not in files:
        return None
    return _record(model, str(card.get("card_sha256")))


def _percent(measure: Mapping[str, float]) -> str:
    value, low, high = (100 * measure[name] for name in ("value", "low", "high"))
    return f"{signed(value, 1)} ({signed(low, 1)} to {signed(high, 1)})"


def measure_rows(record: Mapping[str, Any], mode: str) -> list[dict[str, str]]:
    """A row a ranking: both measures in points of probability, with 95 % intervals."""
    return [
        {"ranking": NAMES.get(name, name)}
        | {measure: _percent(values[measure]) for measure in _MEASURES}
        for name, values in record["measures"][mode].items()
    ]


def tau_rows(record: Mapping[str, Any]) -> list[dict[str, str]]:
    """A row a pair of rankings: mean Kendall's tau over the documents."""
    rows = []
    for pair, tau in record["tau"].items():
        one, other = (NAMES.get(name, name) for name in pair.split(" "))
        rows.append(
            {"rankings": f"{one} and {other.lower()}", "Kendall's τ": signed(tau["value"], 2)}
        )
    return rows


def _compared(record: Mapping[str, Any], mode: str, one: str, other: str) -> str | None:
    """Whether one ranking is more comprehensive than another, by the interval of the difference."""
    found = record["differences"][mode].get(f"{one} - {other}")
    if found is None:
        return None
    difference = found["comprehensiveness"]
    if difference["low"] > 0:
        return "better than"
    return "worse than" if difference["high"] < 0 else "not told apart from"


def relations(record: Mapping[str, Any], mode: str) -> str:
    """What the first ranking is better and worse than, by comprehensiveness."""
    found: dict[str, list[str]] = {}
    first, *others = record["methods"]
    for other in [*others, "random"]:
        relation = _compared(record, mode, first, other)
        if relation is not None:
            found.setdefault(relation, []).append(NAMES.get(other, other).lower())
    return "; ".join(f"{relation} {_listed(names)}" for relation, names in found.items())


def _listed(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def answer(record: Mapping[str, Any]) -> str:
    """Is attention better than random, and than gradients? In plain words."""
    first = record["methods"][0]
    falls = {
        name: f"{100 * values['comprehensiveness']['value']:.1f}"
        for name, values in record["measures"]["delete"].items()
    }
    others = ", ".join(
        f"{fall} by {NAMES.get(name, name).lower()}"
        for name, fall in falls.items()
        if name not in (first, "random")
    )
    deleted, masked = (relations(record, mode) for mode in _MODES)
    same = "with words masked, too" if deleted == masked else f"with words masked, {masked}"
    return (
        f"Without its top words by **{NAMES.get(first, first).lower()}**, the probability of the "
        f"predicted class falls by **{falls[first]} points** on average. Without random words it "
        f"falls by {falls['random']}; without the top words by other methods: {others}. So it is "
        f"{deleted}; {same}."
    )


def bars_figure(record: Mapping[str, Any], measure: str) -> go.Figure:
    """One bar for each ranking and way of removing words, with its 95 % interval.

    Args:
        record: what was measured.
        measure: "comprehensiveness" or "sufficiency".
    """
    figure = go.Figure()
    names = list(record["measures"]["delete"])
    looks = zip(_MODES.items(), (charts.COLOURS[0], "#9a97a0"), strict=True)
    for (mode, how), colour in looks:
        found = [record["measures"][mode][name][measure] for name in names]
        values, lows, highs = ([100 * f[end] for f in found] for end in ("value", "low", "high"))
        figure.add_bar(
            x=values,
            y=[NAMES.get(name, name) for name in names],
            orientation="h",
            name=how,
            marker={"color": colour},
            error_x={
                "array": [high - value for high, value in zip(highs, values, strict=True)],
                "arrayminus": [value - low for low, value in zip(lows, values, strict=True)],
                "thickness": 1.2,
                "width": 3,
            },
            hovertemplate="%{y}: %{x:.1f} points<extra>" + how + "</extra>",
        )
    figure.update_xaxes(title=_FALL, gridcolor="rgba(128,128,128,.22)", fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    figure.update_layout(
        height=80 + 42 * len(names),
        margin={"l": 0, "r": 8, "t": 6, "b": 0},
        barmode="group",
        bargap=0.3,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        dragmode=False,
    )
    return figure


def _bars(model: str, record: Mapping[str, Any]) -> None:
    for column, (measure, title) in zip(st.columns(2), _MEASURES.items(), strict=True):
        told = "; ".join(f"{r['ranking']} {r[measure]}" for r in measure_rows(record, "delete"))
        with column:
            st.markdown(title)
            draw_chart(
                bars_figure(record, measure),
                key=f"faithfulness {model} {measure}",
                alt=f"{measure.capitalize()} over the test set, words deleted: {told}.",
            )


def _figures(record: Mapping[str, Any], shares: str) -> None:
    for mode, how in _MODES.items():
        st.markdown(f"**{how.capitalize()}**")
        table(measure_rows(record, mode))
    st.caption(
        "Points of probability of the predicted class, averaged over the top "
        f"{shares} % of the words (ERASER's "
        "AOPC), with 95 % intervals over reviews. Comprehensiveness: high is faithful. "
        "Sufficiency: low is faithful. Signed methods rank by what speaks for the class, "
        "attention and sizes by weight alone: that is an advantage of the signed ones."
    )
    st.markdown("**Agreement of the rankings**")
    table(tau_rows(record))
    st.caption("Mean over reviews; by size where one of both has no sign.")


def faithfulness_record(model: str, card: Mapping[str, Any]) -> None:
    """Draw what was measured on the test set; nothing but the literature when nothing was."""
    record = record_of(model, card)
    if record is not None:
        _bars(model, record)
        count, total = record["documents"], record["of"]
        sample = f"a random sample of {count:,} of " if count < total else "all "
        st.markdown(f"**Over the test set** ({sample}{total:,} reviews). {answer(record)}")
        shares = ", ".join(f"{100 * share:.0f}" for share in record["shares"])
        with st.expander("The figures", on_change="rerun", key=f"figures {model}") as figures:
            if figures.open:
                _figures(record, shares)
    with st.expander("Is attention an explanation? What the papers argue"):
        st.markdown(LITERATURE)
