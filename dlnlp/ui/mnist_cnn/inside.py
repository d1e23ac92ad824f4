"""Inside the network: its layers for this digit, what it looked at, and the nearest digits."""

import math
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactError
from dlnlp.explain.digits import PATCH, EvidenceMap
from dlnlp.ui.mnist_cnn import charts as digit_charts
from dlnlp.ui.mnist_cnn import loading, state
from dlnlp.ui.mnist_cnn.flow import draw_flow, flow_data
from dlnlp.ui.mnist_cnn.gallery import Group, Tile, galleries
from dlnlp.ui.mnist_cnn.kernels import kernels_data, send_kernels
from dlnlp.ui.mnist_cnn.loading import DigitReading
from dlnlp.ui.mnist_cnn.pictures import evidence_html, figure_html, grey, scale_html, sheet, show
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.numbers import short
from dlnlp.ui.shell.parts import Part, parts
from dlnlp.ui.shell.turns import aside, give_way

_NEAREST = 16

Floats = NDArray[np.float32]


def inside(reading: DigitReading | None) -> None:
    """Draw the network, connected, and the tabs below it; only the open one computes."""
    _network(reading)
    views: dict[str, Part | None] = dict.fromkeys(state.INSIDE)
    if reading is not None and not reading.empty:
        drawn = (partial(view, reading) for view in (_nearest, _where, _changed))
        views = dict(zip(state.INSIDE, drawn, strict=True))
    parts(state.INSIDE_OPEN, views, "a digit", state.changed)


def _network(reading: DigitReading | None) -> None:
    if reading is None or reading.empty:
        draw_flow(None)
        return
    model = loading.predictor()
    version = str(model.card["card_sha256"])
    with aside():
        found = loading.flow(reading.image)
    give_way()
    shares = reading.probabilities.tolist()
    draw_flow(flow_data(found, model.network, model.class_names, shares, version))
    send_kernels(_kernels(version))


@st.cache_resource(show_spinner=False)
def _kernels(version: str) -> dict[str, Any]:
    return kernels_data(loading.predictor().network, version)


def _where(reading: DigitReading) -> None:
    first, second = reading.guesses
    digit = st.segmented_control(
        "What speaks for",
        range(10),
        required=True,
        format_func=lambda digit: (
            f"{digit} (first guess)"
            if digit == first
            else f"{digit} (second)"
            if digit == second
            else str(digit)
        ),
        default=first,
        key=f"digit_where_{first}",
        help="The maps show what speaks for this digit against the nine others.",
    )
    digit = first if digit is None else digit
    left, right = st.columns(2, gap="medium")
    with left:
        _evidence_map(
            "Occlusion",
            loading.occlusion(reading.image, digit),
            reading.image,
            f"A square of {PATCH} × {PATCH} pixels wipes the ink away, everywhere in turn. "
            f"Blue: without this ink it would look less like a {digit}. Orange: more.",
        )
    with right:
        with st.spinner("Nudging each of the 784 pixels …", show_time=False), aside():
            found = loading.gradient(reading.image, digit)
        _evidence_map(
            "Input gradient",
            found,
            reading.image,
            f"Each pixel is made a little brighter and a little darker. Blue: ink here would "
            f"speak for a {digit}. Orange: against. Empty pixels count, too.",
        )
    st.caption(
        f"Measured in the evidence for a {digit}, its log-odds against the others (now "
        f"{short(loading.occlusion(reading.image, digit).evidence)}): 0 is fifty-fifty, and "
        "each 1 more multiplies the odds by 2.7."
    )


def _evidence_map(title: str, found: EvidenceMap, image: Floats, caption: str) -> None:
    limit = float(np.abs(found.values).max())
    st.markdown(f"**{title}**")
    words = f"{title}: map of the evidence for {found.digit}. {caption}"
    show(
        [
            evidence_html(found.values, limit, image, words, "21rem"),
            scale_html(limit, "against", "for"),
        ]
    )
    st.caption(caption)


def _nearest(reading: DigitReading) -> None:
    st.caption(
        "The last layer before the answer turns a picture into a row of numbers. These training "
        "digits got the rows most like your digit's; below each, what it is and the cosine of the "
        "angle between the two rows (1 is the same direction)."
    )
    found = loading.neighbours(reading.embedding, _NEAREST)
    rows = [row for row, _, _ in found]
    try:
        pictures = loading.predictor().neighbour_pictures(rows)
    except ArtifactError as error:
        st.text(str(error))
        return
    group = Group(
        "Nearest training digits",
        pictures,
        [
            Tile(
                f"Training digit {row:,}: a {label}, similarity {near:.3f}", f"{label} · {near:.3f}"
            )
            for row, label, near in found
        ],
        size=76,
        across=8,
    )
    galleries([group], key="digit_nearest")


def _changed(reading: DigitReading) -> None:
    st.caption(
        "The prepared picture is changed and read again, without being prepared anew. Lines: the "
        "probabilities of the digits that reach a tenth somewhere. The pictures show what was read."
    )
    with aside():
        found = loading.responses(reading.image)
    colours = digit_charts.line_colours(found)
    pairs = math.ceil(len(found) / 2)
    for pair in range(pairs):
        for column, response in zip(
            st.columns(2, gap="medium"), found[2 * pair : 2 * pair + 2], strict=True
        ):
            with column:
                draw_chart(
                    digit_charts.response_figure(response, colours),
                    key=f"digit_response_{response.name}",
                    alt=digit_charts.response_in_words(response),
                )
                _strip(response.images, response.amounts, response.name)


def _strip(images: Floats, amounts: Floats, name: str) -> None:
    at = np.unique(np.linspace(0, len(images) - 1, 7).round().astype(int))
    words = f"What was read, {name}: " + ", ".join(short(float(amounts[k])) for k in at)
    show([figure_html(sheet(grey(images[at]), len(at), gap=1), words, "100%")])
