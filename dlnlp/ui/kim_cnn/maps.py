"""The map of test documents before and after training, side by side."""

import streamlit as st

from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.explaining import Explained
from dlnlp.ui.shell import charts
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.loading import Reading
from dlnlp.ui.text import neighbours


def _before(
    predictor: KimCnnPredictor, reading: Reading[SentimentResult], explained: Explained | None
) -> None:
    start = explained.start if explained else None
    chart = charts.map_figure(
        predictor.document_map_before,
        predictor.class_names,
        start,
        [neighbour.index for neighbour in reading.neighbours],
    )
    draw_chart(
        chart,
        key="kim_map_before",
        alt="The same test documents by their mean word vectors, before training.",
    )
    st.caption(
        "The same reviews before training: each is the mean of its word vectors, which were "
        "learned from text alone, without any label."
        + (
            " Rings: the same documents as in the other map. The cross: your review, by the "
            "vectors of that time."
            if explained
            else ""
        )
    )


def maps(
    predictor: KimCnnPredictor, reading: Reading[SentimentResult], explained: Explained | None
) -> None:
    """Draw both maps, the nearest documents and their texts."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Before training**")
        _before(predictor, reading, explained)
    with right:
        st.markdown("**After training**")
        neighbours.document_map(predictor, reading)
    st.markdown("**Nearest test documents, after training**")
    neighbours.nearest_documents(predictor, reading)
    neighbours.neighbour_texts(predictor, reading)
