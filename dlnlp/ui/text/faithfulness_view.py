"""Is the shading faithful, on this very text? Curves, rank correlations, one plain sentence."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from dlnlp.explain.faithfulness import Faithfulness
from dlnlp.explain.rank_correlation import kendall_tau
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.numbers import probability, signed
from dlnlp.ui.shell.tables import table
from dlnlp.ui.text.review_page import ReviewPage

Removal = Literal["off", "delete", "unknown"]
_REMOVAL: Mapping[Removal, str] = {
    "off": "Not now",
    "delete": "Delete the words",
    "unknown": "Mask the words",
}
_HELP = (
    "After DeYoung et al. (2020). Take the words that a method ranks highest, and ask the network "
    "again. **Comprehensiveness**: how much probability of the class goes when they are removed; "
    "high is faithful. **Sufficiency**: how much goes when they alone are left; low is faithful. "
    "The grey band holds nine of ten random rankings: a curve inside it has told nothing. "
    "Deleted words let their neighbours close up; masked ones become the unknown word. Both make "
    "texts that the network never saw in training, so look at both."
)
Measure = Literal["comprehensiveness", "sufficiency"]
MEASURES: tuple[Measure, ...] = ("comprehensiveness", "sufficiency")
_TITLES: Mapping[Measure, str] = {
    "comprehensiveness": "**Comprehensiveness**: what goes without them (high is faithful)",
    "sufficiency": "**Sufficiency**: what goes with them alone (low is faithful)",
}
# Blue, vermilion, green, purple, ochre; each with a marker of its own.
_LOOKS = (
    ("#2f7fc1", "circle"),
    ("#d9601a", "square"),
    ("#1a9e77", "diamond"),
    ("#b867a8", "triangle-up"),
    ("#b58900", "x"),
)
_BAND = (5, 95)


def removal(page: ReviewPage) -> Removal:
    """Draw the choice how words are removed, or not at all."""
    chosen: Removal | None = st.segmented_control(
        "Measure it on this text",
        list(_REMOVAL),
        required=True,
        format_func=lambda name: _REMOVAL[name],
        key=page.setting("removal"),
        persist_state="session",
        help=_HELP,
    )
    return chosen or "off"


def faithfulness_figure(
    measured: Faithfulness, names: Mapping[str, str], measure: Measure
) -> go.Figure:
    """A measure over the share of words, each ranking a line, random ones a band.

    Args:
        measured: The curves.
        names: What a ranking is called on the page.
        measure: Which of the two.
    """
    figure = go.Figure()
    x = [f"{100 * share:.0f} %" for share in measured.shares]
    random = measured.random[:, MEASURES.index(measure)]
    low, high = np.percentile(random, _BAND, axis=0)
    figure.add_scatter(
        x=[*x, *x[::-1]],
        y=[*high, *low[::-1]],
        fill="toself",
        fillcolor="rgba(128,128,128,.28)",
        line={"width": 0},
        mode="lines",
        name="random (9 of 10)",
        hoverinfo="skip",
    )
    for (colour, symbol), (name, curves) in zip(_LOOKS, measured.methods.items(), strict=False):
        figure.add_scatter(
            x=x,
            y=getattr(curves, measure),
            mode="lines+markers",
            name=names[name],
            line={"color": colour, "width": 2.2},
            marker={"symbol": symbol, "size": 8},
            customdata=measured.words,
            hovertemplate="%{y:+.1%} with %{customdata} words",
        )
    figure.update_yaxes(tickformat="+.0%", gridcolor="rgba(128,128,128,.22)", zeroline=True)
    figure.update_yaxes(zerolinecolor="rgba(128,128,128,.6)", fixedrange=True)
    figure.update_xaxes(title={"text": "share of the words"}, type="category", fixedrange=True)
    figure.update_layout(
        height=320,
        margin={"l": 0, "r": 8, "t": 6, "b": 0},
        legend={"orientation": "h", "y": -0.28, "x": 0},
        uirevision=f"faithfulness {measure}",
        dragmode=False,
    )
    return figure


def share_beaten(measured: Faithfulness, name: str) -> float:
    """Share of the random rankings whose mean comprehensiveness a ranking exceeds."""
    mine = measured.methods[name].comprehensiveness.mean()
    return float((measured.random[:, 0].mean(axis=1) < mine).mean())


def plain_words(measured: Faithfulness, names: Mapping[str, str], class_name: str) -> str:
    """What the numbers mean here, in one or two plain sentences."""
    area = {name: 100 * float(c.comprehensiveness.mean()) for name, c in measured.methods.items()}
    best = max(area, key=lambda name: area[name])
    first = next(iter(area))
    beaten = share_beaten(measured, first)
    how = "Without" if measured.mode == "delete" else "With UNK in place of"
    if beaten >= 0.95:
        prediction = "nearly no random choice of words does that: its top words do matter here"
    elif beaten >= 0.5:
        prediction = "a lucky random choice of words does as much: it is little guide here"
    else:
        prediction = f"most random choices do more: its top words do not speak for “{class_name}”"
    sentence = (
        f"{how} its top words by {names[first].lower()}, the probability of “{class_name}” "
        f"{'falls' if area[first] >= 0 else 'rises'} by {abs(area[first]):.1f} points on average; "
        f"{prediction}."
    )
    if area[best] > area[first] + 0.5:
        sentence += f" {names[best]} finds words that matter more: {area[best]:.1f} points."
    return sentence


def correlations(
    scores: Mapping[str, NDArray[Any]], names: Mapping[str, str], unsigned: set[str]
) -> list[dict[str, str]]:
    """Kendall's tau of each pair of rankings, by size where one of them has no sign.

    Args:
        scores: word scores by method, float ``[N]``.
        names: name of each method on the page.
        unsigned: methods without a sign.
    """
    rows = []
    for one, other in combinations(scores, 2):
        by_size = bool({one, other} & unsigned)
        pair = [np.abs(scores[n]) if by_size else scores[n] for n in (one, other)]
        tau = kendall_tau(*pair)
        rows.append(
            {
                "methods": f"{names[one]} and {names[other].lower()}",
                "compared": "by size" if by_size else "with sign",
                "Kendall's τ": signed(tau, 2) if np.isfinite(tau) else "none: all equal",
            }
        )
    return rows


def draw(
    page: ReviewPage,
    measured: Faithfulness,
    scores: Mapping[str, NDArray[Any]],
    names: Mapping[str, str],
    unsigned: set[str],
    class_name: str,
) -> None:
    """Draw the curves, what they mean, and the correlations.

    Args:
        page: The page.
        measured: Faithfulness on this text.
        scores: Word scores by method, float ``[N]``, the page's own method first.
        names: Name of each method on the page.
        unsigned: Methods without a sign.
        class_name: Name of the class whose probability is measured.
    """
    for column, measure in zip(st.columns(2, gap="medium"), MEASURES, strict=True):
        with column:
            st.markdown(_TITLES[measure])
            draw_chart(
                faithfulness_figure(measured, names, measure),
                key=page.key(measure),
                alt=f"The {measure} of each method over the share of words that is removed or "
                "kept; a band shows random rankings.",
            )
    st.markdown(plain_words(measured, names, class_name))
    shares = ", ".join(f"{100 * share:.0f}" for share in measured.shares)
    counts = ", ".join(f"{count:,}" for count in measured.words)
    st.caption(
        f"Top {shares} % of the words are {counts} "
        f"here. Probability of “{class_name}” for the whole text: "
        f"{probability(measured.probability)}."
    )
    if rows := correlations(scores, names, unsigned):
        with st.expander("Do the methods agree with each other?"):
            table(rows)
            st.caption(
                "Kendall's τ of the order of the words: +1 the same order, 0 unrelated, −1 the "
                "opposite. Jain & Wallace (2019) found attention and gradients to agree weakly."
            )
