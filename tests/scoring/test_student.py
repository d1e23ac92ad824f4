"""Student's t against tables."""

import pytest

from dlnlp.scoring.student import t_quantile


def test_the_quantile_is_that_of_tables() -> None:
    for degrees, expected in ((1, 12.7062), (2, 4.3027), (4, 2.7764), (10, 2.2281), (1000, 1.9623)):
        assert t_quantile(degrees) == pytest.approx(expected, rel=1e-2 if degrees == 2 else 1e-3)
