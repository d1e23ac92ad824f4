"""The input of the page of digits: draw, upload, or pick a test digit of MNIST."""

import functools
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactError
from dlnlp.images import ImageError, read_image
from dlnlp.ui.mnist_cnn import loading, state, strokes, upload, work
from dlnlp.ui.mnist_cnn.drawing_canvas import drawing_canvas
from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.mnist_cnn.gallery import Group, Tile, gallery
from dlnlp.ui.mnist_cnn.loading import DigitReading
from dlnlp.ui.mnist_cnn.picking import pick_test_digit
from dlnlp.ui.mnist_cnn.pictures import fitted
from dlnlp.ui.mnist_cnn.state import CANVAS, SOURCE, SOURCES, Source

FILE_TYPES = ("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff")
_UPLOADS = "digit_uploads"
_TITLES: dict[Source, str] = {"draw": "Draw", "upload": "Upload", "test": "Test digits"}


@dataclass(frozen=True, eq=False)
class Subject:
    """What the page is about now.

    Attributes:
        reading: the network's answer; None when there is nothing to read.
        message: a sentence for the page then.
        note: a sentence below the answer.
    """

    reading: DigitReading | None
    message: str = ""
    note: str = ""


@functools.cache
def _examples() -> Group:
    pictures = np.stack([strokes.rasterize(example.drawing, 120) for example in EXAMPLES])
    tiles = [Tile(example.label) for example in EXAMPLES]
    return Group("Examples", pictures, tiles, size=34, ink=True, across=7)


@st.cache_resource(max_entries=16, show_spinner=False)
def _decoded(key: str, _data: bytes) -> NDArray[np.uint8] | str:
    try:
        return read_image(_data)
    except ImageError as error:
        return str(error)


def source_switch() -> None:
    """Draw the switch between the three ways."""
    st.segmented_control(
        "Where the digit comes from",
        SOURCES,
        required=True,
        format_func=lambda source: _TITLES[source],
        key=SOURCE,
        on_change=state.changed,
        persist_state="session",
        label_visibility="collapsed",
    )


def input_panel() -> None:
    """Draw the chosen way."""
    source = st.session_state[SOURCE]
    if source == "upload":
        _upload()
    elif source == "test":
        try:
            pick_test_digit()
        except ArtifactError as error:
            st.text(str(error))
    else:
        _draw()
    if state.link_error():
        st.warning(state.link_error())


def _draw() -> None:
    example = state.example()
    drawing_canvas(
        state.drawing(),
        key=CANVAS,
        page=work.PAGE,
        heard=state.heard(),
        load=state.load(),
        before=state.before(),
        under=state.under(),
        replace_on_first_stroke=example is not None,
        width=state.pen(),
        label="Draw a digit here",
        on_draw=state.take_drawing,
    )


def examples() -> None:
    """Draw the ready-made drawings to click; nothing where the visitor does not draw."""
    if st.session_state[SOURCE] != "draw":
        return
    example = state.example()
    st.caption(
        "An example: draw, and it makes way. Or try another:"
        if example is not None
        else "Examples to try:"
    )
    gallery(_examples(), key="digit_examples", selected=example, on_pick=state.set_example)


def _take_file(key: str) -> None:
    file = st.session_state.get(key)
    if file is None:
        upload.drop_upload()
    else:
        upload.set_upload(file.name, file.getvalue())


def _undo_upload() -> None:
    upload.undo_upload()
    # Another field: this one says the name of a file that is not shown.
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1


def _upload() -> None:
    key = f"digit_file_{st.session_state.get(_UPLOADS, 0)}"
    file = st.file_uploader(
        "A picture of one digit",
        FILE_TYPES,
        key=key,
        on_change=_take_file,
        args=(key,),
        help="A photo of paper will do: uneven light, colours, a JPEG of up to 25 million "
        "pixels. It is read on the machine that serves this page and not kept.",
    )
    kept = upload.upload()
    if kept is None and work.picture_lost():
        st.warning(work.LOST)
    pixels = "" if kept is None else _decoded(kept.key, kept.data)
    if not isinstance(pixels, str):
        st.image(fitted(pixels, 220, 320), alt="The picture you uploaded")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if kept is not None:
            st.text(kept.name[:80])
        # The uploader forgets its file when the page is left; the page does not.
        if kept is not None and file is None:
            st.button("Remove", on_click=upload.drop_upload)
        if upload.can_undo_upload():
            st.button(
                "Undo", on_click=_undo_upload, help="Brings back the picture that was here before."
            )


def subject() -> Subject:
    """What the network says to what is chosen now."""
    source = st.session_state[SOURCE]
    if source == "test":
        return _test_digit()
    if source == "upload":
        return _uploaded()
    drawing = state.drawing()
    if not drawing:
        return Subject(None, "Draw a digit, or click an example: the answer appears here.")
    return _prepared(strokes.encode(drawing), strokes.rasterize(drawing), drawn=True)


def _test_digit() -> Subject:
    row = state.row()
    try:
        reading, label = loading.read_test_digit(row)
        return Subject(reading, note=f"Test digit {row:,}, by its label a {label}.")
    except (LookupError, ArtifactError) as error:
        return Subject(None, str(error))


def _uploaded() -> Subject:
    kept = upload.upload()
    if kept is None:
        return Subject(None, "Choose a file: the answer appears here.")
    pixels = _decoded(kept.key, kept.data)
    return Subject(None, pixels) if isinstance(pixels, str) else _prepared(kept.key, pixels)


def _prepared(key: str, pixels: NDArray[np.uint8], drawn: bool = False) -> Subject:
    off = state.switches_off()
    reading = loading.read_picture(key, off, pixels, drawn)
    if not off or reading.empty:
        return Subject(reading)
    whole = loading.read_picture(key, (), pixels, drawn).guesses[0]
    return Subject(
        reading, note=f"With every step of the preparation on, it would be read as {whole}."
    )
