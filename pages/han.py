"""Hierarchical attention: write a review, see the prediction and what it rests on."""

from functools import partial

import streamlit as st

from dlnlp.inference import HanPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han.flow import han_flow
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.han.text_network import han_network
from dlnlp.ui.han.truth import han_truth
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.loading import Reading
from dlnlp.ui.shell.model_card import card_expander
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.parts import COMPARE, DURING, MAP, NETWORK, TRUTH, TWO, Part, parts
from dlnlp.ui.shell.title_row import title_row
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import neighbours, real_reviews, review_input, versions
from dlnlp.ui.text.board import board, share_and_export
from dlnlp.ui.text.comparison import comparison
from dlnlp.ui.text.during_training import during_training, has_recording
from dlnlp.ui.text.two_networks import HAN_MODEL, both_here, two_networks

require_frame()

ABOUT = (
    "It weighs the **words** of each sentence, then the **sentences**, and predicts from the "
    "weighted sum (Yang et al. 2016, *Hierarchical Attention Networks for Document "
    "Classification*). Change the text and watch."
)


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
def reading_of_a_text(predictor: HanPredictor) -> None:
    """Everything that follows the text; what stands around it is not drawn again."""
    review_input.leave_link(HAN)
    network = han_network(predictor)
    board(network)
    text = versions.text(HAN)
    reading = network.read(text)
    result = reading.result
    views: dict[str, Part | None] = dict.fromkeys((NETWORK, COMPARE, TRUTH))
    if result is not None:
        views[NETWORK] = partial(han_flow, result, predictor)
        views[COMPARE] = partial(comparison, network, text)
        views[TRUTH] = partial(han_truth, result, predictor)
    if predictor.name == HAN_MODEL and both_here():
        views[TWO] = None if result is None else partial(two_networks, HAN, text)
    views[MAP] = partial(similar, predictor, reading)
    if has_recording(predictor.name):
        views[DURING] = partial(during_training, HAN, predictor.name)
    parts(HAN.setting("part"), views, "a review")


def page() -> None:
    """Title and switches, the text and what follows it, real reviews, card."""
    with title_row("Hierarchical attention network", ABOUT) as row:
        model = review_input.choose_model(HAN, loading.han_models())
    predictor = review_input.open_model(model, loading.han_predictor)
    if predictor is None:
        return
    with row:
        share_and_export(han_network(predictor))
    reading_of_a_text(predictor)
    real_reviews.real_reviews(HAN, predictor)
    card_expander(loading.model_title(predictor.name), predictor.card)


page()
