"""The shaded text with its switch and the panel of a clicked word: one fragment of the page."""

import zlib

import streamlit as st

from dlnlp.explain.attention import AttentionResult
from dlnlp.ui import exports
from dlnlp.ui.attention_text import SHADINGS, Shading, detail, view_data
from dlnlp.ui.highlighted_text import (
    HighlightedTextData,
    Selection,
    highlighted_text,
    valid_selection,
)
from dlnlp.ui.review_input import share

_KEY, _SELECTED = "han_view", "han_selected"
_SWITCH: dict[Shading, str] = {
    "within": "Word",
    "product": "Word × sentence",
    "raw": "Raw score",
}
_EXPLAINED: dict[Shading, str] = {
    "within": "shares of a sentence, which sum to 100 % in each, so that words of short sentences "
    "are darker.",
    "product": "word attention times the attention of its sentence: shares of the whole review, "
    "which sum to 100 %.",
    "raw": "the numbers before the softmax; only their differences count, their zero means "
    "nothing.",
}
_HELP = "\n\n".join(f"**{_SWITCH[name]}**: {text}" for name, text in _EXPLAINED.items())


def verdict(result: AttentionResult) -> str:
    """The prediction in one plain sentence."""
    best, share = result.class_names[result.predicted], 100 * result.probabilities.max()
    if len(result.class_names) == 2:
        positive = 100 * float(result.probabilities[1])
        return f"Probability of a {result.class_names[1]} review: {positive:.0f} %"
    return f"{result.expected_value:.1f} stars expected; most likely {best}, {share:.0f} %"


def _identity(result: AttentionResult, model: str) -> int:
    return zlib.crc32(result.text.encode("utf-8", errors="replace")) ^ zlib.crc32(model.encode())


def _selected(identity: int, data: HighlightedTextData) -> Selection | None:
    kept = st.session_state.get(_SELECTED)
    if not kept or kept[0] != identity:
        return None
    return valid_selection(kept[1], data)


def _pick(identity: int) -> None:
    state = st.session_state.get(_KEY)
    picked = state.get("pick") if state else None
    if picked is None:
        return
    kept = st.session_state.get(_SELECTED)
    again = kept is not None and kept == (identity, picked)
    st.session_state[_SELECTED] = None if again else (identity, picked)


def _panel(result: AttentionResult, selected: Selection | None) -> None:
    if selected is None:
        st.caption(
            "Point at a word for its numbers, or move with the arrow keys; a click on a word or a "
            "sentence keeps them here."
        )
        return
    title, facts = detail(result, selected)
    with st.container(border=True, key="han_detail"):
        st.text(title)  # the visitor's own words: never markdown
        with st.container(horizontal=True, gap="small"):
            for label, value in facts:
                with st.container(width=150, gap=None):
                    st.caption(label)
                    st.text(value)


@st.fragment
def attention_view(result: AttentionResult, model: str, shading_key: str) -> None:
    """Draw the switch, the shaded text, the panel and the downloads.

    Args:
        result: What the network read.
        model: Name of the model, for the downloads.
        shading_key: Session key of the shading.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header("What it looked at", anchor=False, width="content", help=_HELP)
        chosen = st.segmented_control(
            "Shade words by",
            list(SHADINGS),
            required=True,
            format_func=lambda name: _SWITCH[name],
            key=shading_key,
            persist_state="session",
            label_visibility="collapsed",
        )
    shading: Shading = chosen or "within"
    data = view_data(result, shading)
    identity = _identity(result, model)
    selected = _selected(identity, data)
    highlighted_text(data, key=_KEY, selected=selected, on_pick=lambda: _pick(identity))
    _panel(result, selected)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption("Take it away:", width="content")
        for label, name, mime, make in (
            ("Words (CSV)", "words.csv", "text/csv", lambda: exports.tokens_csv(result)),
            (
                "Result (JSON)",
                "result.json",
                "application/json",
                lambda: exports.result_json(result, model),
            ),
            (
                "Shaded text (HTML)",
                "shaded.html",
                "text/html",
                lambda: exports.shaded_html(data, verdict(result)),
            ),
        ):
            st.download_button(
                label, make, file_name=name, mime=mime, on_click="ignore", key=f"save {name}"
            )
        share()
