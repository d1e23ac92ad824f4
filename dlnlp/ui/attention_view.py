"""The shaded text with its switch and the panel of a clicked word: one fragment of the page."""

import zlib

import streamlit as st

from dlnlp.explain.attention import AttentionResult
from dlnlp.ui import answers, compare, exports
from dlnlp.ui.answers import Answer, make_answer
from dlnlp.ui.attention_text import SHADINGS, Shading, detail, view_data
from dlnlp.ui.highlighted_text import (
    HighlightedTextData,
    Selection,
    highlighted_text,
    valid_selection,
)
from dlnlp.ui.review_page import ReviewPage
from dlnlp.ui.take_away import SavedFile, take_away

HAN = ReviewPage("han", {"shading": tuple(SHADINGS)})
_KEY, _SELECTED = HAN.key("view"), HAN.key("selected")
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


def answer_of(result: AttentionResult) -> Answer:
    """The prediction alone."""
    return make_answer(result.class_names, result.probabilities, result.logits)


def verdict(result: AttentionResult) -> str:
    """The prediction in one plain sentence."""
    return answers.verdict(answer_of(result))


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
            "sentence keeps them here, where you can change it."
        )
        return
    title, facts = detail(result, selected)
    row, word = selected["row"], selected["span"]
    spans = result.sentence_spans[row] if word is None else result.token_spans[word]
    start, end = (int(offset) for offset in spans)
    with st.container(border=True, key=HAN.key("detail")):
        st.text(title)  # the visitor's own words: never markdown
        with st.container(horizontal=True, gap="small"):
            for label, value in facts:
                with st.container(width=150, gap=None):
                    st.caption(label)
                    st.text(value)
        if word is None:
            compare.span_delete(HAN, result.text, start, end, "Delete this sentence")
        else:
            compare.word_actions(HAN, result.text, start, end)


@st.fragment
def attention_view(result: AttentionResult, model: str) -> None:
    """Draw the switch, the shaded text, the panel and the downloads.

    Args:
        result: What the network read.
        model: Name of the model, for the downloads.
    """
    compare.rerun_if_edited(HAN, result.text)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header("What it looked at", anchor=False, width="content", help=_HELP)
        chosen = st.segmented_control(
            "Shade words by",
            list(SHADINGS),
            required=True,
            format_func=lambda name: _SWITCH[name],
            key=HAN.setting("shading"),
            persist_state="session",
            label_visibility="collapsed",
        )
    shading: Shading = chosen or "within"
    data = view_data(result, shading)
    identity = _identity(result, model)
    selected = _selected(identity, data)
    highlighted_text(data, key=_KEY, selected=selected, on_pick=lambda: _pick(identity))
    _panel(result, selected)
    take_away(
        HAN,
        [
            SavedFile("Words (CSV)", "words.csv", "text/csv", lambda: exports.tokens_csv(result)),
            SavedFile(
                "Result (JSON)",
                "result.json",
                "application/json",
                lambda: exports.result_json(result, model),
            ),
            SavedFile(
                "Shaded text (HTML)",
                "shaded.html",
                "text/html",
                lambda: exports.shaded_html(data, verdict(result)),
            ),
        ],
    )
