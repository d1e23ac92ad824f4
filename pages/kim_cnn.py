"""Kim's convolutional network: paste a film review, see the prediction and what adds up to it."""

from functools import partial

import streamlit as st

from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.answer import answer_of, calibration, gauge, prediction
from dlnlp.ui.kim_cnn.explaining import explain
from dlnlp.ui.kim_cnn.flow import kim_flow
from dlnlp.ui.kim_cnn.maps import maps
from dlnlp.ui.kim_cnn.methods import ARGUMENTS, FILTERS, KIM
from dlnlp.ui.kim_cnn.regions import regions_table
from dlnlp.ui.kim_cnn.truth import kim_truth
from dlnlp.ui.kim_cnn.view import text_view
from dlnlp.ui.models.card import card_expander
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.loading import Reading
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.parts import MAP, TRUTH, TWO, Part, parts
from dlnlp.ui.shell.turns import fragment, yield_turn
from dlnlp.ui.text import compare, known_words, real_reviews, review_input
from dlnlp.ui.text.compare import Read
from dlnlp.ui.text.two_networks import both_here, two_networks

require_frame()


def answer(reading: Reading[SentimentResult], predictor: KimCnnPredictor, read: Read) -> None:
    """The prediction with its scale, what a change did to it, and what the number means."""
    if reading.result is None:
        st.info(reading.message)
        return
    result = reading.result
    st.header(prediction(result), anchor=False)
    known_words.unknown_words(result.tokens, result.token_known)
    gauge(result)
    compare.change_line(KIM, read)
    real_reviews.writers_label(KIM, result.class_names, result.predicted)
    calibration(predictor.card)


@fragment
def board(predictor: KimCnnPredictor) -> None:
    """Everything that follows the text; what stands around it is not drawn again."""
    review_input.leave_link(KIM)
    model = predictor.name
    read = review_input.answers(model, loading.read_sentiment, answer_of)
    left, right = st.columns([7, 6], gap="medium")
    with left:
        text = review_input.review_text(KIM)
    reading = loading.read_sentiment(model, text)
    with right:
        answer(reading, predictor, read)
    yield_turn()
    explained = explain(model, text)
    if explained is not None:
        text_view(explained, predictor)
    compare.comparison(KIM, read)
    views: dict[str, Part | None] = dict.fromkeys((ARGUMENTS, FILTERS, TRUTH))
    if both_here():
        views[TWO] = None if explained is None else partial(two_networks, KIM, text)
    if explained is not None:
        views[ARGUMENTS] = partial(regions_table, explained.result, explained.evidence)
        views[FILTERS] = partial(kim_flow, explained.result, predictor, explained.evidence.target)
        views[TRUTH] = partial(kim_truth, explained, predictor)
    views[MAP] = partial(maps, predictor, reading, explained)
    parts(KIM.setting("part"), views, "a review")


def page() -> None:
    """Examples, input, answer, shaded text, arguments, network, maps, explanation, card."""
    st.title("Phrases that decide a film review", anchor=False)
    st.markdown(
        "Hundreds of filters slide over the text. Each looks for one kind of phrase, keeps the "
        "best match, and votes :blue[for] or :orange[against]. Their votes add up to the logit."
    )
    predictor = review_input.open_model(KIM, loading.kim_models(), loading.kim_predictor)
    if predictor is None:
        return
    real_reviews.real_reviews(KIM, predictor)
    board(predictor)
    card_expander(loading.model_title(predictor.name), predictor.card)
    review_input.live_typing(KIM)


page()
