"""How pages speak of methods that give each word a number, and set two of them side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.explain.rank_correlation import kendall_tau
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.text.review_page import ReviewPage

_BESIDE_HELP = (
    "Sets a second method beside the first. **The same, random weights** is a sanity check "
    "(Adebayo et al. 2018): the same method on a network of the same shape that has learned "
    "nothing. A picture that stays as it is shows the text, not what the network learned."
)


@dataclass(frozen=True, slots=True)
class MethodText:
    """How the page speaks of a method.

    Attributes:
        switch: on the button.
        column: heading of its numbers.
        explained: what they say, one or two sentences of markdown.
        signed: whether a number may speak for either side.
    """

    switch: str
    column: str
    explained: str
    signed: bool = True


def beside_names(methods: Mapping[Any, MethodText]) -> dict[str, str]:
    """What can stand beside a method: nothing, another one, itself with random weights."""
    names = {str(name): method.switch for name, method in methods.items()}
    return {"none": "nothing", **names, "random": "the same, random weights"}


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
        "Beside it",
        list(names),
        format_func=lambda name: names[name],
        key=page.setting("beside"),
        persist_state="session",
        help=_BESIDE_HELP,
        width=260,
    )
    return chosen or "none"


def agreement(a: NDArray[Any], b: NDArray[Any], *, by_size: bool) -> str:
    """How far two methods agree on the order of the N words, in one sentence.

    Args:
        a: float ``[N]``.
        b: float ``[N]``.
        by_size: whether signs are left out, where one method knows none.
    """
    tau = kendall_tau(np.abs(a), np.abs(b)) if by_size else kendall_tau(a, b)
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
