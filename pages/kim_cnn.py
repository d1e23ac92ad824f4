"""Kim's convolutional network: paste a film review, see the verdict and what adds up to it."""

from functools import partial

import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.explain.sentiment import SentimentResult
from dlnlp.inference import KimCnnPredictor
from dlnlp.ui import compare, loading, real_reviews, review_input
from dlnlp.ui.answers import Answer
from dlnlp.ui.kim_answer import answer_of, calibration, gauge, verdict
from dlnlp.ui.kim_explaining import explain
from dlnlp.ui.kim_maps import maps
from dlnlp.ui.kim_methods import KIM
from dlnlp.ui.kim_network_view import network_view
from dlnlp.ui.kim_regions import regions_table
from dlnlp.ui.kim_steps import how_it_works
from dlnlp.ui.kim_view import text_view
from dlnlp.ui.loading import Reading
from dlnlp.ui.model_card import model_card
from dlnlp.ui.navigation import require_frame

require_frame()


def read(model: str, text: str) -> Answer | str:
    """The prediction for a version of the text, or why there is none."""
    reading = loading.read_sentiment(model, text)
    return reading.message if reading.result is None else answer_of(reading.result)


def answer(reading: Reading[SentimentResult], predictor: KimCnnPredictor) -> None:
    """The verdict with its scale, what a change did to it, and what the number means."""
    if reading.result is None:
        st.info(reading.message)
        return
    result = reading.result
    st.subheader(verdict(result), anchor=False)
    gauge(result)
    compare.change_line(KIM, partial(read, predictor.name))
    real_reviews.writers_label(KIM, result.class_names, result.predicted)
    calibration(predictor.card)


def page() -> None:
    """Input, answer, shaded text, arguments, network, maps, explanation, card."""
    st.title("Phrases that decide a film review", anchor=False)
    st.markdown(
        "Hundreds of filters slide over the text. Each looks for one kind of phrase, keeps the "
        "best match, and votes :blue[for] or :orange[against]. Their votes add up to the verdict."
    )
    models = loading.kim_models()
    if not models:
        st.error("No model is on this machine: the folder of weights holds none for this page.")
        st.text("Restore it with: git checkout -- weights")
        return
    review_input.restore(KIM, models)
    model = review_input.model_and_examples(KIM, models)
    try:
        predictor = loading.kim_predictor(model)
    except ArtifactError as error:
        st.error("This model cannot be opened.")
        st.text(str(error))
        return
    real_reviews.real_reviews(KIM, predictor)
    left, right = st.columns([7, 6], gap="medium")
    with left:
        text = review_input.review_text(KIM)
    reading, explained = loading.read_sentiment(model, text), explain(model, text)
    with right:
        answer(reading, predictor)
    if explained is not None:
        text_view(explained, predictor)
    compare.comparison(KIM, partial(read, model))
    if explained is not None:
        st.header("Its strongest arguments", anchor=False)
        regions_table(explained.result, explained.evidence)
        network_view(explained, predictor)
    maps(predictor, reading, explained)
    st.header("How it works", anchor=False)
    how_it_works(reading.result, predictor.runtime.embeddings.shape[1], predictor.widths)
    with st.expander(f"Model card: {loading.model_title(model)}"):
        model_card(predictor.card)
    review_input.live_typing(KIM)


page()
