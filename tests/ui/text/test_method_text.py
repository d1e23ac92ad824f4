"""What is said of two methods' agreement, and what can stand beside a method."""

import numpy as np

from dlnlp.ui.han.methods import HAN, METHODS
from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.kim_cnn.methods import METHODS as KIM_METHODS
from dlnlp.ui.text.method_text import agreement, beside_names

RAMP = np.arange(10.0) - 4.5


def test_agreement_is_said_in_words_and_by_size_where_a_sign_is_missing() -> None:
    assert "much the same order: Kendall's τ is +1.00" in agreement(RAMP, RAMP, by_size=False)
    assert "rather opposite orders" in agreement(RAMP, -RAMP, by_size=False)
    by_size = agreement(RAMP, -RAMP, by_size=True)
    assert "much the same order, by size" in by_size and "+1.00" in by_size
    halves = agreement(RAMP, np.array([0, 5, 1, 3, 2, 9, 4, 0, 8, 6.0]), by_size=False)
    assert "a loosely similar order" in halves
    assert "no order to compare" in agreement(RAMP, np.zeros(10), by_size=False)


def test_every_method_can_stand_beside_and_links_know_it() -> None:
    for page, methods in ((HAN, METHODS), (KIM, KIM_METHODS)):
        names = beside_names(methods)
        assert tuple(names) == tuple(page.settings["beside"])
        assert list(names) == ["none", *methods, "random"]
        assert len(set(names.values())) == len(names)
