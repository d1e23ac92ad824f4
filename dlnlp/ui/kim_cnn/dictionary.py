"""The filter dictionary: every filter with the phrases that excite it, searchable, sortable."""

import zlib
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray
from pandas.io.formats.style import Styler

from dlnlp.explain.evidence import Evidence
from dlnlp.inference.filters import FilterEntry
from dlnlp.inference.sentiment_result import SentimentResult

ADDS, FIRED = "adds here", "fired here"
HEIGHT = 420
MOST_SHADED = 100


def dictionary(
    entries: Sequence[FilterEntry],
    weights: NDArray[np.float32],
    result: SentimentResult | None,
    evidence: Evidence | None,
) -> pd.DataFrame:
    """One row a filter, those that add most to this review first; the index is its number.

    Args:
        entries: The filters of the model, in their order.
        weights: What one unit of each filter's value adds to the logit, float32 ``[K]``.
        result: What the network read; None leaves out what fired here.
        evidence: Its exact contribution.
    """
    table = pd.DataFrame(
        {
            "filter": np.arange(1, len(entries) + 1),
            "listens to": [" · ".join(p.text for p in entry.phrases) for entry in entries],
            "words": [entry.width for entry in entries],
            "weight": weights.astype(np.float64),
            "fires in": [100 * entry.active_share for entry in entries],
        }
    )
    if result is None or evidence is None:
        return table.iloc[np.argsort(-table["weight"].abs().to_numpy(), kind="stable")]
    table.insert(1, ADDS, evidence.filters.astype(np.float64))
    table.insert(3, FIRED, result.pooled.astype(np.float64))
    return table.iloc[np.argsort(-np.abs(evidence.filters), kind="stable")]


def matching(table: pd.DataFrame, words: str, fired_only: bool) -> pd.DataFrame:
    """The filters whose phrases hold all of some words, in any order.

    Args:
        table: What `dictionary` returned.
        words: What to look for; empty finds all.
        fired_only: Leave out the filters that did not fire on this review.
    """
    if fired_only and FIRED in table:
        table = table[table[FIRED] > 0]
    for word in words.lower().split()[:10]:
        table = table[table["listens to"].str.contains(word, regex=False)]
    return table


def _shade(values: pd.Series) -> list[str]:
    """Blue for what speaks for, orange for what speaks against, on one scale."""
    top = float(values.abs().max()) or 1.0
    hues = np.where(values < 0, "217,96,26", "43,127,217")
    alphas: NDArray[np.float64] = 0.62 * values.abs().to_numpy() / top
    return [
        f"background-color: rgba({hue},{alpha:.3f})" if alpha else ""
        for hue, alpha in zip(hues, alphas, strict=True)
    ]


def _styled(table: pd.DataFrame) -> pd.DataFrame | Styler:
    # Shading all of them takes longer than everything else on the page together.
    if ADDS not in table or table.empty or len(table) > MOST_SHADED:
        return table
    return table.style.apply(_shade, subset=[ADDS])


def dictionary_view(
    table: pd.DataFrame, search_key: str, fired_key: str, on_choose: Callable[[int], None]
) -> None:
    """Draw the search and the table.

    Args:
        table: What `dictionary` returned.
        search_key: Session key of the search.
        fired_key: Session key of the switch for those that fired.
        on_choose: Called with a filter's number when its row is chosen.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        words = st.text_input(
            "Find phrases with these words",
            key=search_key,
            placeholder="for example: waste time",
            persist_state="session",
            max_chars=100,
        )
        fired = False
        if FIRED in table:
            fired = st.toggle("Only those that fired here", key=fired_key, persist_state="session")
    found = matching(table, words or "", fired)
    numbers = found.index.to_list()
    # Another order is another table: a row chosen in the old one means nothing here.
    key = f"kim_dictionary_{zlib.crc32(np.array(numbers).tobytes())}"

    def choose() -> None:
        rows = st.session_state[key].selection.rows
        if rows and rows[0] < len(numbers):
            on_choose(int(numbers[rows[0]]))

    number = st.column_config.NumberColumn
    st.dataframe(
        _styled(found),
        key=key,
        hide_index=True,
        height=HEIGHT,
        on_select=choose,
        selection_mode="single-row",
        column_config={
            "filter": number("no.", width="small", format="%d"),
            ADDS: number(ADDS, format="%+.2f", help="Its value here × its weight"),
            FIRED: number(FIRED, format="%.2f", help="Its highest value in your review"),
            "words": number("words", help="How many words it reads at once", format="%d"),
            "weight": number("weight", format="%+.2f", help="Above 0 it speaks for positive"),
            "fires in": number("fires in", format="%.0f %%", help="Share of the test reviews"),
            "listens to": st.column_config.TextColumn(
                "listens to",
                width="large",
                help="Phrases of test reviews that excite it most, the strongest first",
            ),
        },
    )
    st.caption(
        f"{len(found):,} of {len(table):,} filters. A click on a heading sorts; a tick at the left "
        "of a row shows that filter's formula above."
    )
