"""The section "Faithfulness" of the HAN page."""

import streamlit as st

from dlnlp.explain.targets import class_of
from dlnlp.inference import HanPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han import explaining, gradient_jobs
from dlnlp.ui.han.methods import HAN, METHODS
from dlnlp.ui.han.sentence_faithfulness import sentence_record
from dlnlp.ui.shell.turns import aside, fragment
from dlnlp.ui.text import compare, review_work
from dlnlp.ui.text.faithfulness_record import faithfulness_record
from dlnlp.ui.text.faithfulness_view import draw, removal


def _want_gradients() -> None:
    st.session_state[HAN.key("want_gradients")] = True


def _gradients(predictor: HanPredictor, result: AttentionResult) -> None:
    """Offer the gradients while they are not there, and show how far they are."""
    sentences = explaining.sentences_of(predictor, result)
    if gradient_jobs.known(predictor, sentences) is not None:
        return
    if st.session_state.get(HAN.key("want_gradients")):
        gradient_jobs.saliency(HAN, predictor, sentences, place="truth")
        return
    st.button(
        "Add the gradients",
        key=HAN.key("add_gradients"),
        on_click=_want_gradients,
        help="They are computed in a background process: some seconds the first time.",
    )


@fragment
def han_truth(result: AttentionResult, predictor: HanPredictor) -> None:
    """Draw the section for the HAN.

    Args:
        result: What the network read.
        predictor: The model that read it.
    """
    compare.rerun_if_edited(HAN, result.text)
    faithfulness_record(predictor.name, predictor.card)
    sentence_record(predictor.name, predictor.card)
    mode = removal(HAN)
    review_work.keep(HAN, "truth")
    if mode == "off":
        return
    target = class_of(result, explaining.target_of(result))
    above, below = st.container(), st.container()
    with below:  # first: gradients that have just arrived are measured in this run
        _gradients(predictor, result)
    with above:
        scores = explaining.rankings(predictor, result, target, mode)
        with aside():
            measured = explaining.faithfulness(predictor.name, result.text, target, mode, scores)
        names = {str(name): method.switch for name, method in METHODS.items()}
        names["product"] = "Attention"
        draw(HAN, measured, scores, names, {"product"}, result.class_names[target])
