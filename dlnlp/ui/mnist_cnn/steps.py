"""How a picture was prepared, as a strip of pictures with a switch a step: one component."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypedDict

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.images import Step
from dlnlp.ui.mnist_cnn.pictures import grey, png_uri
from dlnlp.ui.shell.component import component

SWITCHES = ("background", "stroke", "crop", "scale", "center")
_LARGE = 120  # pictures with more pixels a side are drawn smoothly
_TITLES = {
    "ink": "Ink",
    "background": "Remove background",
    "stroke": "Normalise stroke width",
    "crop": "Crop",
    "scale": "Scale",
    "center": "Centre",
    "mnist": "As in MNIST",
}


class StepData(TypedDict):
    """One step."""

    name: str
    title: str
    picture: str  # address of an image
    smooth: bool
    words: str
    size: str
    on: bool | None  # None: this step has no switch


_HTML = """
<section class="preparation" aria-label="Preparation of the picture">
  <h2>What the network gets to see</h2>
  <ol class="steps"></ol>
  <p class="words"></p>
</section>
"""
_ABOUT = (
    "MNIST's digits were cut out, scaled into 20 × 20 pixels and laid with their centre of mass in "
    "the middle of 28 × 28. Turn a step off to see what breaks."
)
_mount = component(__file__, _HTML)


@lru_cache(maxsize=256)
def _uri(raw: bytes, shape: tuple[int, ...]) -> str:
    return png_uri(np.frombuffer(raw, np.uint8).reshape(shape))


def step_data(step: Step, off: Sequence[str]) -> StepData:
    """A step of the preparation as the component draws it."""
    height, width = step.image.shape
    return StepData(
        name=step.name,
        title=_TITLES.get(step.name, step.name),
        picture=_uri(step.image.tobytes(), step.image.shape),
        smooth=max(height, width) > _LARGE,
        words=step.explanation,
        size=f"{width} × {height} pixels",
        on=step.name not in off if step.name in SWITCHES else None,
    )


def prepared_already(image: NDArray[np.float32]) -> tuple[Step, ...]:
    """The one picture of a digit of MNIST, float32 ``[28, 28]`` in [0, 1]."""
    words = "A digit of MNIST is prepared already: these are its 28 × 28 pixels."
    return (Step("mnist", words, grey(image)),)


def valid_off(reported: Any) -> tuple[str, ...] | None:
    """Names of the steps that the browser says are off, in order; None for anything else."""
    if not isinstance(reported, list) or len(reported) > len(SWITCHES):
        return None
    return tuple(name for name in SWITCHES if name in reported)


def draw_steps(
    steps: Sequence[Step],
    off: Sequence[str],
    *,
    key: str,
    on_switch: Callable[[tuple[str, ...]], None],
) -> None:
    """Draw the strip; `on_switch` gets the names of the steps that are off before the rerun."""

    def switched() -> None:
        state = st.session_state.get(key)
        names = valid_off(state.get("off") if state else None)
        if names is not None:
            on_switch(names)

    data = {"steps": [step_data(step, off) for step in steps], "about": _ABOUT}
    _mount(key=key, data=data, on_off_change=switched)
