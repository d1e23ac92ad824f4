"""The table of distorted digits: what is done to them, and what is counted."""

import numpy as np
import pytest

from dlnlp.inference.digits import DigitOutputs
from tests.small_digits import small_digits
from train.digits.digit_robustness import ROTATIONS, SCALES, SHIFTS, STROKES, distorted, robustness

IMAGES, LABELS = small_digits(30)
PIXELS = IMAGES.astype(np.float32) / 255


def middle(images) -> np.ndarray:
    """Centre of mass of each, [n, 2]."""
    line = np.arange(28)
    total = images.sum((1, 2))
    return np.stack([images.sum(2) @ line, images.sum(1) @ line], axis=1) / total[:, None]


def test_each_change_does_what_its_name_says() -> None:
    found = dict(distorted(PIXELS))
    assert len(found) == 1 + len(SHIFTS) + len(ROTATIONS) + len(SCALES) + len(STROKES)
    np.testing.assert_array_equal(found["none"], PIXELS)
    # Those near the middle keep all of their ink.
    inner = np.flatnonzero(np.abs(middle(PIXELS) - 13.5).max(axis=1) < 4)
    for pixels in (1, 4):
        name = f"shifted by {pixels} pixel{'s' if pixels > 1 else ''}"
        moved = np.abs(middle(found[name]) - middle(PIXELS))[inner]
        np.testing.assert_allclose(moved.sum(axis=1), pixels, atol=0.01)
    mass = {name: images[inner].sum() / PIXELS[inner].sum() for name, images in found.items()}
    assert mass["scaled by 0.7"] == pytest.approx(0.49, abs=0.03)
    assert mass["turned by 30 degrees"] == pytest.approx(1, abs=0.03)
    strokes = [mass[name] for name in STROKES]
    assert strokes == sorted(strokes) and strokes[1] < 1 < strokes[2]


def test_right_answers_and_false_alarms_are_counted() -> None:
    def predict(images) -> DigitOutputs:
        """Knows the undistorted digits by heart and takes the dim ones for none."""
        known = [np.abs(PIXELS - image).sum((1, 2)) for image in images]
        right = np.array([distance.min() < 1e-6 for distance in known])
        probabilities = np.zeros((len(images), 10), np.float32)
        probabilities[np.arange(30), np.where(right, LABELS, (LABELS + 1) % 10)] = 1
        nothing = np.zeros((len(images), 1), np.float32)
        dim = images.max(axis=(1, 2)) < 0.5
        return DigitOutputs(probabilities, nothing, nothing, nothing[:, 0], ~dim)

    rows = {row["change"]: row for row in robustness(predict, PIXELS, LABELS)}
    assert rows["none"] == {"change": "none", "accuracy": 1.0, "share_called_no_digit": 0.0}
    assert rows["shifted by 2 pixels"]["accuracy"] == 0
    assert rows["scaled by 1.15"]["accuracy"] == 0
