"""The shaded text with its methods and the panel of a clicked word: one fragment of the page."""

import streamlit as st

from dlnlp.explain.log_odds import log_odds
from dlnlp.inference import HanPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han import explaining
from dlnlp.ui.han.attention_text import detail, view_data
from dlnlp.ui.han.attribution_text import attribution_data, attribution_detail, gap_warning, sums
from dlnlp.ui.han.methods import ATTENTION, HAN, METHODS, TARGETS, HanAttribution, Method
from dlnlp.ui.shell.take_away import SavedFile, take_away
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import answers, compare, exports, review_work, selection
from dlnlp.ui.text.answers import Answer, make_answer
from dlnlp.ui.text.highlighted_text import HighlightedTextData, Selection
from dlnlp.ui.text.method_text import agreement, beside_switch, method_switch

__all__ = ["HAN", "answer_of", "attention_view", "verdict"]

_HELP = "\n\n".join(f"**{method.switch}**: {method.explained}" for method in METHODS.values())
_TARGET_HELP = (
    "The class whose log odds, log p / (1 − p), the signed methods explain: choose 5 stars to see "
    "why it is not five stars. Attention is the same for every class."
)


def answer_of(result: AttentionResult) -> Answer:
    """The prediction alone."""
    return make_answer(result.class_names, result.probabilities, result.logits)


def verdict(result: AttentionResult) -> str:
    """The prediction in one plain sentence."""
    return answers.verdict(answer_of(result))


def _controls(class_names: tuple[str, ...]) -> tuple[Method, str]:
    """Draw the methods, what stands beside, and the class; returns the first two."""
    method: Method = method_switch(HAN, "shading", METHODS)
    with st.container(horizontal=True, gap="small"):
        beside = beside_switch(HAN, METHODS)
        st.selectbox(
            "Explain",
            list(TARGETS[: 1 + len(class_names)]),
            format_func=lambda t: "the verdict" if t == "predicted" else class_names[int(t) - 1],
            key=HAN.setting("target"),
            persist_state="session",
            help=_TARGET_HELP,
            width=160,
        )
    return method, beside


def _data(result: AttentionResult, attribution: HanAttribution, name: str) -> HighlightedTextData:
    if attribution.reading is not None and attribution.method in ATTENTION:
        return view_data(attribution.reading, attribution.method)
    return attribution_data(result, attribution, name)


def _panel(
    result: AttentionResult, attribution: HanAttribution | None, selected: Selection
) -> None:
    title, facts = detail(result, selected)
    if attribution is not None and attribution.method not in ATTENTION:
        facts = [*attribution_detail(result, attribution, selected), *facts]
    row, word = selected["row"], selected["span"]
    start, end = result.sentence_spans[row] if word is None else result.token_spans[word]
    span = int(start), int(end)
    selection.panel(HAN, title, facts, result.text, span, sentence=word is None)


def _agreement(first: HanAttribution, second: HanAttribution) -> str:
    by_size = not (METHODS[first.method].signed and METHODS[second.method].signed)
    # A raw score has a sign that means nothing.
    by_size = by_size and "raw" not in (first.method, second.method)
    return agreement(first.words, second.words, by_size=by_size)


@fragment
def attention_view(result: AttentionResult, predictor: HanPredictor) -> None:
    """Draw the methods, the shaded text, the panel and the downloads.

    Args:
        result: What the network read.
        predictor: The model that read it.
    """
    compare.rerun_if_edited(HAN, result.text)
    st.header("What it looked at", anchor=False, help=_HELP)
    method, beside = _controls(result.class_names)
    review_work.keep(HAN, "view")
    st.markdown(f"**{METHODS[method].switch}:** {METHODS[method].explained}")
    target = explaining.target_of(result)
    name, odds = result.class_names[target], float(log_odds(result.logits)[target])
    owner = selection.identity(result.text, predictor.name)
    left, right = (st.container(), None) if beside == "none" else st.columns(2, gap="medium")
    selected: Selection | None = None
    data, second = None, None
    with left:
        main = explaining.attribute(predictor, result, method, target, random=False)
        if main is not None:
            data = _data(result, main, name)
            selected = selection.shaded_text(HAN, data, owner)
            st.caption(sums(main, odds, name))
            if warning := gap_warning(main):
                st.warning(warning)
    if right is not None and main is not None:
        with right:
            random = beside == "random"
            other: Method = method if random else beside  # type: ignore[assignment]
            second = explaining.attribute(predictor, result, other, target, random=random)
            if second is not None:
                picked = selection.shaded_text(
                    HAN, _data(result, second, name), owner, "view_beside"
                )
                selected = selected or picked
                weights = "Random weights. " if random else ""
                st.caption(weights + _agreement(main, second))
    if selected is None:
        selection.hint()
    else:
        _panel(result, main, selected)
    if main is not None and data is not None:
        _downloads(result, predictor.name, main, name, data)


def _downloads(
    result: AttentionResult,
    model: str,
    attribution: HanAttribution,
    name: str,
    data: HighlightedTextData,
) -> None:
    table, document, page = (
        lambda: exports.tokens_csv(result, attribution, name),
        lambda: exports.result_json(result, model, attribution, name),
        lambda: exports.shaded_html(data, verdict(result)),
    )
    take_away(
        HAN,
        [
            SavedFile("Words (CSV)", "words.csv", "text/csv", table),
            SavedFile("Result (JSON)", "result.json", "application/json", document),
            SavedFile("Shaded text (HTML)", "shaded.html", "text/html", page),
        ],
    )
