"""Tables are drawn alike every time, packages are read as they come, a row tells the card."""

import bz2
import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.own_table_sources import (
    Table,
    by_prefix,
    columns,
    first_words,
    rows_of,
    stars,
    two,
)
from benchmarks.own_tables import LINEAR, row
from dlnlp.datasets import Review


def reviews(count: int) -> list[Review]:
    return [Review(f"text {n}", n % 5, "shop", n) for n in range(count)]


def drawn(rows: int, label: Callable[[Review], str], of: Iterable[Review]) -> list[tuple[str, str]]:
    return rows_of(Table("", "", rows, lambda _: ((r.text, label(r)) for r in of)), Path())


def test_a_table_is_a_sample_that_does_not_depend_on_the_order() -> None:
    found = drawn(300, stars, reviews(1_000))
    assert found == drawn(300, stars, reversed(reviews(1_000)))
    assert len(found) == 300 and len(set(found)) == 300
    assert all(label == str(int(text.split()[1]) % 5 + 1) for text, label in found)


def test_texts_without_a_class_and_rare_classes_are_left_out() -> None:
    rare = [Review(f"rare {n}", 0, "shop", n) for n in range(5)]
    found = drawn(500, lambda r: "rare" if r.text.startswith("rare") else two(r),
                  [*reviews(400), *rare])  # fmt: skip
    assert {label for _, label in found} == {"good", "bad"}


def test_tables_in_packages_are_read_as_they_are_published(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "nice-1.0-py3-none-any.whl", "w") as wheel:
        orange = 'Class\tText\nd\tstring\nclass\t\nsport\tone two three\npolitics\t"four\nfive"\n'
        wheel.writestr("data/a.tab", orange)
        wheel.writestr("data/b.csv.bz2", bz2.compress("id,text\nbbc-1,Größe\ncnn-2,b\n".encode()))
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("c.csv", "party,text\nA,x\nB,y\n")
        wheel.writestr("data/c.zip", inner.getvalue())
    tab = columns("nice", ("data/a.tab",), "Text", "Class", skip=2)
    assert [*tab(tmp_path)] == [("one two three", "sport"), ("four\nfive", "politics")]
    assert [*first_words(tab, 2)(tmp_path)] == [("one two", "sport"), ("four five", "politics")]
    packed = by_prefix(columns("nice", ("data/b.csv.bz2",), "text", "id"), "-")
    assert [*packed(tmp_path)] == [("Größe", "bbc"), ("b", "cnn")]
    zipped = columns("nice", ("data/c.zip!c.csv",), "text", "party", "B,C")
    assert [*zipped(tmp_path)] == [("y", "B")]


def test_a_row_tells_what_the_card_holds() -> None:
    card = {
        "metrics": {"test": {"accuracy": {"value": 0.5, "low": 0.4, "high": 0.6}}},
        "documents": {"train": 1_400, "validation": 200, "test": 400},
        "class_names": ["1", "2"],
        "baselines": {LINEAR: {"accuracy": 0.45}},
    }
    epochs = [{"tokens": 20_000, "steps": 100}] * 5
    told = row(Table("reviews", "English", 2_000, lambda _: []), "han", card, epochs, 61.4)
    assert told == (
        "| reviews | 2,000 | 2 | English | han | 61 | 38 | 45 | 50.0 % (40.0 to 60.0) | 45.0 % |"
    )
