"""The upper part of a page that reads reviews: the editor, the prediction, the methods."""

import streamlit as st

from dlnlp.explain.attribution import METHODS, Attribution
from dlnlp.explain.targets import quantity, value_of
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.shell.turns import fragment, yield_turn
from dlnlp.ui.text import compare, known_words, real_reviews, review_input, versions
from dlnlp.ui.text.answers import answer_of
from dlnlp.ui.text.class_bars import class_bars, target_of
from dlnlp.ui.text.editor import editor, known
from dlnlp.ui.text.editor_shading import shading
from dlnlp.ui.text.figure_export import figure_export
from dlnlp.ui.text.method_text import method_switch
from dlnlp.ui.text.shaded_text import gap_warning, sums
from dlnlp.ui.text.take_away import take_away
from dlnlp.ui.text.text_network import Result, TextNetwork

CHOOSE_CLASS = "The bar with the mark is the class that is explained. Click another one."


def method_of(network: TextNetwork[Result]) -> str:
    """The method that the visitor has chosen; the first one by default."""
    chosen = st.session_state.get(network.page.setting(network.setting))
    return str(chosen) if chosen in network.methods else next(iter(network.methods))


def no_target(network: TextNetwork[Result], method: str) -> str:
    """Why no class can be chosen with a method; empty where one can."""
    if METHODS[method].signed:
        return ""
    name = network.methods[method].switch
    others = " or ".join(short for name, short in network.main.items() if METHODS[name].signed)
    return f"{name} is the same for every class. To choose one, shade by {others}."


def _note(reading: Result, target: int) -> str:
    """What a click on a bar does, and what the number is where no class alone is explained."""
    if target < len(reading.class_names):
        return CHOOSE_CLASS
    value = signed(value_of(reading, target), 2)
    return f"{value} is {quantity(reading, target)}. This is explained; click a class for that one."


def board(network: TextNetwork[Result]) -> Attribution[Result] | None:
    """Draw the editor with its shades, the prediction and the methods.

    Args:
        network: The network that reads.

    Returns:
        What shades the text; None where there is nothing to read, or while it is computed.
    """
    page = network.page
    text = known(page).text
    reading = network.read(text)
    method = method_of(network)
    left, right = st.columns([7, 5], gap="medium")
    with right, st.container(key=page.key("prediction"), gap="small"):
        if reading.result is None:
            st.info(reading.message)
        else:
            why_not = no_target(network, method)
            answer = answer_of(reading.result)
            note = why_not or _note(reading.result, target_of(page, answer))
            class_bars(page, answer, note, enabled=not why_not)
    with right:
        method = method_switch(page, network.setting, network.methods, network.main)
        st.caption(f"**{network.methods[method].switch}:** {network.methods[method].explained}")
        yield_turn()  # the prediction is there: the shades may take longer
        attribution = None
        if reading.result is not None:
            target = target_of(page, answer)
            attribution = network.attribute(reading.result, method, target)
            _below(network, attribution, target)
            known_words.unknown_words(reading.result.tokens, reading.result.token_known)
            compare.change_line(page, network.answer_to)
            real_reviews.writers_label(page, answer.class_names, int(answer.probabilities.argmax()))
    with left, st.container(gap=None):
        waiting = attribution is None and reading.result is not None
        editor(
            page,
            None if attribution is None else shading(attribution, network.view(attribution, None)),
            f"{network.methods[method].switch}: not computed yet" if waiting else "",
        )
        review_input.toolbar(page)
    return attribution


def _below(
    network: TextNetwork[Result], attribution: Attribution[Result] | None, target: int
) -> None:
    if attribution is None:
        return
    reading = attribution.reading
    if line := sums(attribution, quantity(reading, target), value_of(reading, target)):
        st.caption(line)
    if warning := gap_warning(attribution):
        st.warning(warning)


@fragment
def share_and_export(network: TextNetwork[Result]) -> None:
    """Draw the button that opens the link and the files; they are made when it is open."""
    page = network.page

    def explained() -> Attribution[Result] | None:
        result = network.read(versions.text(page)).result
        if result is None:
            return None
        target = target_of(page, answer_of(result))
        return network.attribute(result, method_of(network), target)

    def figure() -> None:
        if (found := explained()) is not None:
            figure_export(network, found)

    take_away(page, lambda: [] if (found := explained()) is None else network.files(found), figure)
