"""Names, durations and labels, from whatever visitors bring."""

import pytest

from dlnlp.tables.reader import Row
from dlnlp.tables.sniffing import open_table
from dlnlp.ui.tables.upload import read_upload
from dlnlp.ui.train.choices import as_json, plain_name
from dlnlp.ui.train.table_input import Corpus, guess_label
from dlnlp.ui.train.watching import in_time
from train.corpora.own_arguments import NAME
from train.rates import RateShape


@pytest.mark.parametrize(
    ("name", "plain"),
    [("hotels", "hotels"), ("Größe & <b>", "Gr_e_b"), ("否", "my_texts"), ("../../etc", "etc"),
     ("-x", "x"), ("a" * 99, "a" * 40), ("", "my_texts"), ("a~b", "a_b")],
)  # fmt: skip
def test_a_name_becomes_one_that_the_command_takes(name: str, plain: str) -> None:
    assert plain_name(name) == plain
    assert NAME.fullmatch(plain)


def test_every_schedule_of_the_page_is_one_that_training_reads() -> None:
    from dlnlp.ui.train.choices import _shapes

    for name, shape in _shapes().items():
        if shape is not None:
            rates = RateShape.from_json(as_json(shape, 1_000)).over(137, 0.004)
            assert rates.max() == pytest.approx(0.004) and rates.min() >= 0, name


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "some seconds"), (33, "about 35 seconds"), (89, "about 90 seconds"),
     (95, "about 2 minutes"), (3_000, "about 50 minutes")],
)  # fmt: skip
def test_times_are_told_as_coarsely_as_they_are_known(seconds: float, words: str) -> None:
    assert in_time(seconds) == words


@pytest.mark.parametrize(
    ("header", "rows", "column"),
    [("text,id,stars", ["a,1,5", "b,2,4", "c,3,5"], "stars"),
     ("text,id,mood", ["a,1,x", "b,2,y", "c,3,x"], "mood"),
     ("text,always,mood", ["a,1,x", "b,1,y", "c,1,x"], "mood")],
)  # fmt: skip
def test_the_column_of_labels_is_guessed(header: str, rows: list[str], column: str) -> None:
    table = read_upload("t.csv", "\n".join([header, *rows, ""]).encode())
    others = [name for name in table.labels if name != "text"]
    assert others[guess_label(others, table)] == column


def test_what_training_reads_is_what_was_uploaded() -> None:
    import io

    texts = ['He said "no",\ntwice', "=1+1", "  spaces  ", "emoji 🎉", "\ttab"]
    corpus = Corpus("x", texts, ["a;b", "<b>", "否", "", "z"])
    rows = [row for row in open_table(io.BytesIO(corpus.as_csv())) if isinstance(row, Row)]
    assert [tuple(row.fields) for row in rows] == list(zip(texts, corpus.labels, strict=True))
    assert corpus.counts == {"a;b": 1, "<b>": 1, "否": 1, "z": 1}
    assert corpus.watched() == 'He said "no",\ntwice'
