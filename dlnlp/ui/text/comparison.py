"""Two shadings side by side: two methods, trained and randomised weights, or two versions."""

import streamlit as st

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.shading import common_scales
from dlnlp.ui.shell.tables import table
from dlnlp.ui.shell.turns import aside, fragment
from dlnlp.ui.text import answers, compare, review_work, versions
from dlnlp.ui.text.answers import Answer, answer_of
from dlnlp.ui.text.class_bars import target_of
from dlnlp.ui.text.highlighted_text import HighlightedTextData, highlighted_text
from dlnlp.ui.text.method_text import KEPT, RANDOM, agreement, second_names
from dlnlp.ui.text.review_page import ReviewPage
from dlnlp.ui.text.text_network import Result, TextNetwork

_HELP = (
    "**Same method, randomised weights** is a sanity check (Adebayo et al. 2018): the same method "
    "on a network of the same shape that has learned nothing. A picture that stays as it is shows "
    "the text, not what the network learned.\n\n"
    "**Points** are percentage points of probability. The **logit** of a class is log p / (1 − p): "
    "it goes on counting where a probability near 0 or 100 % hardly moves."
)


def _side(
    network: TextNetwork[Result],
    name: str,
    title: str,
    view: HighlightedTextData,
    answer: Answer | None = None,
) -> None:
    st.markdown(f"**{title}**")
    if answer is not None:
        st.text(answers.prediction(answer))
    highlighted_text(view, key=network.page.key(f"compared_{name}"))


@fragment
def comparison(network: TextNetwork[Result], text: str) -> None:
    """Draw two shadings side by side, on one scale where both count in the same unit.

    Args:
        network: The network.
        text: The text on the page; it holds a word.
    """
    page = network.page
    compare.rerun_if_edited(page, text)
    second = _switch(network)
    review_work.keep(page, "comparison")
    result = network.read(text).result
    if result is None:
        return
    if second == KEPT and not versions.differ(page):
        _nothing_kept(network)
        return
    method = str(st.session_state[page.setting(network.setting)])
    target = target_of(page, answer_of(result))
    with aside():
        first = network.attribute(result, method, target)
    if first is None:
        return  # progress is drawn; one computation at a time
    if second == KEPT:
        _versions(network, first, method, target)
    else:
        _methods(network, first, method, second, target)


def _switch(network: TextNetwork[Result]) -> str:
    page, names = network.page, second_names(network.methods)
    chosen: str | None = st.selectbox(
        "Compare with",
        list(names),
        format_func=lambda name: names[name],
        key=page.setting("beside"),
        persist_state="session",
        help=_HELP,
        width=320,
    )
    return chosen or KEPT


def _nothing_kept(network: TextNetwork[Result]) -> None:
    """Say how a second text comes here."""
    page = network.page
    kept = versions.kept(page) is not None
    st.caption(
        "This version is kept: change the text above, and both stand here side by side."
        if kept
        else "No version is kept yet. Keep this one and change the text above, or take an example."
    )
    with st.container(horizontal=True, gap="small"):
        if not kept:
            st.button(
                "Keep this version",
                key=page.key("keep_here"),
                on_click=versions.keep,
                args=(page,),
            )
        texts = {each.label: each.text for each in page.examples_for(network.model)}
        key = page.key("second_example")

        def take() -> None:
            if st.session_state[key] in texts:
                versions.keep(page, texts[st.session_state[key]])

        st.menu_button("Compare with an example", list(texts), key=key, on_click=take)


def _methods(
    network: TextNetwork[Result],
    first: Attribution[Result],
    method: str,
    beside: str,
    target: int,
) -> None:
    random, result = beside == RANDOM, first.reading
    other = method if random else beside
    with aside():
        second = network.attribute(result, other, target, random=random)
    if second is None:
        return
    scales = common_scales(first, second)
    titles = [network.methods[name].switch for name in (method, other)]
    if random:
        titles = [f"{titles[0]}, trained weights", f"{titles[1]}, randomised weights"]
    columns = st.columns(2, gap="medium")
    for column, name, title, attribution in zip(
        columns, ("first", "second"), titles, (first, second), strict=True
    ):
        with column:
            _side(network, name, title, network.view(attribution, scales))
    unit = "Both on one scale." if scales else "Their units differ: each has a scale of its own."
    st.caption(f"{unit} {agreement(first, second)}")


def _versions(
    network: TextNetwork[Result], first: Attribution[Result], method: str, target: int
) -> None:
    page = network.page
    kept = versions.kept(page) or ""
    reading = network.read(kept)
    _buttons(page, kept)
    if reading.result is None:
        st.text(reading.message)
        return
    with aside():
        second = network.attribute(reading.result, method, target)
    if second is None:
        return
    scales = common_scales(first, second)
    views = [network.view(each, scales) for each in (second, first)]
    compare.mark_changes(*views)
    both = [answer_of(each.reading) for each in (second, first)]
    switch = network.methods[method].switch
    columns = st.columns(2, gap="medium")
    for column, name, title, answer, view in zip(
        columns,
        ("first", "second"),
        (f"Kept version: {switch}", f"Now: {switch}"),
        both,
        views,
        strict=True,
    ):
        with column:
            _side(network, name, title, view, answer)
    st.caption("Both on one scale. Struck out: gone since. Underlined: new.")
    table(compare.changes(*both))


def _buttons(page: ReviewPage, kept: str) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            "Back to the kept version",
            key=page.key("reset"),
            on_click=versions.edit,
            args=(page, kept, "Went back to the kept version"),
        )
        st.button("Stop comparing", key=page.key("stop"), on_click=versions.forget, args=(page,))
        last = versions.to_undo(page)
        if last is not None:
            st.text(f"Last: {last}.", width="content")
