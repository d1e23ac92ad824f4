"""The same review through the HAN and the Kim CNN, side by side."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.ui.han import explaining as han_explaining
from dlnlp.ui.han.attention_numbers import han_data
from dlnlp.ui.han.methods import METHODS as HAN_METHODS
from dlnlp.ui.han.methods import Method as HanMethod
from dlnlp.ui.kim_cnn import explaining as kim_explaining
from dlnlp.ui.kim_cnn.methods import METHODS as KIM_METHODS
from dlnlp.ui.kim_cnn.methods import Method as KimMethod
from dlnlp.ui.kim_cnn.region_text import kim_data
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import compare, review_work
from dlnlp.ui.text.answers import answer_of, prediction
from dlnlp.ui.text.highlighted_text import HighlightedTextData, highlighted_text
from dlnlp.ui.text.method_text import agreement
from dlnlp.ui.text.review_page import ReviewPage

HAN_MODEL, POSITIVE = "han_imdb", 1
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


def _text(page: ReviewPage, name: str, title: str, answer: str, data: HighlightedTextData) -> None:
    st.markdown(f"**{title}**")
    st.text(answer)
    highlighted_text(data, key=page.key(f"both_{name}"))


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
    own = chosen != "unknown"
    try:
        han, kim = loading.han_predictor(HAN_MODEL), loading.kim_predictor(loading.kim_models()[0])
    except ArtifactError as error:
        st.text(str(error))
        return
    reading = loading.read_review(han.name, text).result
    explained = kim_explaining.explain(kim.name, text)
    if reading is None or explained is None:
        return
    han_method: HanMethod = "product" if own else "unknown"
    kim_method: KimMethod = "evidence" if own else "unknown"
    first = han_explaining.attribute(han, reading, han_method, POSITIVE)
    second = kim_explaining.attribute(kim.name, text, kim_method)
    if first is None:
        return
    left, right = st.columns(2, gap="medium")
    with left:
        data = han_data(first, HAN_METHODS[han_method])
        _text(page, "han", "Hierarchical attention", prediction(answer_of(reading)), data)
    with right:
        data = kim_data(second, KIM_METHODS[kim_method], explained.evidence)
        answer = prediction(answer_of(explained.result))
        _text(page, "kim", "Kim's convolutional network", answer, data)
    spans, others = reading.token_spans, explained.result.token_spans
    both = min(len(spans), len(others))  # one of the two may stop reading sooner
    if np.array_equal(spans[:both], others[:both]):
        st.caption(agreement(first, second))
