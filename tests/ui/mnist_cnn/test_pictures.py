"""Pictures: crisp, signed, many on a sheet, escaped."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from dlnlp.ui.mnist_cnn import pictures as digit_pictures
from dlnlp.ui.mnist_cnn.pictures import (
    evidence_html,
    figure_html,
    fitted,
    grey,
    masks,
    png_uri,
    sheet,
)
from dlnlp.ui.shell.hues import hue


def decoded(uri: str) -> np.ndarray:
    head, _, data = uri.partition(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4)])
def test_png_keeps_every_pixel(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(256, size=shape).astype(np.uint8)
    assert np.array_equal(decoded(png_uri(pixels)), pixels)


def test_grey_rounds_and_clips() -> None:
    image = np.array([[-1, 0, 0.5, 1, 2]], np.float32)
    assert grey(image).tolist() == [[0, 0, 128, 255, 255]]


def test_sheet_lays_pictures_out_row_by_row() -> None:
    pictures = np.arange(1, 6, dtype=np.uint8)[:, None, None].repeat(2, 1).repeat(3, 2)
    whole = sheet(pictures, 3, gap=1)
    assert whole.shape == (5, 11)
    for k in range(5):
        top, left = (k // 3) * 3, (k % 3) * 4
        assert (whole[top : top + 2, left : left + 3] == k + 1).all()
    assert not whole[2].any() and not whole[:, 3].any() and not whole[3:, 8:].any()
    assert sheet(np.zeros((4, 2, 2, 4), np.uint8), 2).shape == (4, 4, 4)


def test_a_signed_map_has_a_mask_for_each_side() -> None:
    values = np.array([[2, -2, 0, 1, -9]], np.float32)
    speaks_for, against = masks(values, 2)
    assert speaks_for.tolist() == [[255, 0, 0, 128, 0]]
    assert against.tolist() == [[0, 255, 0, 0, 255]]
    assert not np.any(masks(np.zeros((2, 2), np.float32), 0.0))


def test_a_map_is_drawn_in_the_hues_of_the_theme_over_its_digit() -> None:
    values, digit = np.array([[0, 2]], np.float32), np.ones((1, 2), np.float32)
    drawn = evidence_html(values, 2, digit, 'a "map"', "9rem")
    under, *over = (decoded(uri) for uri in re.findall(r"data:image/png;base64,[^\")]+", drawn))
    assert under.tolist() == [[[128, 128, 128, 128]] * 2]
    assert [mask[0, ::12, 3].tolist() for mask in over] == [[0, 255], [0, 0]]
    assert over[0].shape == (12, 24, 4)
    assert drawn.index(f"background:{hue('for')}") < drawn.index(f"background:{hue('against')}")
    assert 'aria-label="a &quot;map&quot;"' in drawn


def test_words_are_escaped() -> None:
    text = figure_html(np.zeros((1, 1), np.uint8), '"><b>', "3rem", "<script>")
    assert "<b>" not in text and "<script>" not in text and "&quot;&gt;&lt;b&gt;" in text
    assert "pixelated" in digit_pictures._STYLE


@pytest.mark.parametrize("shape", [(1, 300), (300, 1), (1, 1), (800, 2, 3), (28, 28), (600, 800)])
def test_pictures_fit_however_thin_they_are(shape: tuple[int, ...]) -> None:
    found = fitted(np.full(shape, 90, np.uint8), 220, 320)
    assert 1 <= found.shape[0] <= 320 and 1 <= found.shape[1] <= 220
    assert found.shape[1] == 220 or found.shape[0] == 320
    assert (found == 90).all()
