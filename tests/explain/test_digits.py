"""Maps and responses against brute force, on small networks whose slopes are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.explain import digits
from dlnlp.inference.softmax import softmax


def picture(seed: int = 0) -> np.ndarray:
    """A blob with an empty rim."""
    rng = np.random.default_rng(seed)
    image = np.zeros((28, 28), np.float32)
    image[8:20, 9:18] = rng.random((12, 9)) * (rng.random((12, 9)) > 0.4)
    return image


class Network:
    """logits = tanh(x . W) . V, and its exact slope."""

    def __init__(self, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.w = rng.normal(0, 0.3, (784, 12))
        self.v = rng.normal(0, 1.0, (12, 10))

    def __call__(self, images: np.ndarray) -> np.ndarray:
        assert images.dtype == np.float32 and images.shape[1:] == (28, 28)
        hidden = np.tanh(images.reshape(len(images), -1).astype(np.float64) @ self.w)
        return hidden @ self.v

    def evidence(self, image: np.ndarray, digit: int) -> float:
        logits = self(image[None])[0]
        p = np.exp(logits) / np.exp(logits).sum()
        return float(np.log(p[digit] / (1 - p[digit])))

    def slope(self, image: np.ndarray, digit: int) -> np.ndarray:
        hidden = np.tanh(image.ravel().astype(np.float64) @ self.w)
        exponentials = np.exp(hidden @ self.v)
        exponentials[digit] = 0
        toward = self.v[:, digit] - self.v @ (exponentials / exponentials.sum())
        return (self.w @ (toward * (1 - hidden**2))).reshape(28, 28)


@given(st.lists(st.floats(-30, 30, width=32), min_size=10, max_size=10), st.integers(0, 9))
def test_evidence_is_the_log_odds(logits: list[float], digit: int) -> None:
    z = np.array([logits], np.float64)
    expected = z[0, digit] - np.logaddexp.reduce(np.delete(z[0], digit))
    found = digits.evidence(z.astype(np.float32), digit)
    assert found.shape == (1,) and np.isclose(found[0], expected, atol=1e-4)
    moved = digits.evidence(z.astype(np.float32) + 5, digit)
    assert np.isclose(moved[0], expected, atol=1e-4)


@pytest.mark.parametrize("patch", [1, 4, 5])
def test_occlusion_is_the_mean_loss_of_the_squares_over_a_pixel(patch: int) -> None:
    network, image = Network(), picture()
    found = digits.occlusion_map(image, 3, network, patch)
    start = network.evidence(image, 3)
    assert np.isclose(found.evidence, start, atol=1e-5) and found.digit == 3
    for y, x in [(8, 9), (13, 12), (19, 17), (6, 12), (0, 0), (27, 27)]:
        losses = []
        for top in range(y - patch + 1, y + 1):
            for left in range(x - patch + 1, x + 1):
                wiped = image.copy()
                for row in range(top, top + patch):
                    for column in range(left, left + patch):
                        if 0 <= row < 28 and 0 <= column < 28:
                            wiped[row, column] = 0
                losses.append(start - network.evidence(wiped, 3))
        assert np.isclose(found.values[y, x], np.mean(losses), atol=1e-5), (y, x)


def test_gradient_is_the_slope() -> None:
    network, image = Network(1), picture(1)
    found = digits.gradient_map(image, 7, network, 0.01)
    assert np.allclose(found.values, network.slope(image, 7), atol=2e-3)
    assert found.values.dtype == np.float32
    steps = np.abs(found.values - digits.gradient_map(image, 7, network).values)
    assert steps.max() < 0.02


@given(st.integers(-30, 30), st.integers(-30, 30))
def test_shift(right: int, down: int) -> None:
    image = np.random.default_rng(2).random((28, 28)).astype(np.float32)
    moved = digits.shifted(image, right, down)
    for y, x in [(0, 0), (5, 20), (27, 27), (14, 3)]:
        inside = 0 <= y - down < 28 and 0 <= x - right < 28
        assert moved[y, x] == (image[y - down, x - right] if inside else 0)


def test_rotation_by_right_angles_moves_pixels() -> None:
    image = np.random.default_rng(3).random((28, 28)).astype(np.float32)
    for quarter in range(-3, 4):
        turned = digits.rotated(image, 90 * quarter)
        assert np.allclose(turned, np.rot90(image, -quarter), atol=1e-5)


@given(st.floats(-180, 180))
def test_rotation_keeps_the_ink_and_comes_back(degrees: float) -> None:
    y, x = np.mgrid[:28, :28]
    blob = np.exp(-((x - 17) ** 2 + (y - 10) ** 2) / 12).astype(np.float32)
    turned = digits.rotated(blob, degrees)
    assert np.isclose(turned.sum(), blob.sum(), rtol=0.01)
    assert np.allclose(digits.rotated(turned, -degrees), blob, atol=0.12)  # bilinear: softer
    angle = np.radians(degrees)
    # The top right goes down when turned clockwise.
    centre = 13.5 + 3.5 * np.cos(angle) + 3.5 * np.sin(angle)
    assert np.isclose((turned * x).sum() / turned.sum(), centre, atol=0.05)


def test_strokes_grow_and_shrink_by_a_disk() -> None:
    image = picture(4)
    assert np.array_equal(digits.thickened(image, 0), image)
    fine = np.kron(image, np.ones((4, 4)))
    for quarters in (-3, -1, 2, 4):
        radius, pick = abs(quarters), (max if quarters > 0 else min)
        found = digits.thickened(image, quarters)
        for y, x in [(8, 9), (12, 13), (7, 9), (19, 17), (13, 18)]:
            values = []
            for row in range(4 * y, 4 * y + 4):
                for column in range(4 * x, 4 * x + 4):
                    disk = [
                        fine[row + dy, column + dx]
                        for dy in range(-radius, radius + 1)
                        for dx in range(-radius, radius + 1)
                        if dx * dx + dy * dy <= radius**2
                    ]
                    values.append(pick(disk))
            assert np.isclose(found[y, x], np.mean(values), atol=1e-6), (quarters, y, x)
    line = np.zeros((28, 28), np.float32)
    line[4:24, 13:15] = 1
    for quarters in (1, 2, 3):
        assert np.isclose(digits.thickened(line, quarters)[14].sum(), 2 + quarters / 2)


def test_responses_answer_each_change() -> None:
    network, image = Network(5), picture(5)
    plain = softmax(network(image[None]))[0]
    right, down, turn, width = digits.responses(image, network)
    for response in (right, down, turn, width):
        count = len(response.amounts)
        assert response.probabilities.shape == (count, 10)
        assert response.images.shape == (count, 28, 28)
        assert (np.diff(response.amounts) > 0).all()
        (zero,) = np.flatnonzero(response.amounts == 0)
        assert np.allclose(response.probabilities[zero], plain, atol=1e-5)
        answers = softmax(network(response.images))
        assert np.allclose(response.probabilities, answers, atol=1e-5)
    assert np.array_equal(right.images[-1], digits.shifted(image, 8, 0))
    assert np.array_equal(down.images[0], digits.shifted(image, 0, -8))
    assert np.array_equal(turn.images[-1], digits.rotated(image, 60))
    assert np.array_equal(width.images[-1], digits.thickened(image, 6))
    assert width.amounts[-1] == 3


def test_an_empty_picture_has_an_empty_occlusion_map() -> None:
    found = digits.occlusion_map(np.zeros((28, 28), np.float32), 0, Network())
    assert not found.values.any()
