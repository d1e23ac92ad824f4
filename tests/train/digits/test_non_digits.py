"""Pictures that are no digits: of every kind, placed as MNIST's digits, the same for a seed."""

import numpy as np
import pytest

from dlnlp.images.placing import centre_of_mass
from tests.small_digits import small_digits
from train.digits.non_digits import _LETTERS, KINDS, every_kind, non_digits, placed

DIGITS, LABELS = small_digits(40)


def made(kind, count=30, seed=0, **options) -> np.ndarray:
    return non_digits(kind, count, np.random.default_rng(seed), DIGITS, LABELS, **options)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_varies_and_is_placed(kind) -> None:
    pictures = made(kind)
    assert pictures.shape == (30, 28, 28) and pictures.dtype == np.float32
    assert pictures.min() >= 0 and pictures.max() == 1
    different = len(np.unique(pictures.reshape(30, -1), axis=0))
    assert different > (2 if kind == "half_digits" else 15)  # halves of bars are bars
    if kind == "blots":  # grains and nothing stand as they are
        return
    for picture in pictures:
        ink = np.argwhere(picture > 0)
        assert np.ptp(ink, axis=0).max() <= 19  # a box of 20
        np.testing.assert_allclose(centre_of_mass(picture), (14, 14), atol=0.51)


def test_a_seed_gives_the_same_and_groups_share_no_letter() -> None:
    one, again = (every_kind(3, 4, DIGITS, LABELS, group=0) for _ in range(2))
    other = every_kind(4, 4, DIGITS, LABELS, group=0)
    assert tuple(one) == KINDS
    for kind in KINDS:
        np.testing.assert_array_equal(one[kind], again[kind])
        assert not np.array_equal(one[kind], other[kind])
    names = list(_LETTERS)
    assert not set(names[0::2]) & set(names[1::2])
    assert not np.array_equal(made("letters", group=0), made("letters", group=1))


def test_halves_are_made_of_other_digits_than_one() -> None:
    digits = np.zeros((20, 28, 28), np.uint8)
    digits[:, 4:24, 13:15] = 255  # all of them strokes
    digits[7] = 0
    digits[7, 4:24, 4:24] = 255  # but this one
    labels = np.ones(20, np.uint8)
    labels[7] = 8
    halves = non_digits("half_digits", 12, np.random.default_rng(0), digits, labels)
    heights = {(int(h.any(1).sum()), int(h.any(0).sum())) for h in halves}
    assert heights == {(10, 20)} or heights == {(10, 20), (20, 10)}
    with pytest.raises(ValueError, match="other than one"):
        non_digits("half_digits", 1, np.random.default_rng(0), digits[:5], labels[:5])


def test_two_digits_stand_side_by_side() -> None:
    upright = LABELS >= 5
    rng = np.random.default_rng(0)
    for picture in non_digits("two_digits", 20, rng, DIGITS[upright], LABELS[upright]):
        steps = np.diff((picture > 0.5).any(axis=0).astype(int))
        assert (steps == -1).sum() == 2, "two pieces with a gap"


def test_black_stays_black() -> None:
    assert not placed(np.zeros((50, 70), np.uint8)).any()
    assert (made("blots", 80).max(axis=(1, 2)) == 0).any()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind 'poems'"):
        made("poems")
