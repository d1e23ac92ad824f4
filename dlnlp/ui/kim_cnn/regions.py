"""The regions of the text that speak loudest for and against, as a table with bars."""

import html
from collections.abc import Sequence

import streamlit as st

from dlnlp.explain.evidence import Evidence, Region
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.region_text import region_text
from dlnlp.ui.shell.hues import hue
from dlnlp.ui.shell.numbers import signed

SHOWN = 7

_STYLE = """<style>
.regions{width:100%;border-collapse:collapse;font-size:.92rem;line-height:1.35}
.regions th{font-weight:600;text-align:left;padding:.15rem .4rem .3rem 0;font-size:.82rem}
.regions td{padding:.28rem .4rem .28rem 0;border-top:1px solid rgba(128,128,128,.25);
  overflow-wrap:anywhere;vertical-align:middle}
.regions .bar{width:34%}
.regions .bar span{display:block;height:1.05rem;min-width:2px;border-radius:.2rem}
.regions .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
</style>"""


def strongest(evidence: Evidence, positive: bool, limit: int = SHOWN) -> list[Region]:
    """The regions with the largest contribution to one side, strongest first."""
    sign = 1 if positive else -1
    return [region for region in evidence.regions if sign * region.contribution > 0][:limit]


def regions_html(
    result: SentimentResult, regions: Sequence[Region], scale: float, heading: str
) -> str:
    """A table of regions.

    Args:
        result: The prediction for the text; escaped here.
        regions: The rows.
        scale: The contribution of a full bar.
        heading: Over the column of texts.
    """
    rows = []
    for region in regions:
        colour = hue("for" if region.contribution > 0 else "against")
        width = 100 * abs(region.contribution) / scale if scale else 0
        rows.append(
            f'<tr><td dir="auto">{html.escape(region_text(result, region.start, region.stop))}</td>'
            f'<td class="bar"><span style="width:{width:.1f}%;background:{colour}"></span></td>'
            f'<td class="number">{signed(region.contribution, 2)}</td>'
            f'<td class="number">{len(region.filters)}</td></tr>'
        )
    return (
        f'{_STYLE}<table class="regions"><thead><tr><th>{html.escape(heading)}</th>'
        '<th colspan="2" class="number">adds to the logit</th>'
        f'<th class="number">filters</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def regions_table(result: SentimentResult, evidence: Evidence) -> None:
    """Draw the strongest regions for each side, on one scale."""
    sides = [strongest(evidence, positive) for positive in (True, False)]
    scale = max((abs(region.contribution) for side in sides for region in side), default=0.0)
    columns = st.columns(2, gap="large")
    for column, side, name in zip(columns, sides, reversed(result.class_names), strict=True):
        with column:
            if side:
                st.html(regions_html(result, side, scale, f"Speaks for {name}"))
            else:
                st.caption(f"No n-gram speaks for {name}.")
    st.caption(
        "An n-gram is a run of words that a filter reads at once; the number counts the filters "
        "that fired most there. N-grams of different widths may overlap. All of them are in the "
        "CSV file."
    )
