"""The same review through the HAN and the Kim CNN, side by side."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import compare, review_work
from dlnlp.ui.text.answers import answer_of, prediction
from dlnlp.ui.text.highlighted_text import highlighted_text
from dlnlp.ui.text.method_text import agreement
from dlnlp.ui.text.review_page import ReviewPage
from dlnlp.ui.text.text_network import text_network_of

HAN_MODEL, POSITIVE = "han_imdb", 1
# Each network's page, its name, and its own method.
_SIDES = (
    ("han", "Hierarchical attention", "product"),
    ("kim_cnn", "Kim's convolutional network", "evidence"),
)
Choice = Literal["own", "unknown"]
_CHOICES: Mapping[Choice, str] = {
    "own": "Each by its own method",
    "unknown": "Both by leaving out words",
}
_HELP = (
    "Both networks learned from the same film reviews. **Each by its own method**: attention for "
    "the HAN, exact contributions for the Kim CNN; these are different quantities. **Both by "
    "leaving out words**: how much each loses of its log odds of a positive review when a "
    "word alone is masked; these can be compared."
)


def both_here() -> bool:
    """Whether both models are on this machine."""
    return HAN_MODEL in loading.han_models() and bool(loading.kim_models())


@fragment
def two_networks(page: ReviewPage, text: str) -> None:
    """Draw the comparison; both models are on this machine.

    Args:
        page: The page.
        text: The review; it holds a word.
    """
    compare.rerun_if_edited(page, text)
    chosen: Choice | None = st.segmented_control(
        "The same review, read by both",
        list(_CHOICES),
        required=True,
        format_func=lambda name: _CHOICES[name],
        key=page.setting("both"),
        persist_state="session",
        help=_HELP,
    )
    review_work.keep(page, "both")
    try:
        predictors = (
            loading.han_predictor(HAN_MODEL),
            loading.kim_predictor(loading.kim_models()[0]),
        )
    except ArtifactError as error:
        st.text(str(error))
        return
    found = []
    columns = st.columns(2, gap="medium")
    for (name, title, own), predictor, column in zip(_SIDES, predictors, columns, strict=True):
        network = text_network_of(name, predictor)
        result = network.read(text).result
        if result is None:
            return
        method = "unknown" if chosen == "unknown" else own
        attribution = network.attribute(result, method, POSITIVE)
        if attribution is None:
            return
        found.append(attribution)
        with column:
            st.markdown(f"**{title}**")
            st.text(prediction(answer_of(result)))
            highlighted_text(network.view(attribution, None), key=page.key(f"both_{name}"))
    first, second = found
    spans, others = first.reading.token_spans, second.reading.token_spans
    both = min(len(spans), len(others))  # one of the two may stop reading sooner
    if np.array_equal(spans[:both], others[:both]):
        st.caption(agreement(first, second))
