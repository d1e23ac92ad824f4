"""Words of both directions on one line stand where the Unicode algorithm puts them."""

from hypothesis import given
from hypothesis import strategies as st

from dlnlp.figures.directions import Direction, direction, levels, mirrored, visual_order

SHALOM, OLAM, TOV = "שלום", "עולם", "טוב"


def shown(words: list[str], base: Direction) -> list[str]:
    return [words[index] for index in visual_order(levels(words, base))]


def test_words_that_are_read_from_the_right_stand_from_the_right() -> None:
    assert shown(["see", " ", SHALOM, " ", OLAM, " ", "end"], "L") == [
        "see", " ", OLAM, " ", SHALOM, " ", "end",
    ]  # fmt: skip
    assert shown([SHALOM, " ", "good", " ", "end", "."], "R") == [
        ".", "good", " ", "end", " ", SHALOM,
    ]  # fmt: skip


def test_numbers_among_them_are_read_from_the_left() -> None:
    assert shown([SHALOM, " ", "12", " ", TOV], "R") == [TOV, " ", "12", " ", SHALOM]
    assert shown(["12", " ", "good"], "L") == ["12", " ", "good"]


def test_signs_between_two_words_of_a_direction_go_with_them() -> None:
    assert shown(["a", SHALOM, ",", " ", OLAM, "b"], "L") == ["a", OLAM, " ", ",", SHALOM, "b"]
    assert mirrored("(a]") == ")a["


def test_the_direction_is_that_of_the_first_letter() -> None:
    assert [direction(text) for text in ("abc", SHALOM, "مرحبا", "12 !", "")] == [
        "L", "R", "R", None, None,
    ]  # fmt: skip


@given(
    st.lists(st.sampled_from(["a", SHALOM, "12", " ", "!", "مرحبا"])),
    st.sampled_from(["L", "R"]),
)
def test_every_word_stands_once(words: list[str], base: Direction) -> None:
    order = visual_order(levels(words, base))
    assert sorted(order) == list(range(len(words)))
    if all(direction(word) != "R" for word in words) and base == "L":
        assert order == sorted(order)
