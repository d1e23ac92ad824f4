"""Tables, JSON lines and folders give the same rows; copies of a text stay in one split."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.datasets import DatasetError
from train.corpora.own_source import Item, OwnSource, OwnTexts, class_order, normalised

ROWS = [
    ("The room was clean.", "good"),
    ('He said "no", twice;\nand left', "bad"),
    ("Zimmer zu klein, Frühstück kalt 😀", "bad"),
    ("١٢٣ نظيف", "good"),
]


def quietly(where: str, reason: str) -> None:
    raise AssertionError(f"{where}: {reason}")


def table(folder: Path, rows: list[tuple[str, str]], name: str = "t.csv") -> Path:
    path = folder / name
    cells = "".join('"' + t.replace('"', '""') + f'",{label}\n' for t, label in rows)
    path.write_text("text,label\n" + cells, encoding="utf-8")
    return path


def read(texts: OwnTexts) -> list[tuple[str, str]]:
    return [(item.text, item.label) for item in texts.items(quietly)]


def test_table_json_lines_and_folder_hold_the_same_rows(tmp_path: Path) -> None:
    assert read(OwnTexts(table(tmp_path, ROWS))) == ROWS
    lines = tmp_path / "t.jsonl"
    lines.write_text(
        "".join(json.dumps({"label": c, "text": t}) + "\n" for t, c in ROWS), encoding="utf-8"
    )
    assert read(OwnTexts(lines)) == ROWS
    for number, (text, label) in enumerate(ROWS):
        (tmp_path / "folder" / label).mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / label / f"{number}.txt").write_text(text, encoding="utf-8")
    assert sorted(read(OwnTexts(tmp_path / "folder"))) == sorted(ROWS)


def test_columns_are_found_or_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,remark,stars\n1,Fine and quiet,5\n2,Loud and dirty,1\n", encoding="utf-8")
    wanted = [("Fine and quiet", "5"), ("Loud and dirty", "1")]
    assert read(OwnTexts(path)) == wanted
    assert read(OwnTexts(path, "remark", "stars")) == wanted
    groups = [i.group for i in OwnTexts(path, group_column="id").items(quietly)]
    assert groups == ["1", "2"]
    with pytest.raises(DatasetError, match=r"no column 'x'.*'remark'"):
        read(OwnTexts(path, label_column="x"))
    path.write_text("id,remark,author\n1,Fine,5\n2,Loud,1\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="--label-column"):
        read(OwnTexts(path))


def test_what_cannot_be_read_is_one_sentence_or_one_row(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="there is no file"):
        read(OwnTexts(tmp_path / "nothing.csv"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="folder for each class"):
        read(OwnTexts(tmp_path / "empty"))
    lines = tmp_path / "t.jsonl"
    lines.write_text('{"text": "a", "label": 1}\nno json\n[1]\n{"text": 7}\n', encoding="utf-8")
    bad: list[str] = []
    found = list(OwnTexts(lines).items(lambda where, reason: bad.append(where)))
    assert [(item.text, item.label) for item in found] == [("a", "1")]
    assert bad == ["line 2", "line 3", "line 4"]


def source(path: Path, **options: str) -> OwnSource:
    return OwnSource("t", OwnTexts(path, **options), ("bad", "good"), None, (0.1, 0.2), print)


def test_splits_hold_every_row_once_in_about_their_shares(tmp_path: Path) -> None:
    rows = [
        (f"Remark number {n} is unlike others", "good" if n % 3 else "bad") for n in range(2000)
    ]
    splits = source(table(tmp_path, rows)).splits()
    found = {name: [review.row for review in read()] for name, read in splits.items()}
    assert sorted(sum(found.values(), [])) == list(range(2000))
    assert abs(len(found["validation"]) - 200) < 60 and abs(len(found["test"]) - 400) < 80
    labels = Counter(review.label for read in splits.values() for review in read())
    assert labels == {0: 667, 1: 1333}


@given(st.text(max_size=40), st.sampled_from([str.upper, str.lower, "{}!".format, " {} ".format]))
def test_copies_in_other_case_or_with_other_punctuation_share_a_split(text, change) -> None:
    draw = source(Path("t.csv"))
    if normalised(change(text)) == normalised(text):
        assert draw.split_of(Item(text, "", "", "")) == draw.split_of(
            Item(change(text), "", "", "")
        )


def test_case_and_punctuation_do_not_count() -> None:
    assert normalised("THE room, was — clean!") == normalised("the room was clean")


def test_rows_of_a_group_stay_together(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "hotel,text,label\n" + "".join(f"h{n % 50},remark {n},good\n" for n in range(1000)), "utf-8"
    )
    place: dict[str, set[str]] = {}
    for name, reviews in source(path, group_column="hotel").splits().items():
        for review in reviews():
            place.setdefault(review.group, set()).add(name)
    assert len(place) == 50 and all(len(names) == 1 for names in place.values())


def test_class_names_are_numbers_by_size_then_words() -> None:
    names = ["10", "2", "b", "a", "-1", "0.5"]
    assert sorted(names, key=class_order) == ["-1", "0.5", "2", "10", "a", "b"]


def test_groups_that_are_missing_are_told_and_not_passed_over(tmp_path: Path) -> None:
    lines = tmp_path / "t.jsonl"
    lines.write_text(
        '{"text": "a", "label": "x", "hotel": 7}\n{"text": "b", "label": "y"}\n', encoding="utf-8"
    )
    bad: list[str] = []
    texts = OwnTexts(lines, group_column="hotel")
    found = list(texts.items(lambda where, reason: bad.append(f"{where}: {reason}")))
    assert [item.group for item in found] == ["7"]
    assert bad == ["line 2: the line has no 'hotel' to keep it with its group"]
    (tmp_path / "texts" / "x").mkdir(parents=True)
    with pytest.raises(DatasetError, match="leave out --group-column"):
        list(OwnTexts(tmp_path / "texts", group_column="hotel").items(quietly))
