"""How the pages write numbers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.ui.shell.numbers import difference, observed, probability, short, signed

SHARES = st.floats(0, 1)
NUMBERS = st.floats(-1_000, 1_000)
DIGITS = st.integers(0, 4)


def value(written: str) -> float:
    return float(written.replace("−", "-").replace("±", ""))


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.5, "50.0 %"),
        (0.9999, "> 99.9 %"),
        (0.9994, "99.9 %"),
        (0.0006, "0.1 %"),
        (0.0001, "< 0.1 %"),
        (0, "< 0.1 %"),
        (1, "> 99.9 %"),
    ],
)
def test_no_probability_is_shown_as_certain(share: float, shown: str) -> None:
    assert probability(share) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0.0 %"), (1, "100.0 %"), (0.9999, "> 99.9 %"), (1e-9, "< 0.1 %")]
)
def test_what_was_counted_is_all_or_none_only_where_it_is(share: float, shown: str) -> None:
    assert observed(share) == shown


@given(SHARES, SHARES)
def test_probabilities_are_shown_in_their_order(one: float, other: float) -> None:
    def place(written: str) -> float:
        number = float(re.sub(r"[<>% ]", "", written))
        return number + (0.01 if ">" in written else -0.01 if "<" in written else 0)

    less, more = sorted((one, other))
    assert place(probability(less)) <= place(probability(more))
    assert abs(place(probability(less)) - 100 * less) <= 0.11


@given(NUMBERS, NUMBERS, DIGITS)
def test_before_and_difference_give_after(before: float, after: float, digits: int) -> None:
    shown = [float(f"{number:.{digits}f}") for number in (before, after)]
    step = value(difference(before, after, digits))
    assert shown[0] + step == pytest.approx(shown[1], abs=10**-digits / 4)


def test_a_difference_is_that_of_the_numbers_as_they_are_shown() -> None:
    before, after = 4.0746, 4.0354
    assert (f"{before:.2f}", f"{after:.2f}") == ("4.07", "4.04")
    assert signed(after - before, 2) == "−0.04"
    assert difference(before, after, 2) == "−0.03"


@pytest.mark.parametrize(
    ("number", "shown"), [(0.254, "+0.25"), (-0.256, "−0.26"), (0.001, "±0.00"), (-0.001, "±0.00")]
)
def test_changes_have_signs(number: float, shown: str) -> None:
    assert signed(number, 2) == shown


@given(NUMBERS, DIGITS)
def test_a_sign_is_there_where_the_number_is(number: float, digits: int) -> None:
    written = signed(number, digits)
    assert value(written) == round(number, digits)
    assert (written[0] == "±") == (value(written) == 0)


def test_short_numbers() -> None:
    assert short(-0.012345) == "−0.0123" and short(1234.0) == "1.23e+03"
