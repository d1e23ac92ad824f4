"""Cached loading for the page of digits: the model once a process, answers once a digit."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp import artifacts
from dlnlp.artifacts import ArtifactError, open_artifact
from dlnlp.explain import digits
from dlnlp.explain.digit_flow import DigitFlow, digit_flow
from dlnlp.images import Preprocessed, Step, Steps, preprocess
from dlnlp.inference.digits import DigitPredictor
from dlnlp.ui.shell import heap

MODEL = "mnist_cnn"
ABOUT_DRAWN_INK = "Your strokes become light ink on black, as MNIST's are."
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DigitReading:
    """The network's answer to one picture.

    Attributes:
        image: what it read, [28, 28].
        steps: how the picture was prepared; none for a digit of MNIST.
        empty: there is no ink in it; nothing below means anything then.
        note: what was found in the picture, a sentence.
        probabilities: [10].
        embedding: the last layer before the classes, [D].
        not_a_digit: score in [0, 1], higher for what is less like a digit.
        is_digit: whether that score is below the threshold.
    """

    image: Floats
    steps: tuple[Step, ...]
    empty: bool
    note: str
    probabilities: Floats
    embedding: Floats
    not_a_digit: float
    is_digit: bool

    @property
    def guesses(self) -> tuple[int, int]:
        """The most and the second most probable digit."""
        first, second = np.argsort(-self.probabilities, kind="stable")[:2]
        return int(first), int(second)


@dataclass(frozen=True, eq=False)
class DigitEvaluation:
    """The model's answers to the 10,000 test digits, as they were when it was evaluated.

    Attributes:
        labels: the digits, uint8 [N].
        probabilities: [N, 10].
    """

    labels: NDArray[np.uint8]
    probabilities: Floats

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Most probable class of each digit, int64 [N]."""
        predicted: NDArray[np.int64] = self.probabilities.argmax(1)
        return predicted

    @property
    def mistakes(self) -> NDArray[np.int64]:
        """Rows of the misread digits, int64 [m], the most confident mistake first."""
        rows = np.flatnonzero(self.predicted != self.labels)
        return rows[np.argsort(-self.probabilities[rows].max(1), kind="stable")]


@st.cache_resource(show_spinner="Opening the model …")
def predictor() -> DigitPredictor:
    """The model, loaded and verified once a process; raises ArtifactError."""
    found = DigitPredictor.load(artifacts.WEIGHTS / MODEL)
    heap.freeze_heap(MODEL)
    return found


@st.cache_resource(show_spinner=False)
def record() -> DigitEvaluation:
    """What the model answered to the test digits; raises ArtifactError."""
    path = open_artifact(artifacts.WEIGHTS / MODEL).file("test_predictions.npz")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return DigitEvaluation(arrays["labels"], arrays["probabilities"].astype(np.float32))
    except (ValueError, KeyError, OSError, EOFError) as error:
        raise ArtifactError(f"{path} cannot be read ({error}); train the model again.") from error


def _read(image: Floats, steps: tuple[Step, ...], empty: bool, note: str) -> DigitReading:
    outputs = predictor().predict(image[None])
    return DigitReading(
        image=image,
        steps=steps,
        empty=empty,
        note=note,
        probabilities=outputs.probabilities[0],
        embedding=outputs.embeddings[0],
        not_a_digit=float(outputs.not_a_digit[0]),
        is_digit=bool(outputs.is_digit[0]),
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def read_picture(
    key: str, off: tuple[str, ...], _pixels: NDArray[np.uint8], drawn: bool = False
) -> DigitReading:
    """Prepare a picture and let the network read it; a rerun that changes neither costs nothing.

    Args:
        key: identifies the picture in the cache.
        off: names of the steps that are left out.
        drawn: whether it was drawn on the page. The pixels say black on white then, but the
            visitor saw the page's colours, which may be light on dark.
        _pixels: the picture, uint8 [H, W], [H, W, 3] or [H, W, 4].
    """
    prepared: Preprocessed = preprocess(_pixels, Steps(**dict.fromkeys(off, False)))
    steps = prepared.steps
    if drawn:
        steps = (replace(steps[0], explanation=ABOUT_DRAWN_INK), *steps[1:])
    return _read(prepared.image, steps, prepared.empty, prepared.note)


@st.cache_resource(max_entries=64, show_spinner=False)
def read_test_digit(row: int) -> tuple[DigitReading, int]:
    """Let the network read a test digit as it stands in MNIST.

    Returns:
        The answer, and the digit's label.

    Raises:
        LookupError: there is no such digit.
        ArtifactError: the pictures cannot be read.
    """
    pictures = predictor().test_pictures
    if row >= len(pictures):
        raise LookupError(f"there is no test digit {row:,}: the last one is {len(pictures) - 1:,}")
    image = pictures[row].astype(np.float32) / 255
    return _read(image, (), False, ""), int(record().labels[row])


def _logits(images: Floats) -> Floats:
    logits: Floats = predictor().predict(images).logits
    return logits


@st.cache_resource(max_entries=32, show_spinner=False)
def occlusion(image: Floats, digit: int) -> digits.EvidenceMap:
    """`digits.occlusion_map` of the shipped network for a picture [28, 28] in [0, 1]."""
    return digits.occlusion_map(image, digit, _logits)


@st.cache_resource(max_entries=32, show_spinner=False)
def gradient(image: Floats, digit: int) -> digits.EvidenceMap:
    """`digits.gradient_map` of the shipped network for a picture [28, 28] in [0, 1]."""
    return digits.gradient_map(image, digit, _logits)


@st.cache_resource(max_entries=32, show_spinner=False)
def responses(image: Floats) -> tuple[digits.Response, ...]:
    """`digits.responses` of the shipped network for a picture [28, 28] in [0, 1]."""
    return digits.responses(image, _logits)


@st.cache_resource(max_entries=32, show_spinner=False)
def flow(image: Floats) -> DigitFlow:
    """`digit_flow` of the shipped network for a picture [28, 28] in [0, 1]."""
    return digit_flow(image, predictor().network)


@st.cache_resource(max_entries=32, show_spinner=False)
def neighbours(embedding: Floats, count: int) -> tuple[tuple[int, int, float], ...]:
    """Training digits nearest to an embedding [D]: (row of the train split, label, cosine)."""
    return tuple(predictor().neighbours(embedding, count))
