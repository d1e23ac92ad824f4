"""The network drawn for one review: its regions, the filters that fired, their sum, a probability.

The layout is made in the browser, where the width is known. All text enters through
``textContent``. A click on a filter reports its number.
"""

from collections.abc import Callable
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.evidence import Evidence
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.region_text import region_text
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.numbers import probability, signed

DRAWN_FILTERS = 12


class FilterNode(TypedDict):
    """One filter: a line of the drawing."""

    k: int  # reported back to Python
    name: str
    fired: str  # its pooled value
    strength: float  # the same, [0, 1]
    weight: str
    adds: str
    v: float  # contribution on the scale of the drawing, [-1, 1]


class RegionNode(TypedDict):
    """A run of words and the drawn filters that fired most there."""

    text: str
    adds: str
    filters: list[FilterNode]


class SumNode(TypedDict):
    """One part of the sum below the filters, or the sum."""

    name: str
    adds: str
    start: float  # where its bar begins and ends, on a scale of the sum's own, [-1, 1]
    end: float


class NetworkData(TypedDict):
    """Everything the component draws, as plain JSON."""

    label: str
    headings: list[str]
    regions: list[RegionNode]
    sums: list[SumNode]
    logit: float
    score: str
    probability: str
    class_names: list[str]
    selected: int | None


def filter_name(number: int) -> str:
    """What the page calls a filter: its number, counted from 1."""
    return f"no. {number + 1}"


def drawn_filters(evidence: Evidence, limit: int = DRAWN_FILTERS) -> NDArray[np.int64]:
    """Numbers of the filters with the largest contributions, int64 ``[k]``, the largest first.

    At most `limit` of them; filters that contribute nothing are left out.
    """
    sizes = np.abs(evidence.filters)
    order = np.argsort(-sizes, kind="stable")[:limit]
    return order[sizes[order] > 0]


def _sums(result: SentimentResult, evidence: Evidence, drawn: NDArray[np.int64]) -> list[SumNode]:
    """The parts of the score as a waterfall that ends at the score."""
    values = evidence.filters.astype(np.float64)
    others = np.delete(values, drawn)
    parts = [
        (f"The {len(drawn)} filters above", float(values[drawn].sum())),
        (f"{int((others > 0).sum())} others that speak for", float(others[others > 0].sum())),
        (f"{int((others < 0).sum())} others that speak against", float(others[others < 0].sum())),
        ("Output bias", float(evidence.classifier_bias)),
    ]
    ends = np.cumsum([0.0, *(value for _, value in parts)])
    scale = float(np.abs(ends).max()) or 1.0
    sums = [
        SumNode(
            name=name,
            adds=signed(value, 2),
            start=round(float(ends[place]) / scale, 4),
            end=round(float(ends[place + 1]) / scale, 4),
        )
        for place, (name, value) in enumerate(parts)
    ]
    total = SumNode(
        name="Logit",
        adds=signed(evidence.logit, 2),
        start=0.0,
        end=round(float(ends[-1]) / scale, 4),
    )
    return [*sums, total]


def network_data(
    result: SentimentResult,
    evidence: Evidence,
    widths: NDArray[np.int64],
    weights: NDArray[np.float32],
    selected: int | None = None,
) -> NetworkData:
    """Turn a result into the JSON that the drawing needs.

    Args:
        result: What the network read.
        evidence: Its exact contribution.
        widths: How many words each filter reads, int64 [K].
        weights: Output weight of each filter, float32 [K].
        selected: The filter whose formula is shown.

    Returns:
        The filters with the largest contributions, grouped by the region they fired at, in the
        order of the text; and the sum with all others.
    """
    drawn = drawn_filters(evidence)
    top = float(np.abs(evidence.filters[drawn]).max(initial=0)) or 1.0
    highest = float(result.pooled[drawn].max(initial=0)) or 1.0
    words = len(result.tokens)
    groups: dict[tuple[int, int], list[int]] = {}
    for k in drawn.tolist():
        start = int(result.positions[k])
        groups.setdefault((start, min(start + int(widths[k]), words)), []).append(k)
    regions = [
        RegionNode(
            text=region_text(result, start, stop)[:80],
            adds=signed(float(evidence.filters[members].sum()), 2),
            filters=[
                FilterNode(
                    k=k,
                    name=filter_name(k),
                    fired=f"{float(result.pooled[k]):.2f}",
                    strength=round(float(result.pooled[k]) / highest, 3),
                    weight=signed(float(weights[k]), 2),
                    adds=signed(float(evidence.filters[k]), 2),
                    v=round(float(evidence.filters[k]) / top, 4),
                )
                for k in members
            ],
        )
        for (start, stop), members in sorted(groups.items())
    ]
    name = result.class_names[evidence.target]
    certainty = f"{probability(result.probabilities[evidence.target])} {name}"
    return NetworkData(
        label=f"The {len(drawn)} filters that add most, the n-grams they fired at, "
        f"and the sum: a logit of {signed(evidence.logit, 2)}, which is {certainty}.",
        headings=["N-gram", "Filter", "× weight =", "adds"],
        regions=regions,
        sums=_sums(result, evidence, drawn),
        logit=round(evidence.logit, 3),
        score=signed(evidence.logit, 2),
        probability=certainty,
        class_names=list(result.class_names),
        selected=selected,
    )


_mount = component(__file__, '<div class="network"></div>')


def valid_filter(picked: Any, filters: int) -> int | None:
    """Check what the browser sent back: the number of a filter, or None."""
    return picked if type(picked) is int and 0 <= picked < filters else None


def draw_network(data: NetworkData, *, key: str, on_pick: Callable[[], None]) -> Any:
    """Draw the network.

    Args:
        data: What to draw.
        key: Streamlit key; `st.session_state[key].filter` holds the click inside `on_pick`.
        on_pick: Called before the rerun that a click on a filter causes.
    """
    return _mount(key=key, data=dict(data), on_filter_change=on_pick)
