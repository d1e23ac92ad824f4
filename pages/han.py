"""Hierarchical attention: paste a review, see the prediction and what it rests on."""

from functools import partial

import streamlit as st

from dlnlp.inference import HanPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han.attention_view import HAN, answer_of, attention_view, prediction
from dlnlp.ui.han.flow import han_flow
from dlnlp.ui.han.truth import han_truth
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.loading import Reading
from dlnlp.ui.shell.model_card import card_expander
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.parts import MAP, STEPS, TRUTH, TWO, Part, parts
from dlnlp.ui.shell.turns import fragment, yield_turn
from dlnlp.ui.text import compare, known_words, neighbours, real_reviews, review_input
from dlnlp.ui.text.compare import Read
from dlnlp.ui.text.probability_bars import probability_bars
from dlnlp.ui.text.two_networks import HAN_MODEL, both_here, two_networks

require_frame()


def answer(reading: Reading[AttentionResult], read: Read) -> None:
    """The prediction in words and bars, and what a change did to it."""
    if reading.result is None:
        st.info(reading.message)
        return
    result = reading.result
    st.header(prediction(result), anchor=False)
    known_words.unknown_words(result.tokens, result.token_known)
    probability_bars(result.class_names, result.probabilities)
    compare.change_line(HAN, read)
    real_reviews.writers_label(HAN, result.class_names, result.predicted)


def similar(predictor: HanPredictor, reading: Reading[AttentionResult]) -> None:
    """The map of test documents, and the nearest ones."""
    left, right = st.columns([6, 5], gap="large")
    with left:
        neighbours.document_map(predictor, reading)
    with right:
        st.markdown("**Nearest test documents**")
        neighbours.nearest_documents(predictor, reading)
    neighbours.neighbour_texts(predictor, reading)


@fragment
def board(predictor: HanPredictor) -> None:
    """Everything that follows the text; what stands around it is not drawn again."""
    review_input.leave_link(HAN)
    model = predictor.name
    read = review_input.answers(model, loading.read_review, answer_of)
    left, right = st.columns([7, 6], gap="medium")
    with left:
        text = review_input.review_text(HAN)
    reading = loading.read_review(model, text)
    with right:
        answer(reading, read)
    yield_turn()
    result = reading.result
    if result is not None:
        attention_view(result, predictor)
    compare.comparison(HAN, read)
    views: dict[str, Part | None] = {
        TRUTH: None if result is None else partial(han_truth, result, predictor),
    }
    if model == HAN_MODEL and both_here():
        views[TWO] = None if result is None else partial(two_networks, HAN, text)
    views[MAP] = partial(similar, predictor, reading)
    views[STEPS] = None if result is None else partial(han_flow, result, predictor)
    parts(HAN.setting("part"), views, "a review")


def page() -> None:
    """Examples, input, answer, attention, map, explanation, card."""
    st.title("What a network reads in a review", anchor=False)
    st.markdown(
        "It weighs the :blue[words] of each sentence, then the :orange[sentences], and gives its "
        "prediction. Change the text and watch."
    )
    predictor = review_input.open_model(HAN, loading.han_models(), loading.han_predictor)
    if predictor is None:
        return
    real_reviews.real_reviews(HAN, predictor)
    board(predictor)
    card_expander(loading.model_title(predictor.name), predictor.card)
    review_input.live_typing(HAN)


page()
