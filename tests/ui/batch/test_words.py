"""What is asked of explained rows is answered from the right rows, and found again in them."""

import csv
import io

import pytest

from dlnlp.ui.batch.words import (
    ALL,
    CLASSES,
    RIGHT,
    Question,
    deciders,
    deciders_csv,
    group_of,
    places,
)
from tests.ui.batch.explained_rows import explained, job_of

ROWS = [
    explained(1, [[("good", 2.0), ("film", 0.5)], [("good", 1.0)]]),
    explained(2, [[("good", 4.0), ("film", -0.5)]]),
    explained(3, [[("bad", -3.0), ("film", 0.0)]], "negative"),
    explained(4, [[("bad", -1.0), ("good", 1.0)]], "negative"),
    explained(5, [[("=1+1", 9.0)]], "negative", "negative"),
]
LABELS = {1: "positive", 2: "negative", 3: "negative", 4: "positive"}


def test_all_rows_of_the_explained_class_are_counted() -> None:
    found = {each.ngram: each for each in deciders(job_of(ROWS), Question("positive", least=2), {})}
    assert found["good"].rows == (3,)
    assert found["good"].mean == pytest.approx((1.5 + 4 + 1) / 3)
    assert found["bad"].rows == (2,) and found["bad"].mean == pytest.approx(-2)
    assert found["good film"].mean == pytest.approx(3) and "bad film" not in found
    assert "=1+1" not in found  # explained for the other class


def test_groups_are_right_and_wrong_rows_or_those_of_two_classes() -> None:
    right = Question("positive", RIGHT)
    groups = [group_of(right, row, LABELS) for row in ROWS]
    assert groups == ["right rows", "wrong rows", "right rows", "wrong rows", None]
    classes = Question("positive", CLASSES, ("positive", "negative"))
    by_label = [group_of(classes, row, LABELS) for row in ROWS]
    assert by_label == ["positive", "negative", "negative", "positive", None]
    predicted = [group_of(classes, row, {}) for row in ROWS]
    assert predicted == ["positive", "positive", "negative", "negative", None]
    assert group_of(Question("positive", RIGHT), ROWS[0], {}) is None


def test_groups_are_compared_by_the_difference() -> None:
    rows = [
        explained(n, [[("good", 1.0 + n % 2 + n / 100)]], ("positive", "negative")[n % 2])
        for n in range(1, 21)
    ]
    question = Question("positive", CLASSES, ("negative", "positive"), 5)
    (good,) = deciders(job_of(rows), question, {})
    assert good.rows == (10, 10) and good.mean == pytest.approx(0.99)
    assert good.low < 0.99 < good.high


def test_a_ranking_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    job, question = job_of(ROWS), Question("positive", ALL, least=2)
    first = deciders(job, question, LABELS)
    assert deciders(job, question, dict(LABELS)) is first
    assert deciders(job, Question("positive", ALL, least=3), LABELS) is not first
    for least in range(2, 30):
        deciders(job, Question("positive", least=least), {})
    assert len(job.kept) < 12


def test_every_place_is_found_the_strongest_first() -> None:
    job, question = job_of(ROWS), Question("positive")
    found = [(p.explained.number, p.first, p.effect) for p in places(job, "good", question, {})]
    assert found == [(2, 0, 4.0), (1, 0, 2.0), (1, 2, 1.0), (4, 1, 1.0)]
    (first, second) = places(job, "good film", question, {})
    assert (first.explained.number, first.size) == (2, 2) and first.effect == pytest.approx(3.5)
    assert second.explained.number == 1
    assert places(job, "film good", question, {}) == []  # they stand in two sentences
    assert places(job, "nowhere", question, {}) == []


def test_the_table_to_take_away_holds_all_and_no_formula() -> None:
    question = Question("negative", least=2)
    rows = [explained(n, [[("=1+1", 1.0)]], "negative", "negative") for n in (1, 2)]
    content = deciders_csv(deciders(job_of(rows), question, {}), question).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["n-gram"] == "'=1+1" and row["rows: all rows"] == "2" and row["class"] == "negative"
