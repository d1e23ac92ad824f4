"""The network, connected: one picture from the words of the review to its prediction.

Words, embeddings, GRUs, word attention, sentence vectors; the same again over sentences; document
vector, logits, softmax. Every number is the network's, and every link a part of a sum. It is drawn
in the browser, where the width is known; opening another sentence fetches what that one needs.
"""

import zlib
from typing import Any

import streamlit as st

from dlnlp.inference import HanPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han import explaining
from dlnlp.ui.han.flow_data import flow_data, heaviest_sentence
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.save_picture import save_picture
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import class_bars, compare
from dlnlp.ui.text.answers import answer_of

_mount = component(__file__, '<div class="flow hued"></div>')


def valid_sentence(picked: Any, sentences: int) -> int | None:
    """Check what the browser sent back: the number of a sentence, or None."""
    return picked if type(picked) is int and 0 <= picked < sentences else None


def _owner(text: str, model: str) -> int:
    """What an opened sentence belongs to: a text as a model read it."""
    return zlib.crc32(text.encode("utf-8", errors="replace")) ^ zlib.crc32(model.encode())


def _open(owner: int) -> None:
    state = st.session_state.get(HAN.key("flow"))
    picked = state.get("open") if state else None
    if picked is not None:
        st.session_state[HAN.key("opened")] = (owner, picked)


def choose_class(result: AttentionResult) -> None:
    """Make what was clicked in the diagram the target, as a click on its bar does."""
    picked = (st.session_state.get(HAN.key("flow")) or {}).get("target")
    classes = len(result.class_names)
    if type(picked) is int and 0 <= picked < classes + result.ordered:
        bar = picked if picked == classes else classes - 1 - picked
        class_bars.choose(HAN, answer_of(result), bar)
        st.session_state[HAN.key("flow_chose")] = True


@fragment
def han_flow(result: AttentionResult, predictor: HanPredictor) -> None:
    """Draw the connected network for what a HAN read.

    Args:
        result: What the network read.
        predictor: The model that read it.
    """
    compare.rerun_if_edited(HAN, result.text)
    if st.session_state.pop(HAN.key("flow_chose"), False):
        st.rerun()  # the bars and the shades show the target, too
    owner = _owner(result.text, predictor.name)
    kept = st.session_state.get(HAN.key("opened"))
    picked = kept[1] if kept and kept[0] == owner else None
    opened = valid_sentence(picked, len(result.sentence_spans))
    data = flow_data(
        predictor.runtime.network,
        explaining.reading_of(predictor.name, result.text),
        result,
        predictor.vocabulary.encode(result.tokens),
        opened=heaviest_sentence(result) if opened is None else opened,
        target=explaining.target_of(result),
    )
    _mount(
        key=HAN.key("flow"),
        data=dict(data),
        on_open_change=lambda: _open(owner),
        on_target_change=lambda: choose_class(result),
    )
    save_picture(HAN.key("flow"), ".flow > svg", "han_network", f"{predictor.name}, connected")
