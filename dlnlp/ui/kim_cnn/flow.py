"""The network of one text, connected: words, windows, feature maps, maxima, their sum.

The drawing is laid out in the browser, where the width is known (the scripts ``flow*.js``). It
reports which filter was opened, what was searched for, and which class is asked for.
"""

from typing import Any

import numpy as np
import streamlit as st

from dlnlp.explain.evidence import evidence
from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.flow_data import FlowData, flow_data
from dlnlp.ui.kim_cnn.flow_details import detail, find_filters, terms
from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.save_picture import save_picture
from dlnlp.ui.shell.turns import fragment

DRAWING = KIM.key("flow")
SOURCES = (
    "Kim, Y. (2014). *Convolutional Neural Networks for Sentence Classification*. EMNLP. "
    "[D14-1181](https://aclanthology.org/D14-1181/) (the network)",
    "Johnson, R. and Zhang, T. (2015). *Effective Use of Word Order for Text Categorization with "
    "Convolutional Neural Networks*. NAACL. [N15-1011](https://aclanthology.org/N15-1011/) "
    "(predictive regions)",
    "Simonyan, K., Vedaldi, A. and Zisserman, A. (2014). *Deep Inside Convolutional Networks*. "
    "ICLR workshop. [arXiv:1312.6034](https://arxiv.org/abs/1312.6034) (gradients as saliency)",
    "Li, J., Chen, X., Hovy, E. and Jurafsky, D. (2016). *Visualizing and Understanding Neural "
    "Models in NLP*. NAACL. [N16-1082](https://aclanthology.org/N16-1082/) (saliency of words); "
    "Li, J., Monroe, W. and Jurafsky, D. (2016). *Understanding Neural Networks through "
    "Representation Erasure*. [arXiv:1612.08220](https://arxiv.org/abs/1612.08220) (leaving out)",
    "Sundararajan, M., Taly, A. and Yan, Q. (2017). *Axiomatic Attribution for Deep Networks*. "
    "ICML. [arXiv:1703.01365](https://arxiv.org/abs/1703.01365) (integrated gradients)",
)

_mount = component(__file__, '<div class="flow hued"></div>')


def _nothing() -> None:
    """Streamlit keeps a component's value only where somebody listens to it."""


def whole_number(value: Any, below: int) -> int | None:
    """Check what the browser sent: a whole number from 0 up to a limit, or None.

    Args:
        value: Anything.
        below: The limit; the number is smaller.
    """
    # JavaScript knows no whole numbers.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value < below else None


def chosen_class(asked: Any, first: int, result: SentimentResult) -> int:
    """The class whose logit is taken apart: a visitor's choice holds while the page keeps its own.

    Args:
        asked: What the browser sent; anything.
        first: The page's own choice.
        result: What the network read.
    """
    choice = asked.get("target") if isinstance(asked, dict) else None
    if not isinstance(choice, dict) or choice.get("instead_of") != first:
        return first
    chosen = whole_number(choice.get("chosen"), len(result.class_names))
    return first if chosen is None else chosen


@loading.of_a_network
@st.cache_resource(max_entries=32, show_spinner=False)
def _taken_apart(
    model: str, text: str, target: int, _result: SentimentResult, _predictor: KimCnnPredictor
) -> FlowData:
    return flow_data(_result, _predictor, evidence(_result, _predictor.runtime.network, target))


def asked_for(
    asked: Any, data: FlowData, result: SentimentResult, predictor: KimCnnPredictor
) -> FlowData:
    """The data of a drawing with what its visitor has asked for.

    Args:
        asked: What the browser sent; anything.
        data: The text taken apart.
        result: What the network read.
        predictor: The model that read it.
    """
    asked = asked if isinstance(asked, dict) else {}
    opened = whole_number(asked.get("opened"), data["many_filters"])
    query = asked.get("query")
    data = FlowData(**data)
    if opened is not None:
        one = detail(result, predictor, opened, data["target"])
        one["terms"] = terms(result, predictor, opened)
        others = [known for known in data["details"] if known["number"] != opened]
        data["details"] = [*others, one]
    if isinstance(query, str) and query.strip():
        found = evidence(result, predictor.runtime.network, data["target"])
        data["found"] = find_filters(predictor, found.filters.astype(np.float64), query[:60])
    return data


@fragment
def kim_flow(
    result: SentimentResult, predictor: KimCnnPredictor, target: int | None = None
) -> None:
    """Draw the network for a text.

    Args:
        result: What the network read.
        predictor: The model that read it.
        target: The class whose logit is taken apart, until the visitor chooses another here; None:
            the predicted one.
    """
    asked = dict(st.session_state.get(DRAWING) or {})
    first = result.predicted if target is None else target
    target = chosen_class(asked, first, result)
    data = _taken_apart(predictor.name, result.text, target, result, predictor)
    _mount(
        key=DRAWING,
        data={**asked_for(asked, data, result, predictor), "first_target": first},
        on_opened_change=_nothing,
        on_query_change=_nothing,
        on_target_change=_nothing,
    )
    save_picture(DRAWING, ".flow > svg", "kim_cnn_network", f"{predictor.name}, connected")
    with st.expander("Sources"):
        st.markdown("\n\n".join(f":small[{source}]" for source in SOURCES))
