"""The shaded review of the Kim CNN page: methods, text, the panel of a clicked word, downloads."""

import streamlit as st

from dlnlp.inference import KimCnnPredictor
from dlnlp.ui.kim_cnn import exports
from dlnlp.ui.kim_cnn.answer import verdict
from dlnlp.ui.kim_cnn.explaining import Explained, attribute
from dlnlp.ui.kim_cnn.methods import KIM, METHODS, Attribution, Method
from dlnlp.ui.kim_cnn.shaded_text import detail, row_words, view_data
from dlnlp.ui.shell.numbers import difference, signed
from dlnlp.ui.shell.take_away import SavedFile, take_away
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import review_work, selection
from dlnlp.ui.text.compare import rerun_if_edited
from dlnlp.ui.text.exports import shaded_html
from dlnlp.ui.text.highlighted_text import Selection
from dlnlp.ui.text.method_text import agreement, beside_switch, method_switch

_HELP = "\n\n".join(f"**{method.switch}**: {method.explained}" for method in METHODS.values())


def sums(explained: Explained, attribution: Attribution) -> str:
    """What the words add up to, in a line under the text."""
    result = explained.result
    words = float(attribution.words.sum(dtype="float64"))
    if attribution.method in ("evidence", "input_x_gradient"):
        return (
            f"All words {signed(words, 2)}, biases {difference(words, result.logit, 2)}: "
            f"together the score, {signed(result.logit, 2)}."
        )
    if attribution.method == "integrated_gradients" and attribution.gap is not None:
        return (
            f"All words {signed(words, 2)}. The score is {signed(result.logit, 2)}; an empty text "
            f"would have {difference(words - attribution.gap, result.logit, 2)}. The gap: "
            f"{signed(attribution.gap, 3)}."
        )
    return f"These numbers need not add up to the score, {signed(result.logit, 2)}."


def _panel(explained: Explained, attribution: Attribution, selected: Selection) -> None:
    result, word = explained.result, selected["span"]
    title, facts = detail(result, attribution, explained.evidence, explained.rows, selected)
    words = row_words(explained.rows, len(result.tokens))[selected["row"]]
    first, last = (words[0], words[-1]) if word is None else (word, word)
    span = int(result.token_spans[first, 0]), int(result.token_spans[last, 1])
    selection.panel(KIM, title, facts, result.text, span, sentence=word is None)


def _beside(
    explained: Explained, predictor: KimCnnPredictor, first: Attribution, beside: str
) -> Selection | None:
    """Draw a second method; returns what is selected in it."""
    result, random = explained.result, beside == "random"
    other: Method = first.method if random else beside  # type: ignore[assignment]
    second = attribute(predictor.name, result.text, other, random)
    data = view_data(result, second, explained.evidence, explained.rows)
    owner = selection.identity(result.text, predictor.name)
    picked = selection.shaded_text(KIM, data, owner, "view_beside")
    by_size = not (METHODS[first.method].signed and METHODS[other].signed)
    weights = "Random weights. " if random else ""
    st.caption(weights + agreement(first.words, second.words, by_size=by_size))
    return picked


@fragment
def text_view(explained: Explained, predictor: KimCnnPredictor) -> None:
    """Draw the methods, the shaded text, the panel and the downloads.

    Args:
        explained: What the network read, taken apart.
        predictor: The model that read it.
    """
    result, evidence = explained.result, explained.evidence
    rerun_if_edited(KIM, result.text)
    st.header("What it found", anchor=False, help=_HELP)
    method: Method = method_switch(KIM, "method", METHODS)
    beside = beside_switch(KIM, METHODS)
    review_work.keep(KIM, "view")
    text = METHODS[method]
    st.markdown(f"**{text.switch}:** {text.explained}")
    attribution = attribute(predictor.name, result.text, method)
    data = view_data(result, attribution, evidence, explained.rows)
    owner = selection.identity(result.text, predictor.name)
    left, right = (st.container(), None) if beside == "none" else st.columns(2, gap="medium")
    with left:
        selected = selection.shaded_text(KIM, data, owner)
        st.caption(sums(explained, attribution))
    if right is not None:
        with right:
            picked = _beside(explained, predictor, attribution, beside)
            selected = selected or picked
    if selected is None:
        selection.hint()
    else:
        _panel(explained, attribution, selected)
    network = predictor.runtime.network
    take_away(
        KIM,
        [
            SavedFile(
                "Words (CSV)",
                "words.csv",
                "text/csv",
                lambda: exports.words_csv(result, evidence, attribution),
            ),
            SavedFile(
                "Regions (CSV)",
                "regions.csv",
                "text/csv",
                lambda: exports.regions_csv(result, evidence),
            ),
            SavedFile(
                "Result (JSON)",
                "result.json",
                "application/json",
                lambda: exports.result_json(result, evidence, attribution, network, predictor.name),
            ),
            SavedFile(
                "Shaded text (HTML)",
                "shaded.html",
                "text/html",
                lambda: shaded_html(data, verdict(result)),
            ),
        ],
    )
