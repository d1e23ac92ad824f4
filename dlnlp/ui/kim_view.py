"""The shaded review of the Kim CNN page: methods, text, the panel of a clicked word, downloads."""

import zlib

import streamlit as st

from dlnlp.inference import KimCnnPredictor
from dlnlp.ui import kim_exports
from dlnlp.ui.answers import signed
from dlnlp.ui.compare import rerun_if_edited, span_delete, word_actions
from dlnlp.ui.exports import shaded_html
from dlnlp.ui.highlighted_text import (
    HighlightedTextData,
    Selection,
    highlighted_text,
    valid_selection,
)
from dlnlp.ui.kim_answer import verdict
from dlnlp.ui.kim_explaining import Explained, attribute
from dlnlp.ui.kim_methods import DEFAULT, KIM, METHODS, Attribution, Method
from dlnlp.ui.kim_text import detail, row_words, view_data
from dlnlp.ui.take_away import SavedFile, take_away

_VIEW, _SELECTED = KIM.key("view"), KIM.key("selected")
_HELP = "\n\n".join(f"**{method.switch}**: {method.explained}" for method in METHODS.values())


def sums(explained: Explained, attribution: Attribution) -> str:
    """What the words add up to, in a line under the text."""
    result, evidence = explained.result, explained.evidence
    words = float(attribution.words.sum(dtype="float64"))
    if attribution.method in ("evidence", "input_x_gradient"):
        return (
            f"All words {signed(words, 2)}, biases {signed(evidence.bias, 2)}: together the score, "
            f"{signed(result.logit, 2)}."
        )
    if attribution.method == "integrated_gradients" and attribution.gap is not None:
        return (
            f"All words {signed(words, 2)}. The score is {signed(result.logit, 2)}; an empty text "
            f"would have {signed(result.logit - words + attribution.gap, 2)}. The gap: "
            f"{signed(attribution.gap, 3)}."
        )
    return f"These numbers need not add up to the score, {signed(result.logit, 2)}."


def _identity(explained: Explained, model: str) -> int:
    text = explained.result.text.encode("utf-8", errors="replace")
    return zlib.crc32(text) ^ zlib.crc32(model.encode())


def _selected(identity: int, data: HighlightedTextData) -> Selection | None:
    kept = st.session_state.get(_SELECTED)
    if not kept or kept[0] != identity:
        return None
    return valid_selection(kept[1], data)


def _pick(identity: int) -> None:
    state = st.session_state.get(_VIEW)
    picked = state.get("pick") if state else None
    if picked is None:
        return
    again = st.session_state.get(_SELECTED) == (identity, picked)
    st.session_state[_SELECTED] = None if again else (identity, picked)


def _actions(explained: Explained, selected: Selection) -> None:
    result = explained.result
    if selected["span"] is not None:
        start, end = (int(offset) for offset in result.token_spans[selected["span"]])
        word_actions(KIM, result.text, start, end)
        return
    words = row_words(explained.rows, len(result.tokens))[selected["row"]]
    start, end = int(result.token_spans[words[0], 0]), int(result.token_spans[words[-1], 1])
    span_delete(KIM, result.text, start, end, "Delete this sentence")


def _panel(explained: Explained, attribution: Attribution, selected: Selection | None) -> None:
    if selected is None:
        st.caption(
            "Point at a word for its numbers, or move with the arrow keys; a click on a word or a "
            "sentence keeps them here, and lets you change it."
        )
        return
    title, facts = detail(
        explained.result, attribution, explained.evidence, explained.rows, selected
    )
    with st.container(border=True, key=KIM.key("detail")):
        st.text(title)  # the visitor's own words: never markdown
        with st.container(horizontal=True, gap="small"):
            for label, value in facts:
                with st.container(width=165, gap=None):
                    st.caption(label)
                    st.text(value)
        _actions(explained, selected)


def _method() -> Method:
    chosen: Method | None = st.segmented_control(
        "Shade words by",
        list(METHODS),
        required=True,
        format_func=lambda name: METHODS[name].switch,
        key=KIM.setting("method"),
        persist_state="session",
        label_visibility="collapsed",
    )
    return chosen or DEFAULT


@st.fragment
def text_view(explained: Explained, predictor: KimCnnPredictor) -> None:
    """Draw the methods, the shaded text, the panel and the downloads.

    Args:
        explained: What the network read, taken apart.
        predictor: The model that read it.
    """
    result, evidence = explained.result, explained.evidence
    rerun_if_edited(KIM, result.text)
    st.header("What it found", anchor=False, help=_HELP)
    method = _method()
    text = METHODS[method]
    st.markdown(f"**{text.switch}:** {text.explained}")
    attribution = attribute(predictor.name, result.text, method)
    data = view_data(result, attribution, evidence, explained.rows)
    identity = _identity(explained, predictor.name)
    selected = _selected(identity, data)
    highlighted_text(data, key=_VIEW, selected=selected, on_pick=lambda: _pick(identity))
    st.caption(sums(explained, attribution))
    _panel(explained, attribution, selected)
    network = predictor.runtime.network
    take_away(
        KIM,
        [
            SavedFile(
                "Words (CSV)",
                "words.csv",
                "text/csv",
                lambda: kim_exports.words_csv(result, evidence, attribution),
            ),
            SavedFile(
                "Regions (CSV)",
                "regions.csv",
                "text/csv",
                lambda: kim_exports.regions_csv(result, evidence),
            ),
            SavedFile(
                "Result (JSON)",
                "result.json",
                "application/json",
                lambda: kim_exports.result_json(
                    result, evidence, attribution, network, predictor.name
                ),
            ),
            SavedFile(
                "Shaded text (HTML)",
                "shaded.html",
                "text/html",
                lambda: shaded_html(data, verdict(result)),
            ),
        ],
    )
