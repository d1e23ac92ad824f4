"""The shaded review of the Kim CNN page: methods, text, the panel of a clicked word, downloads."""

import streamlit as st

from dlnlp.explain.attribution import Attribution
from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn import exports
from dlnlp.ui.kim_cnn.answer import prediction
from dlnlp.ui.kim_cnn.explaining import Explained, attribute
from dlnlp.ui.kim_cnn.methods import KIM, METHODS, Method
from dlnlp.ui.kim_cnn.region_text import kim_data, region_facts
from dlnlp.ui.shell.take_away import SavedFile, take_away
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import review_work, selection
from dlnlp.ui.text.compare import rerun_if_edited
from dlnlp.ui.text.highlighted_text import Selection
from dlnlp.ui.text.method_text import agreement, beside_switch, method_switch
from dlnlp.ui.text.shaded_html import shaded_html
from dlnlp.ui.text.shaded_text import detail, selected_span, sums

_HELP = "\n\n".join(f"**{method.switch}**: {method.explained}" for method in METHODS.values())


def _panel(
    explained: Explained, attribution: Attribution[SentimentResult], selected: Selection
) -> None:
    name: Method = attribution.method.name  # type: ignore[assignment]
    title, facts = detail(attribution, METHODS[name], selected)
    facts += region_facts(attribution, explained.evidence, selected)
    span = selected_span(attribution, selected)
    text = explained.result.text
    selection.panel(KIM, title, facts, text, span, sentence=selected["span"] is None)


def _beside(
    explained: Explained,
    predictor: KimCnnPredictor,
    first: Attribution[SentimentResult],
    beside: str,
) -> Selection | None:
    """Draw a second method; returns what is selected in it."""
    text, random = explained.result.text, beside == "random"
    other: Method = first.method.name if random else beside  # type: ignore[assignment]
    second = attribute(predictor.name, text, other, random)
    data = kim_data(second, METHODS[other], explained.evidence)
    owner = selection.identity(text, predictor.name)
    picked = selection.shaded_text(KIM, data, owner, "view_beside")
    st.caption(("Randomised weights. " if random else "") + agreement(first, second))
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
    data = kim_data(attribution, text, evidence)
    owner = selection.identity(result.text, predictor.name)
    left, right = (st.container(), None) if beside == "none" else st.columns(2, gap="medium")
    with left:
        selected = selection.shaded_text(KIM, data, owner)
        st.caption(sums(attribution, "the logit", evidence.logit))
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
                lambda: exports.words_csv(evidence, attribution),
            ),
            SavedFile(
                "N-grams (CSV)",
                "ngrams.csv",
                "text/csv",
                lambda: exports.regions_csv(result, evidence),
            ),
            SavedFile(
                "Result (JSON)",
                "result.json",
                "application/json",
                lambda: exports.result_json(evidence, attribution, network, predictor.name),
            ),
            SavedFile(
                "Shaded text (HTML)",
                "shaded.html",
                "text/html",
                lambda: shaded_html(data, prediction(result)),
            ),
        ],
    )
