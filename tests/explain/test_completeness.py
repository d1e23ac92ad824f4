"""When integrated gradients add up."""

import pytest

from dlnlp.explain.completeness import incomplete, largest_gap


@pytest.mark.parametrize(
    ("words", "change", "missed"),
    [
        (2.0, 2.0, False),
        (2.019, 2.0, False),
        (2.021, 2.0, True),
        (-1.97, -2.0, True),
        (0.004, 0.0, False),
        (0.006, 0.0, True),
    ],
)
def test_a_hundredth_of_the_change_may_be_missing(
    words: float, change: float, missed: bool
) -> None:
    assert incomplete(words, words - change) is missed
    assert largest_gap(-change) == largest_gap(change) > 0
