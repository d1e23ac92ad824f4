"""Tables are drawn alike every time, and a row tells what a card holds."""

from benchmarks.own_tables import LINEAR, Table, path_of, row, rows_of, stars, two
from dlnlp.datasets import Review


def reviews(count: int) -> list[Review]:
    return [Review(f"text {n}", n % 5, "shop", n) for n in range(count)]


def test_a_table_is_a_sample_that_does_not_depend_on_the_order() -> None:
    table = Table("reviews5", 300, stars, "")
    drawn = rows_of(table, reviews(1_000))
    assert drawn == rows_of(table, reversed(reviews(1_000)))
    assert len(drawn) == 300 and len(set(drawn)) == 300
    assert all(label == str(int(text.split()[1]) % 5 + 1) for text, label in drawn)


def test_reviews_without_a_class_and_rare_classes_are_left_out() -> None:
    rare = [Review(f"rare {n}", 0, "shop", n) for n in range(5)]
    table = Table("reviews5", 500, lambda r: "rare" if r.text.startswith("rare") else two(r), "")
    assert {label for _, label in rows_of(table, [*reviews(400), *rare])} == {"good", "bad"}


def test_a_row_tells_what_the_card_holds(tmp_path) -> None:
    card = {
        "metrics": {"test": {"accuracy": {"value": 0.5, "low": 0.4, "high": 0.6}}},
        "documents": {"train": 1_400, "validation": 200, "test": 400},
        "class_names": ["1", "2"],
        "baselines": {LINEAR: {"accuracy": 0.45}},
    }
    told = row("reviews", "han", card, 61.4)
    assert told == "| reviews | 2,000 | 2 | han | 61 | 50.0 % (40.0 to 60.0) | 45.0 % |"
    assert path_of("questions", tmp_path).name == "questions.csv"
