"""Digits drawn from strokes: placed as MNIST's, told apart, and counted as the network reads."""

import numpy as np
import pytest

from dlnlp.inference.digits import DigitOutputs
from train.digits.written_digits import WAYS, drawn, ways_of_writing, written


def answers(guesses: np.ndarray, is_digit: np.ndarray) -> DigitOutputs:
    probabilities = np.eye(10, dtype=np.float32)[guesses]
    empty = np.zeros(len(guesses), np.float32)
    return DigitOutputs(probabilities, probabilities, probabilities, empty, is_digit)


def test_every_digit_is_among_the_ways() -> None:
    assert {digit for digit, _ in WAYS.values()} == set(range(10))
    assert all(str(digit) == way[0] for way, (digit, _) in WAYS.items())
    for _, strokes in WAYS.values():
        assert all(stroke.ndim == 2 and len(stroke) > 1 for stroke in strokes)
        every = np.concatenate(strokes)
        assert every.min() >= 0 and every[:, 1].max() == 1  # down to the line


def test_drawings_are_placed_as_mnist_places_digits() -> None:
    line = np.arange(28) - 13.5
    for way, (digit, images) in written(3).items():
        assert digit == WAYS[way][0]
        assert images.shape == (3, 28, 28) and images.dtype == np.float32
        assert images.min() == 0 and 0.9 < images.max() <= 1
        for image in images:
            rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
            assert max(np.ptp(rows), np.ptp(columns)) + 1 in (19, 20, 21)
            assert abs(image.sum(1) @ line / image.sum()) < 1
            assert abs(image.sum(0) @ line / image.sum()) < 1


def test_a_seed_and_a_way_always_give_the_same() -> None:
    first, again, other = written(2), written(2), written(2, seed=1)
    for way in WAYS:
        assert (first[way][1] == again[way][1]).all()
        assert (first[way][1] != other[way][1]).any()
        assert (first[way][1][0] != first[way][1][1]).any()


def test_a_stroke_upright_stays_upright() -> None:
    image = drawn((np.array([(0.5, 0.0), (0.5, 1.0)]),), np.random.default_rng(0))
    assert np.ptp(np.flatnonzero(image.any(1))) > 2 * np.ptp(np.flatnonzero(image.any(0)))


def test_the_table_counts_what_was_read() -> None:
    # Says 1 to every second picture and 7 to the rest; every fourth is no digit to it.
    def predict(images: np.ndarray) -> DigitOutputs:
        place = np.arange(len(images))
        return answers(np.where(place % 2, 7, 1), place % 4 != 0)

    rows = {row["way"]: row for row in ways_of_writing(predict, count=8)}
    assert list(rows) == list(WAYS)
    for way, (digit, _) in WAYS.items():
        assert rows[way]["accuracy"] == (0.5 if digit in (1, 7) else 0)
        assert rows[way]["share_called_no_digit"] == pytest.approx(0.25)
    assert rows["1 as a line"]["mostly_misread_as"] == "7"
    assert rows["7 with a bar"]["mostly_misread_as"] == "1"


def test_nothing_is_misread_where_all_is_right() -> None:
    names = iter(WAYS.values())

    def predict(images: np.ndarray) -> DigitOutputs:
        return answers(np.full(len(images), next(names)[0]), np.ones(len(images), bool))

    for row in ways_of_writing(predict, count=2):
        assert (row["accuracy"], row["mostly_misread_as"]) == (1, "")
