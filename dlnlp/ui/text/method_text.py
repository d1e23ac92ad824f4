"""How pages speak of methods that give each word a number, and set two of them side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.rank_correlation import kendall_tau
from dlnlp.inference.text_result import TextResult
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.text.review_page import ReviewPage

KEPT, RANDOM = "kept", "random"  # what can stand beside a shading, but for another method


@dataclass(frozen=True, slots=True)
class MethodText:
    """How the page speaks of a method.

    Attributes:
        switch: on the button.
        column: heading of the numbers of words.
        explained: what they say, one or two sentences of markdown.
        row_column: heading of the numbers of sentences.
    """

    switch: str
    column: str
    explained: str
    row_column: str = "Sum of its words"


def second_names(methods: Mapping[Any, MethodText]) -> dict[str, str]:
    """What can stand beside the shading of a text: names for links and for the page."""
    return {
        KEPT: "A kept version of the text",
        RANDOM: "Same method, randomised weights",
        **{str(name): method.switch for name, method in methods.items()},
    }


def method_switch(
    page: ReviewPage, setting: str, methods: Mapping[str, MethodText], main: Mapping[str, str]
) -> str:
    """Draw the choice of the method that shades words; returns its key.

    Args:
        page: The page.
        setting: Its setting that holds the method.
        methods: All methods.
        main: Those that have a button, and what stands on it; the others are in a menu.
    """
    state, key = st.session_state, page.setting(setting)
    buttons, more = page.key("main_methods"), page.key("more_methods")
    if state.get(key) not in methods:
        state[key] = next(iter(methods))
    chosen = str(state[key])
    state[buttons] = chosen if chosen in main else None

    def choose(widget: str) -> None:
        state[key] = state[widget] or state[key]  # a second click lets go of the button alone

    lines = [f"**{method.switch}**: {method.explained}" for method in methods.values()]
    explained = "\n\n".join(lines)
    with st.container(
        horizontal=True, gap="xsmall", vertical_alignment="center", key=page.key("method_row")
    ):
        st.segmented_control(
            "Shade words by",
            list(main),
            format_func=lambda name: main[name],
            key=buttons,
            on_change=choose,
            args=(buttons,),
            help=explained,
            label_visibility="collapsed",
        )
        rest = [name for name in methods if name not in main]
        st.menu_button(
            "More" if chosen in main else methods[chosen].switch,
            rest,
            format_func=lambda name: methods[name].switch,
            key=more,
            on_click=choose,
            args=(more,),
            type="secondary" if chosen in main else "primary",
            help=explained,
        )
    return chosen


def agreement(a: Attribution[TextResult], b: Attribution[TextResult]) -> str:
    """How far two methods agree on the order of the words that both read, in one sentence.

    Signs are left out where one of the two knows none. Raw scores keep theirs: only their order
    means something.
    """
    read = min(len(a.words), len(b.words))  # one of two networks may stop reading sooner
    first, second = a.words[:read], b.words[:read]
    scales = {a.method.scale, b.method.scale}
    by_size = scales != {"logit"} and "score" not in scales
    if by_size:
        first, second = np.abs(first), np.abs(second)
    tau = kendall_tau(first, second)
    if not np.isfinite(tau):
        return "One of them gives all words the same number: there is no order to compare."
    if abs(tau) < 0.1:
        much = "unrelated orders"
    elif tau < 0:
        much = "rather opposite orders"
    else:
        much = "much the same order" if tau > 0.6 else "a loosely similar order"
    size = ", by size" if by_size else ""
    return (
        f"They give the words {much}{size}: Kendall's τ is {signed(tau, 2)} "
        "(+1 the same, 0 unrelated, −1 the opposite order)."
    )
