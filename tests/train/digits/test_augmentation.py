"""Distorted digits: each change by what it does to positions and mass of ink."""

import numpy as np
import pytest

from dlnlp.explain.digits import rotated, shifted
from train.digits.augmentation import Augmentation, Distortion, affine_grid, thicken, warp

NONE = Distortion(0, 0, 0, 0, 0, 0, thickness=0)
RNG = np.random.default_rng(0)


def blurs(count=4) -> np.ndarray:
    """Smooth patterns inside of the middle, float32 [count, 28, 28]."""
    line = np.arange(28)
    pictures = np.zeros((count, 28, 28), np.float32)
    for picture in pictures:
        for y, x in RNG.uniform(9, 18, (4, 2)):
            bump = np.exp(-((line[:, None] - y) ** 2 + (line - x) ** 2) / 6)
            np.maximum(picture, bump, out=picture)
    return pictures


def changed(images, *, angle=0.0, factor=1.0, stretch=1.0, shear=0.0, shift=(0.0, 0.0)):
    def each(value):
        return np.full(len(images), value, np.float32)

    moves = np.tile(np.float32(shift), (len(images), 1))
    grid = affine_grid(each(angle), each(factor), each(stretch), each(shear), moves)
    return warp(images, *grid)


def extent(images) -> tuple[float, float]:
    """Standard deviation of the ink along rows and columns about the middle."""
    line = (np.arange(28) - 13.5) ** 2
    total = images.sum()
    return (
        float(np.sqrt((images.sum((0, 2)) * line).sum() / total)),
        float(np.sqrt((images.sum((0, 1)) * line).sum() / total)),
    )


def test_nothing_changes_nothing() -> None:
    images = blurs()
    np.testing.assert_allclose(changed(images), images, atol=1e-5)
    found = Augmentation(NONE)(images, np.random.default_rng(1))
    np.testing.assert_allclose(found, images, atol=1e-5)


@pytest.mark.parametrize("shift", [(3, 0), (0, -2), (-1, 4)])
def test_a_shift_moves_down_and_to_the_right(shift) -> None:
    images = blurs()
    expected = [shifted(image, right=shift[1], down=shift[0]) for image in images]
    np.testing.assert_allclose(changed(images, shift=shift), expected, atol=1e-4)


@pytest.mark.parametrize("degrees", [30, -12])
def test_a_rotation_is_counter_clockwise(degrees) -> None:
    images = blurs()
    expected = [rotated(image, -degrees) for image in images]  # that one turns clockwise
    np.testing.assert_allclose(changed(images, angle=np.deg2rad(degrees)), expected, atol=1e-4)


def test_zoom_stretch_and_shear_change_the_extent() -> None:
    images = blurs(20)
    high, wide = extent(images)
    assert extent(changed(images, factor=1.3)) == pytest.approx((1.3 * high, 1.3 * wide), rel=0.02)
    root = np.sqrt(1.4)
    stretched = extent(changed(images, stretch=1.4))
    assert stretched == pytest.approx((root * high, wide / root), rel=0.02)
    point = np.zeros((1, 28, 28), np.float32)
    point[0, 8:10, 13:15] = 1  # five rows above the middle
    columns = changed(point, shear=0.4).sum((0, 1))
    assert columns @ np.arange(28) / columns.sum() == pytest.approx(13.5 + 0.4 * 5, abs=0.05)


def test_what_leaves_the_picture_is_gone_and_what_comes_in_is_black() -> None:
    full = np.ones((1, 28, 28), np.float32)
    found = changed(full, shift=(5, 0))[0]
    assert not found[:5].any() and found[5:].min() == pytest.approx(1)
    assert not changed(full, shift=(40, 0)).any()


def test_a_step_of_thickening_takes_in_four_neighbours() -> None:
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 10:13, 10:13] = 0.8
    grown = thicken(image, np.float32([1.0]))[0]
    assert (grown > 0).sum() == 9 + 12 and grown.max() == pytest.approx(0.8)
    shrunk = thicken(image, np.float32([-1.0]))[0]
    assert np.argwhere(shrunk > 0).tolist() == [[11, 11]]
    assert (thicken(image, np.float32([2.0])) > 0).sum() == 9 + 12 + 16
    half = thicken(image, np.float32([0.5]))[0]
    np.testing.assert_allclose(half, (image[0] + grown) / 2, atol=1e-6)


def test_every_picture_has_its_own_amount() -> None:
    images = blurs(3)
    found = thicken(images, np.float32([0, 1, -1]))
    np.testing.assert_array_equal(found[0], images[0])
    assert found[1].sum() > images[1].sum() and found[2].sum() < images[2].sum()


def test_draws_are_the_generators_and_stay_in_range() -> None:
    images = blurs(16)
    augment = Augmentation(Distortion(cut_share=0.5))
    one = augment(images, np.random.default_rng(3))
    np.testing.assert_array_equal(one, augment(images, np.random.default_rng(3)))
    assert not np.array_equal(one, augment(images, np.random.default_rng(4)))
    assert one.dtype == np.float32 and one.min() >= 0 and one.max() <= images.max() + 1e-6
    # Equal pictures are distorted each in its own way.
    same = augment(np.repeat(images[:1], 5, axis=0), np.random.default_rng(5))
    assert len(np.unique(same.reshape(5, -1), axis=0)) == 5


def test_elastic_displacements_have_the_standard_deviation_that_is_named() -> None:
    elastic = Distortion(0, 0, 0, 0, 0, elastic=0.7, thickness=0)
    slope = np.arange(28, dtype=np.float32) / 27
    ramp = np.tile(slope[:, None], (400, 1, 28))  # brightness tells the row that was read
    found = Augmentation(elastic)(ramp, np.random.default_rng(0))
    rows = 27 * (found - ramp)[:, 5:-5, 5:-5]
    assert rows.std() == pytest.approx(0.7, rel=0.05)
    assert np.abs(np.diff(rows, axis=1)).max() < 1.5  # neighbours move together


def test_a_cut_takes_a_rectangle() -> None:
    cut = Distortion(0, 0, 0, 0, 0, 0, thickness=0, cut_share=1.0, cut=4)
    lost = Augmentation(cut)(np.ones((30, 28, 28), np.float32), np.random.default_rng(0)) == 0
    for picture in lost:
        rows, columns = np.flatnonzero(picture.any(1)), np.flatnonzero(picture.any(0))
        assert 2 <= len(rows) <= 4 and 2 <= len(columns) <= 4
        assert picture.sum() == len(rows) * len(columns)
