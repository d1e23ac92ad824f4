"""The network drawn for a review, one filter's formula, the filter dictionary: one fragment."""

import streamlit as st

from dlnlp.explain.filter_reading import read_filter
from dlnlp.inference import KimCnnPredictor
from dlnlp.ui.kim_cnn.dictionary import dictionary, dictionary_view
from dlnlp.ui.kim_cnn.explaining import Explained
from dlnlp.ui.kim_cnn.filter_view import filter_panel
from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.kim_cnn.network import (
    draw_network,
    drawn_filters,
    filter_name,
    network_data,
    valid_filter,
)
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.shell.turns import fragment

FILTER = KIM.key("filter")
_BOX = KIM.key("filter_box")
_DRAWING = KIM.key("network")


def _choose(number: int) -> None:
    st.session_state[FILTER] = number


def _pick(filters: int) -> None:
    state = st.session_state.get(_DRAWING)
    picked = valid_filter(state.get("filter") if state else None, filters)
    if picked is not None:
        _choose(picked)


def chosen_filter(explained: Explained, filters: int) -> int:
    """The filter whose formula is shown: the visitor's choice, else the one that adds most."""
    chosen = valid_filter(st.session_state.get(FILTER), filters)
    if chosen is not None:
        return chosen
    drawn = drawn_filters(explained.evidence, 1)
    return int(drawn[0]) if len(drawn) else 0


@fragment
def network_view(explained: Explained, predictor: KimCnnPredictor) -> None:
    """Draw the network for this review, the chosen filter, and all filters.

    Args:
        explained: What the network read, taken apart.
        predictor: The model that read it.
    """
    result, evidence = explained.result, explained.evidence
    network, filters = predictor.runtime.network, len(predictor.filters)
    fired = int((result.pooled > 0).sum())
    st.header("The network, for this review", anchor=False)
    st.markdown(
        f"{fired:,} of {filters:,} filters fired. Each kept the one place where the text suits it "
        "best, and adds its value there times its weight. These add most; click on one for its "
        "formula."
    )
    number = chosen_filter(explained, filters)
    data = network_data(result, evidence, network.filter_widths, evidence.weights, selected=number)
    draw_network(data, key=_DRAWING, on_pick=lambda: _pick(filters))
    order = [int(k) for k in abs(evidence.filters).argsort(kind="stable")[::-1]]
    st.session_state[_BOX] = number
    st.selectbox(
        "Filter",
        order,
        key=_BOX,
        on_change=lambda: _choose(st.session_state[_BOX]),
        format_func=lambda k: (
            f"{filter_name(k)} ({predictor.filters[k].width} words), adds "
            f"{signed(float(evidence.filters[k]), 2)}"
        ),
        width=320,
    )
    filter_panel(
        result, read_filter(result, network, number, evidence.target), predictor.filters[number]
    )
    st.header("What each filter listens to", anchor=False)
    table = dictionary(predictor.filters, evidence.weights, result, evidence)
    dictionary_view(table, KIM.key("search"), KIM.key("only_fired"), _choose)
