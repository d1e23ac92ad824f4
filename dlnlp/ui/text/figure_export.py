"""A figure of the shaded text, for a paper or slides: what it shows, its format, one button."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dlnlp.explain.attribution import Attribution
from dlnlp.figures import USUAL_WIDTH, WIDEST
from dlnlp.figures.figure import Figure
from dlnlp.figures.shaded import shaded_figure
from dlnlp.figures.writing import FORMATS, widest
from dlnlp.ui.text import versions
from dlnlp.ui.text.answers import answer_of
from dlnlp.ui.text.class_bars import target_of
from dlnlp.ui.text.method_text import KEPT, RANDOM, second_names
from dlnlp.ui.text.text_network import Result, TextNetwork

NOTHING = "none"
WIDTHS = (800, 1_600, 2_400, 3_200)
_HELP = (
    "Shades are underlined or overlined by their sign, so that the figure can be read in grey. The "
    "caption names the network, its hash and the method. **LaTeX** is a document that compiles by "
    "itself, to copy from."
)


def figure_export(network: TextNetwork[Result], attribution: Attribution[Result]) -> None:
    """Draw the choice of a figure and the button that saves it.

    Args:
        network: The network that read the text.
        attribution: What shades it.
    """
    page = network.page
    st.markdown("**Figure** for a paper or slides", help=_HELP)
    names = {NOTHING: "None"} | second_names(network.methods)
    if not versions.differ(page):
        names.pop(KEPT)
    names.pop(attribution.method.name)
    left, right = st.columns([3, 2])
    with left:
        beside = st.selectbox(
            "Compare with",
            list(names),
            format_func=lambda name: names[name],
            key=page.key("figure_beside"),
        )
    with right:
        kind = st.selectbox(
            "Format",
            list(FORMATS),
            format_func=lambda name: FORMATS[name].title,
            key=page.key("figure_format"),
        )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        numbers = st.toggle("Numbers under the words", key=page.key("figure_numbers"))
        width = USUAL_WIDTH
        if kind == "png":
            width = st.selectbox(
                "Width in pixels",
                WIDTHS,
                index=WIDTHS.index(USUAL_WIDTH),
                format_func=lambda pixels: f"{pixels:,}",
                key=page.key("figure_width"),
                width=130,
            )
    figure = _figure(network, attribution, beside, numbers)
    if figure is None:
        return
    if kind == "png" and (most := min(widest(figure), WIDEST)) < width:
        st.caption(f"This text is long: the picture is {most:,} pixels wide.")
        width = most
    made = FORMATS[kind]
    st.download_button(
        f"Save as {made.title}",
        partial(made.write, figure, width),
        file_name=f"figure.{kind}",
        mime=made.mime,
        on_click="ignore",
        icon=":material/download:",
        key=page.key("save_figure"),
    )


def _figure(
    network: TextNetwork[Result], attribution: Attribution[Result], beside: str, numbers: bool
) -> Figure | None:
    """The figure; None while something is computed, or where the other text holds no word."""
    page, method, reading = network.page, attribution.method, attribution.reading
    make: Callable[..., Figure] = partial(
        shaded_figure, model=network.model, card=network.card, numbers=numbers
    )
    if beside == NOTHING:
        return make([attribution])
    target = target_of(page, answer_of(reading))
    if beside == KEPT:
        kept = network.read(versions.kept(page) or "")
        if kept.result is None:
            st.text(kept.message)
            return None
        before = network.attribute(kept.result, method.name, target)
        if before is None:
            return None
        headings = [f"{when}: {method.title}" for when in ("Before", "After")]
        return make([before, attribution], headings=headings)
    random = beside == RANDOM
    second = network.attribute(reading, method.name if random else beside, target, random=random)
    if second is None:
        return None
    weights = ("trained weights", "randomised weights") if random else ()
    return make([attribution, second], headings=[f"{method.title}, {which}" for which in weights])
