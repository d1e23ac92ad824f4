"""How pages speak of methods that give each word a number, and set two of them side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from dlnlp.explain.attribution import Attribution, ReadText
from dlnlp.explain.rank_correlation import kendall_tau
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.text.review_page import ReviewPage

_BESIDE_HELP = (
    "Sets a second method beside the first. **Same method, randomised weights** is a sanity check "
    "(Adebayo et al. 2018): the same method on a network of the same shape that has learned "
    "nothing. A picture that stays as it is shows the text, not what the network learned."
)


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


def beside_names(methods: Mapping[Any, MethodText]) -> dict[str, str]:
    """What can stand beside a method: nothing, another one, itself with random weights."""
    names = {str(name): method.switch for name, method in methods.items()}
    return {"none": "none", **names, "random": "Same method, randomised weights"}


def method_switch(page: ReviewPage, setting: str, methods: Mapping[Any, MethodText]) -> Any:
    """Draw the choice of the method that shades words; returns its key."""
    chosen = st.segmented_control(
        "Shade words by",
        list(methods),
        required=True,
        format_func=lambda name: methods[name].switch,
        key=page.setting(setting),
        persist_state="session",
        label_visibility="collapsed",
    )
    return chosen or next(iter(methods))


def beside_switch(page: ReviewPage, methods: Mapping[Any, MethodText]) -> str:
    """Draw the choice of what stands beside it; returns a key of `beside_names`."""
    names = beside_names(methods)
    chosen: str | None = st.selectbox(
        "Compare with",
        list(names),
        format_func=lambda name: names[name],
        key=page.setting("beside"),
        persist_state="session",
        help=_BESIDE_HELP,
        width=260,
    )
    return chosen or "none"


def agreement(a: Attribution[ReadText], b: Attribution[ReadText]) -> str:
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
