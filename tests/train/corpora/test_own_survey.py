"""What is wrong with a table is told before training."""

from pathlib import Path

import pytest

from dlnlp.datasets import DatasetError
from train.corpora.own_source import OwnTexts
from train.corpora.own_survey import Survey, in_order, refusal, survey, warnings


def surveyed(tmp_path: Path, rows: list[tuple[str, str]]) -> Survey:
    path = tmp_path / "t.csv"
    cells = "".join(f'"{text}",{label}\n' for text, label in rows)
    path.write_text("text,label\n" + cells, encoding="utf-8")
    return survey(OwnTexts(path), lambda where, reason: None)


def many(count: int, label: str) -> list[tuple[str, str]]:
    return [(f"Remark {n} about {label}", label) for n in range(count)]


def test_a_sound_table_warns_of_nothing(tmp_path: Path) -> None:
    found = surveyed(tmp_path, many(30, "good") + many(20, "bad"))
    assert (found.rows, found.class_names) == (50, ("bad", "good"))
    assert warnings(found) == [] and refusal(found) == ""


def test_every_fault_is_counted(tmp_path: Path) -> None:
    rows = [
        *many(300, "good"), *many(12, "bad"), *many(3, "mixed"),
        ("Remark 0 about GOOD!", "bad"), ("remark 1 about good", "good"), ("...", "bad"),
        ("no label here", ""), ("nor here", ""),
    ]  # fmt: skip
    found = surveyed(tmp_path, rows)
    assert (found.empty, found.duplicates, found.contradictions) == (1, 2, 1)
    told = " ".join(warnings(found))
    for expected in (
        "2 rows have no label", "One text holds no word", "2 rows repeat", "One text has more than",
        "Fewer than 10 rows have the label 'mixed'", "The largest class has 301 rows",
    ):  # fmt: skip
        assert expected in told, told


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (many(20, "good"), "all rows have the label 'good'"),
        ([("text", "")] * 5, "no row has a label"),
        ([("...", "a"), ("!!!", "b")], "no text holds a letter"),
        ([("这家酒店很好", "a"), ("服务很差", "b")], "Chinese or Japanese"),
        ([("ห้องพักสะอาดมาก", "a"), ("เสียงดัง", "b")], "Thai"),
        ([("ホテルはとてもよかった", "a"), ("サービスがわるい", "b")], "Japanese"),
    ],
)
def test_what_nothing_can_be_learned_from_is_refused(
    tmp_path: Path, rows: list[tuple[str, str]], reason: str
) -> None:
    assert reason in refusal(surveyed(tmp_path, rows))


def test_korean_and_hindi_separate_words_by_spaces(tmp_path: Path) -> None:
    rows = [("호텔이 아주 좋았어요", "a"), ("कमरा साफ़ था", "b")]
    assert refusal(surveyed(tmp_path, rows)) == ""


@pytest.mark.parametrize("count", [60, 2_000])
def test_a_column_that_is_no_label_is_named(tmp_path: Path, count: int) -> None:
    rows = [(f"text {n}", f"2024-{n}") for n in range(count)]
    with pytest.raises(DatasetError, match="different values where 2 to 50 classes"):
        surveyed(tmp_path, rows)


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no row"):
        surveyed(tmp_path, [])


@pytest.mark.parametrize(
    ("labels", "asked", "names", "ordered"),
    [
        (("1", "2", "10"), None, ("1", "2", "10"), True),
        (("-1", "0.5", "nan"), None, ("-1", "0.5", "nan"), False),
        (("1 star", "2 stars", "3 stars"), None, ("1 star", "2 stars", "3 stars"), True),
        (("0", "1"), None, ("0", "1"), False),
        (("high", "low", "medium"), None, ("high", "low", "medium"), False),
        (("high", "low", "medium"), ["low", "medium", "high"], ("low", "medium", "high"), True),
        (("1", "2", "3"), [], ("1", "2", "3"), False),
    ],
)
def test_classes_have_an_order_where_they_count_or_one_is_given(
    labels: tuple[str, ...], asked: list[str] | None, names: tuple[str, ...], ordered: bool
) -> None:
    assert in_order(labels, asked) == (names, ordered)


@pytest.mark.parametrize(
    ("asked", "told"),
    [(["low", "high"], "lacks 'mid'"), (["low", "mid", "high", "x"], "names 'x'")],
)
def test_an_order_that_does_not_fit_the_labels_is_one_sentence(asked: list[str], told: str) -> None:
    with pytest.raises(DatasetError, match=told):
        in_order(("high", "low", "mid"), asked)
