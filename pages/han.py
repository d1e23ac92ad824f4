"""Hierarchical attention: paste a review, see the verdict and what it rests on."""

from functools import partial

import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.explain.attention import AttentionResult
from dlnlp.inference import HanPredictor
from dlnlp.ui import compare, loading, neighbours, real_reviews, review_input
from dlnlp.ui.answers import Answer
from dlnlp.ui.architecture_steps import how_it_works
from dlnlp.ui.attention_view import HAN, answer_of, attention_view, verdict
from dlnlp.ui.loading import Reading
from dlnlp.ui.model_card import model_card
from dlnlp.ui.navigation import require_frame
from dlnlp.ui.probability_bars import probability_bars

require_frame()


def answer(reading: Reading[AttentionResult], model: str) -> None:
    """The verdict in words and bars, and what a change did to it."""
    if reading.result is None:
        st.info(reading.message)
        return
    result = reading.result
    st.subheader(verdict(result), anchor=False)
    probability_bars(result.class_names, result.probabilities)
    compare.change_line(HAN, partial(read, model))
    real_reviews.writers_label(HAN, result.class_names, result.predicted)


def read(model: str, text: str) -> Answer | str:
    """The prediction for a version of the text, or why there is none."""
    reading = loading.read_review(model, text)
    return reading.message if reading.result is None else answer_of(reading.result)


def similar(predictor: HanPredictor, reading: Reading[AttentionResult]) -> None:
    """The map of test documents, and the nearest ones."""
    st.header("Where it lies among other reviews", anchor=False)
    left, right = st.columns([6, 5], gap="large")
    with left:
        neighbours.document_map(predictor, reading)
    with right:
        st.markdown("**Nearest test documents**")
        neighbours.nearest_documents(predictor, reading)
    neighbours.neighbour_texts(predictor, reading)


def page() -> None:
    """Input, answer, attention, map, explanation, card."""
    st.title("What a network reads in a review", anchor=False)
    st.markdown(
        "It weighs the :blue[words] of each sentence, then the :orange[sentences], and gives its "
        "verdict. Change the text and watch."
    )
    models = loading.han_models()
    if not models:
        st.error("No model is on this machine: the folder of weights holds none.")
        st.text("Restore it with: git checkout -- weights")
        return
    review_input.restore(HAN, models)
    model = review_input.model_and_examples(HAN, models)
    try:
        predictor = loading.han_predictor(model)
    except ArtifactError as error:
        st.error("This model cannot be opened.")
        st.text(str(error))
        return
    real_reviews.real_reviews(HAN, predictor)
    left, right = st.columns([7, 6], gap="medium")
    with left:
        text = review_input.review_text(HAN)
    reading = loading.read_review(model, text)
    with right:
        answer(reading, model)
    if reading.result is not None:
        attention_view(reading.result, model)
    compare.comparison(HAN, partial(read, model))
    similar(predictor, reading)
    st.header("How it works", anchor=False)
    how_it_works(reading.result, predictor.runtime.embeddings.shape[1])
    with st.expander(f"Model card: {loading.model_title(model)}"):
        model_card(predictor.card)
    review_input.live_typing(HAN)


page()
