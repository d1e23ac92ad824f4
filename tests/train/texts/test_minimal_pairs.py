"""Our own minimal pairs: what is in the file, how it is divided, how judgements are counted."""

import numpy as np
import pytest

from train.texts.minimal_pairs import Pair, consistency, minimal_pairs


def test_there_are_many_different_pairs_and_no_half_knows_the_other() -> None:
    learning, testing = minimal_pairs("learning"), minimal_pairs("testing")
    assert len(learning) + len(testing) >= 400
    assert abs(len(learning) - len(testing)) <= 4
    texts = [text for pair in (*learning, *testing) for text in (pair.negative, pair.positive)]
    assert len(set(texts)) == len(texts)
    for half in (learning, testing):
        kinds = [pair.kind for pair in half]
        assert all(kinds.count(kind) >= 45 for kind in set(kinds)) and len(set(kinds)) == 4


def test_pairs_are_short_and_share_words() -> None:
    for pair in (*minimal_pairs("learning"), *minimal_pairs("testing")):
        sides = pair.negative.lower().split(), pair.positive.lower().split()
        assert all(1 < len(side) < 45 for side in sides), pair
        assert set(sides[0]) & set(sides[1]), pair


def test_judgements_by_hand() -> None:
    pairs = [Pair("a", "", ""), Pair("a", "", ""), Pair("b", "", "")]
    negative = np.array([[0.8, 0.2], [0.4, 0.6], [0.9, 0.1]])
    positive = np.array([[0.3, 0.7], [0.3, 0.7], [0.95, 0.05]])
    found = consistency(pairs, negative, positive)
    assert found["a"] == {"pairs": 2, "both_right": 0.5, "in_order": 1.0}
    assert found["b"] == {"pairs": 1, "both_right": 0.0, "in_order": 0.0}
    assert found["all"]["pairs"] == 3 and found["all"]["both_right"] == pytest.approx(1 / 3)


def test_of_five_classes_the_middle_one_counts_for_nobody() -> None:
    negative = np.array([[0.2, 0.1, 0.5, 0.1, 0.1]])
    positive = np.array([[0.1, 0.1, 0.5, 0.1, 0.2]])
    found = consistency([Pair("a", "", "")], negative, positive)["all"]
    assert found == {"pairs": 1, "both_right": 1.0, "in_order": 1.0}
    assert consistency([Pair("a", "", "")], positive, negative)["all"]["in_order"] == 0
