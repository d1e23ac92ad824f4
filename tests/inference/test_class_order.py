"""Which classes are in an order, and what the upper ones have over the lower."""

import numpy as np
import pytest

from dlnlp.artifacts import WEIGHTS, open_artifact
from dlnlp.inference.class_order import are_ordered, of_logit, upper_less_lower
from dlnlp.inference.softmax import softmax

STARS = tuple(f"{n} star{'s' * (n > 1)}" for n in range(1, 6))


@pytest.mark.parametrize(
    ("names", "card", "ordered"),
    [
        (STARS, {}, True),
        (STARS, {"ordered_classes": False}, False),
        (("bad", "fair", "good"), {}, False),
        (("bad", "fair", "good"), {"ordered_classes": True}, True),
        (("bad", "fair", "good"), {"ordered_classes": "yes"}, False),
        (("negative", "positive"), {"ordered_classes": True}, False),  # the log odds already
        (STARS[::-1], {}, False),
    ],
)
def test_the_card_says_so_or_the_names_count_stars(names, card: dict, ordered: bool) -> None:
    assert are_ordered(names, card) is ordered


def test_the_shipped_network_of_stars_has_ordered_classes() -> None:
    opened = open_artifact(WEIGHTS / "han_stars")
    assert are_ordered(opened.config["class_names"], opened.card)


@pytest.mark.parametrize("classes", range(2, 8))
def test_the_target_is_the_mean_log_probability_of_the_upper_less_the_lower(classes: int) -> None:
    logits = np.random.default_rng(classes).normal(size=(3, classes)) * 3
    logs, half = np.log(softmax(logits)), classes // 2
    expected = logs[:, classes - half :].mean(axis=1) - logs[:, :half].mean(axis=1)
    np.testing.assert_allclose(of_logit(logits, classes), expected)
    np.testing.assert_allclose(of_logit(logits + 7, classes), expected)
    assert upper_less_lower(classes).sum() == pytest.approx(0)
    np.testing.assert_array_equal(of_logit(logits, 1), logits[:, 1])
