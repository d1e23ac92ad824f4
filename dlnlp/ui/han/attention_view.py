"""The shaded text with its methods and the panel of a clicked word: one fragment of the page."""

import streamlit as st

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.log_odds import log_odds
from dlnlp.inference import HanPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han import explaining, exports
from dlnlp.ui.han.attention_numbers import attention_facts, han_data
from dlnlp.ui.han.methods import ATTENTION, HAN, METHODS, TARGETS, Method
from dlnlp.ui.shell.take_away import SavedFile, take_away
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import answers, compare, review_work, selection
from dlnlp.ui.text.answers import Answer, make_answer
from dlnlp.ui.text.highlighted_text import HighlightedTextData, Selection
from dlnlp.ui.text.method_text import agreement, beside_switch, method_switch
from dlnlp.ui.text.shaded_html import shaded_html
from dlnlp.ui.text.shaded_text import detail, gap_warning, selected_span, sums

__all__ = ["HAN", "answer_of", "attention_view", "prediction"]

_HELP = "\n\n".join(f"**{method.switch}**: {method.explained}" for method in METHODS.values())
_TARGET_HELP = (
    "The class whose log odds, log p / (1 − p), the signed methods explain. Choose 5 stars to see "
    "why it is not five stars. Attention is the same for every class."
)


def answer_of(result: AttentionResult) -> Answer:
    """The prediction alone."""
    return make_answer(result.class_names, result.probabilities, result.logits)


def prediction(result: AttentionResult) -> str:
    """The prediction in one plain sentence."""
    return answers.prediction(answer_of(result))


def _controls(class_names: tuple[str, ...]) -> tuple[Method, str]:
    """Draw the methods, what stands beside, and the class; returns the first two."""
    method: Method = method_switch(HAN, "shading", METHODS)
    with st.container(horizontal=True, gap="small"):
        beside = beside_switch(HAN, METHODS)
        st.selectbox(
            "Target class",
            list(TARGETS[: 1 + len(class_names)]),
            format_func=lambda t: "predicted" if t == "predicted" else class_names[int(t) - 1],
            key=HAN.setting("target"),
            persist_state="session",
            help=_TARGET_HELP,
            width=160,
        )
    return method, beside


def _panel(
    result: AttentionResult, attribution: Attribution[AttentionResult], selected: Selection
) -> None:
    name: Method = attribution.method.name  # type: ignore[assignment]
    title, facts = detail(attribution, METHODS[name], selected)
    reading = attribution.reading if name in ATTENTION else result
    told = {label for label, _ in facts}
    facts += [fact for fact in attention_facts(reading, selected) if fact[0] not in told]
    span = selected_span(attribution, selected)
    selection.panel(HAN, title, facts, result.text, span, sentence=selected["span"] is None)


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
    with left:
        main = explaining.attribute(predictor, result, method, target)
        if main is None:
            return
        data = han_data(main, METHODS[method])
        selected = selection.shaded_text(HAN, data, owner)
        st.caption(sums(main, f"the log odds of {name}", odds))
        if warning := gap_warning(main):
            st.warning(warning)
    if right is not None:
        with right:
            random = beside == "random"
            other: Method = method if random else beside  # type: ignore[assignment]
            second = explaining.attribute(predictor, result, other, target, random=random)
            if second is not None:
                drawn = han_data(second, METHODS[other])
                picked = selection.shaded_text(HAN, drawn, owner, "view_beside")
                selected = selected or picked
                st.caption(("Randomised weights. " if random else "") + agreement(main, second))
    if selected is None:
        selection.hint()
    else:
        _panel(result, main, selected)
    _downloads(result, predictor.name, main, data)


def _downloads(
    result: AttentionResult,
    model: str,
    attribution: Attribution[AttentionResult],
    data: HighlightedTextData,
) -> None:
    table, document, page = (
        lambda: exports.tokens_csv(result, attribution),
        lambda: exports.result_json(result, model, attribution),
        lambda: shaded_html(data, prediction(result)),
    )
    take_away(
        HAN,
        [
            SavedFile("Words (CSV)", "words.csv", "text/csv", table),
            SavedFile("Result (JSON)", "result.json", "application/json", document),
            SavedFile("Shaded text (HTML)", "shaded.html", "text/html", page),
        ],
    )
