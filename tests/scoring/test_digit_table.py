"""Rows of many pictures: order, batches, problems, with a network that compares with drawings."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from dlnlp.images import ImageError, preprocess
from dlnlp.scoring import digit_table
from dlnlp.scoring.digit_table import columns, read_pictures
from tests.images.drawings import STROKES, draw

NAMES = tuple("0123456789")


@dataclass
class Outputs:
    probabilities: np.ndarray
    is_digit: np.ndarray


class Comparer:
    """Stands for the network: the drawing that a picture is most like."""

    class_names = NAMES

    def __init__(self) -> None:
        self.patterns = {int(name): preprocess(draw(name)).image for name in STROKES}
        self.batches: list[int] = []

    def predict(self, images: np.ndarray) -> Outputs:
        self.batches.append(len(images))
        assert images.shape[1:] == (28, 28) and images.dtype == np.float32
        scores = np.full((len(images), 10), -10.0)
        for digit, pattern in self.patterns.items():
            scores[:, digit] = -np.abs(images - pattern).sum((1, 2)) / 10
        shares = np.exp(scores - scores.max(1, keepdims=True))
        return Outputs(shares / shares.sum(1, keepdims=True), scores.max(1) > -5)


def png(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def raising(error: Exception) -> Callable[[], bytes]:
    def content() -> bytes:
        raise error

    return content


def test_every_picture_is_a_row_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digit_table, "BATCH", 4)
    network = Comparer()
    drawn = {f"{place}.png": digit for place, digit in enumerate([*STROKES, *STROKES])}
    pictures = [(name, lambda digit=digit: png(draw(digit, 150))) for name, digit in drawn.items()]
    rows = list(read_pictures(network, pictures, threads=3))
    assert [row.name for row in rows] == list(drawn)
    assert [row.label for row in rows] == list(drawn.values())
    assert all(row.is_digit and not row.problem for row in rows)
    assert sum(network.batches) == len(drawn) and max(network.batches) <= 4


def test_what_cannot_be_read_does_not_stop_the_others() -> None:
    pictures = [
        ("good", lambda: png(draw("2"))),
        ("text", lambda: b"no picture at all"),
        ("gone", raising(FileNotFoundError(2, "No such file or directory"))),
        ("other", raising(ImageError("The folder is empty."))),
        ("blank", lambda: png(np.full((50, 50), 255, np.uint8))),
        ("last", lambda: png(draw("7"))),
    ]
    good, text, gone, other, blank, last = read_pictures(Comparer(), pictures)
    assert (good.label, last.label) == ("2", "7")
    assert "no picture" in text.problem
    assert gone.problem == "It cannot be read (No such file or directory)."
    assert other.problem == "The folder is empty."
    assert blank.label == "" and not blank.problem and blank.prepared and blank.prepared.empty


def test_only_blank_pictures_need_no_network() -> None:
    network = Comparer()
    rows = list(read_pictures(network, [("blank", lambda: png(np.zeros((9, 9), np.uint8)))]))
    assert not network.batches and rows[0].fields(NAMES) == ("blank", *[""] * 12, "false")


def test_fields_stand_under_their_columns() -> None:
    (row,) = read_pictures(Comparer(), [("a.png", lambda: png(draw("4")))])
    cells = dict(zip(columns(NAMES), row.fields(NAMES), strict=True))
    assert list(cells) == ["path", "label", "probability", *(f"p_{n}" for n in NAMES), "is_digit"]
    shares = [float(cells[f"p_{name}"]) for name in NAMES]
    assert sum(shares) == pytest.approx(1, abs=1e-5)
    assert cells["label"] == "4" and float(cells["probability"]) == max(shares) == shares[4]
    assert cells["is_digit"] == "true" and cells["path"] == "a.png"
