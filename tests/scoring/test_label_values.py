"""Values of a column of labels are taken for the classes that they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.scoring.label_values import guess_classes, guess_label_column

TWO = ("negative", "positive")
FIVE = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")


@pytest.mark.parametrize(
    ("values", "names", "expected"),
    [
        (["positive", "Negative "], TWO, [1, 0]),
        (["pos", "neg", "neutral", ""], TWO, [1, 0, None, None]),
        (["0", "1"], TWO, [0, 1]),
        (["-1", "1", "0"], TWO, [0, 1, None]),
        (["1", "2"], TWO, [0, 1]),
        (["1", "2", "3", "4", "5"], TWO, [0, 0, None, 1, 1]),
        (["1", "10", "5", "7", "4"], TWO, [0, 1, None, 1, 0]),
        (["True", "FALSE"], TWO, [1, 0]),
        (["1", "5", "3.0"], FIVE, [0, 4, 2]),
        (["0", "4", "2"], FIVE, [0, 4, 2]),
        (["★★", "⭐⭐⭐⭐"], FIVE, [1, 3]),
        (["4 stars", "1 STAR", "5 Stars"], FIVE, [3, 0, 4]),
        (["5 dollars", "12"], FIVE, [None, None]),
        (["1", "2", "4", "5", "7", "10"], FIVE, [0, 0, 1, 2, 3, 4]),
        (["17", "<b>", "\0"], TWO, [None, None, None]),
    ],
)
def test_what_values_mean(
    values: list[str], names: tuple[str, ...], expected: list[int | None]
) -> None:
    assert guess_classes(values, names) == dict(zip(values, expected, strict=True))


@given(st.lists(st.text(max_size=20), max_size=30), st.sampled_from([TWO, FIVE]))
def test_whatever_stands_there_is_a_class_or_none(values: list[str], names: tuple) -> None:
    found = guess_classes(values, names)
    assert list(found) == list(dict.fromkeys(values))
    assert set(found.values()) <= {None, *range(len(names))}


def test_the_column_of_labels_has_a_usual_name_and_values_that_mean_classes() -> None:
    rows = [("1", "good film", "pos"), ("2", "bad film", "neg")]
    assert guess_label_column(("id", "text", "Sentiment"), rows, TWO) == 2
    assert guess_label_column(("id", "text", "about"), rows, TWO) is None
    assert guess_label_column(("label", "text", "about"), rows, TWO) == 0  # 1 and 2
    titles = [(str(n), "text", f"title {n}") for n in range(80)]
    assert guess_label_column(("id", "text", "class"), titles, TWO) is None
    assert guess_label_column(("id", "text", "label"), [], TWO) is None
