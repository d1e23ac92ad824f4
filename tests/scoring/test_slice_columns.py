"""Rows parted by columns: every row is in the group that its cell says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.scoring.slice_columns import (
    BINS,
    MOST_CATEGORIES,
    ColumnCells,
    Grouping,
    bins,
    groupings,
)
from dlnlp.scoring.slices import Counted


@given(st.lists(st.one_of(st.just(np.nan), st.integers(0, 30)), min_size=1, max_size=80))
def test_bins_hold_neighbours_and_equal_numbers_stay_together(numbers: list[float]) -> None:
    values = np.array(numbers, float)
    if np.isnan(values).all():
        values[0] = 1
    found = bins("length", values, " words")
    assert ((found.codes < 0) == np.isnan(values)).all()
    assert set(found.codes[found.codes >= 0]) == set(range(len(found.values)))
    assert len(found.values) <= BINS
    for number in np.unique(values[~np.isnan(values)]):
        assert len(set(found.codes[values == number])) == 1
    known = found.codes >= 0
    assert (np.diff(found.codes[known][np.argsort(values[known])]) >= 0).all()


def test_bins_of_different_numbers_are_of_one_size() -> None:
    found = bins("length", np.arange(100.0), " words")
    assert np.bincount(found.codes).tolist() == [20] * 5
    assert found.values[0] == "0 to 19 words" and found.values[-1] == "80 to 99 words"
    assert bins("x", np.array([2.0] * 30)).values == ("2",)


def by_columns(names: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[Grouping]:
    cells = {name: ColumnCells() for name in names}
    for row in rows:
        for kept, cell in zip(cells.values(), row, strict=True):
            kept.add(cell)
    return groupings(["bad", "good"], np.zeros(len(rows), int), np.ones(len(rows)), cells, {})


def test_classes_lengths_and_ngrams_part_the_rows() -> None:
    labels, holding = np.array([0, 1, -1]), {"not good": np.array([False, True, True])}
    classes, length, ngram = groupings(["bad", "good"], labels, np.arange(3.0), {}, holding)
    assert classes.values == ("bad", "good") and classes.codes.tolist() == [0, 1, -1]
    assert length.values[0] == "0 words" and length.codes.tolist() == [0, 1, 2]
    assert (ngram.kind, ngram.values) == ("text contains", ("not good",))
    assert ngram.codes.tolist() == [-1, 0, 0]


def test_categories_numbers_and_neither() -> None:
    rows = [
        (f"id {n}", "ab"[n % 2], str(n), str(n % 3), "" if n % 4 else "x", "same")
        for n in range(100)
    ]
    names = ("id", "letter", "number", "rank", "some", "same")
    found = {each.kind: each for each in by_columns(names, rows)}
    assert list(found) == ["true label", "length", "letter", "number", "rank", "some"]
    assert len(found["length"].values) == 1
    assert found["letter"].values == ("a", "b")
    assert found["letter"].codes.tolist() == [n % 2 for n in range(100)]
    assert len(found["number"].values) == BINS and found["rank"].values == ("0", "1", "2")
    assert found["some"].values == ("x", "(empty)")


@pytest.mark.parametrize("strange", ["nan", "inf", "1e999", "<b>", "1,5", "\0"])
def test_what_is_no_number_makes_categories(strange: str) -> None:
    cells = ColumnCells()
    for cell in [*map(str, range(30)), strange]:
        cells.add(cell)
    found = cells.grouping("x")
    assert found is not None and len(found.values) == 31 and found.values[-1] == strange


def test_many_different_cells_are_no_categories_whatever_comes_later() -> None:
    cells = ColumnCells()
    for cell in ["one", *map(str, range(MOST_CATEGORIES + 5)), *["one"] * 90]:
        cells.add(cell)
    assert not cells.suitable and cells.grouping("x") is None


def test_only_rows_that_count_are_counted() -> None:
    found = by_columns(("letter",), [("a",), ("b",), ("a",), ("a",)])[-1]
    right = np.array([True, True, False, True])
    assert found.counted(right) == [Counted("letter", "a", 3, 2), Counted("letter", "b", 1, 1)]
    used = np.array([False, True, True, True])
    assert found.counted(right, used)[0] == Counted("letter", "a", 2, 1)
