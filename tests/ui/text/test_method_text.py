"""What is said of two methods' agreement, and what can stand beside a method."""

from dlnlp.ui.han.methods import HAN, METHODS
from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.kim_cnn.methods import METHODS as KIM_METHODS
from dlnlp.ui.text.method_text import agreement, second_names
from tests.ui.text.attributions import make_attribution

RAMP = [place - 4.5 for place in range(10)]


def told(first: list[float], second: list[float], method: str = "delete") -> str:
    text = "a b c d e f g h i j"
    return agreement(
        make_attribution(text, "delete", first, [0]), make_attribution(text, method, second, [0])
    )


def test_agreement_is_said_in_words() -> None:
    assert "much the same order: Kendall's τ is +1.00" in told(RAMP, RAMP)
    assert "rather opposite orders" in told(RAMP, [-value for value in RAMP])
    assert "a loosely similar order" in told(RAMP, [0, 5, 1, 3, 2, 9, 4, 0, 8, 6.0])
    assert "no order to compare" in told(RAMP, [0.0] * 10)


def test_signs_are_left_out_where_one_method_has_none() -> None:
    by_size = told(RAMP, [abs(value) for value in RAMP], "gradient_norm")
    assert "much the same order, by size" in by_size and "+1.00" in by_size


def test_only_what_both_networks_read_is_compared() -> None:
    longer = make_attribution("a b c d", "delete", [1, 2, 3, -9], [0])
    assert "+1.00" in agreement(make_attribution("a b c", "delete", [1, 2, 3], [0]), longer)


def test_every_method_can_stand_beside_and_links_know_it() -> None:
    for page, methods in ((HAN, METHODS), (KIM, KIM_METHODS)):
        names = second_names(methods)
        assert tuple(names) == tuple(page.settings["beside"])
        assert list(names) == ["kept", "random", *methods]
        assert len(set(names.values())) == len(names)
