"""What is told of a table's corpus, and that no text of train is tested on."""

import argparse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import train.corpora.encoding
from dlnlp.corpus import Corpus
from dlnlp.datasets import DatasetError
from dlnlp.tables.dialect import FIND_OUT
from tests.train import tables
from train.prepare import main as prepare
from train.texts.own_corpus import own_corpus, split_report


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Texts are cut in this process."""
    monkeypatch.setattr(train.corpora.encoding, "ProcessPoolExecutor", ThreadPoolExecutor)
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def options(texts: Path, **more: object) -> argparse.Namespace:
    given = {
        "texts": texts, "text_column": None, "label_column": None, "group_column": None,
        "class_order": None,
        "test": None, "name": "t", "vectors": "own", "work": Path("work"), "workers": 1,
        "seed": 1, "reading": FIND_OUT,
    }  # fmt: skip
    return argparse.Namespace(**{**given, **more})


def sentence(number: int) -> str:
    return " ".join(f"w{number * 7 + place}" for place in range(20))


def digests(corpus: Corpus) -> dict[str, set[bytes]]:
    return {
        name: {corpus.split(name).tokens(i).tobytes() for i in range(len(corpus.split(name)))}
        for name in corpus.info["splits"]
    }


def test_copies_stay_in_one_split_and_near_copies_are_counted(folder: Path) -> None:
    rows = [(sentence(n), "ab"[n % 2]) for n in range(200)]
    copies = [(text.upper() + "!", label) for text, label in rows[:50]]
    near = [(f"{text} more", label) for text, label in rows[50:150]]
    path = tables.write(folder / "t.csv", rows + copies + near)
    corpus, notes = own_corpus(options(path), lambda told: None)
    found = digests(corpus)
    assert not (found["train"] & found["test"] or found["train"] & found["validation"])
    counts = {
        name: int(told.split()[0]) for told in notes["warnings"] for name in found
        if f"of the texts of {name} nearly repeat" in told
    }  # fmt: skip
    # A near copy falls where its own hash says: some stand beside their text, some across.
    assert counts["train"] > 20 and counts["test"] > 5 and counts["validation"] > 2
    assert sum(counts.values()) <= 150  # exact copies are near copies, too
    assert any("50 rows repeat the text of another" in told for told in notes["warnings"])


def test_rows_of_a_test_table_that_repeat_the_table_are_counted(folder: Path) -> None:
    rows = [(sentence(n), "ab"[n % 2]) for n in range(60)]
    other = [(sentence(n), "ab"[n % 2]) for n in range(50, 80)] + [("new words", "c")]
    test = tables.write(folder / "test.csv", other)
    _, notes = own_corpus(
        options(tables.write(folder / "t.csv", rows), test=test), lambda told: None
    )
    told = " ".join(notes["warnings"])
    assert "10 of the rows of the test table repeat a text of the table." in told
    assert "1 of the rows of the test table have a label that the table lacks: left out." in told


def test_the_splits_are_told_class_by_class_with_the_share_of_unknown_words(folder: Path) -> None:
    path = tables.write(folder / "t.csv", tables.phrases(tables.SMS, 200, seed=1))
    said: list[str] = []
    corpus, notes = own_corpus(options(path), said.append)
    for name, line in zip(corpus.info["splits"], split_report(corpus), strict=True):
        split = corpus.info["splits"][name]
        assert line.startswith(f"{name}: {split['documents']} texts  ham {split['labels']['0']} (")
        assert line in said
    assert any(
        told.endswith("words of the test texts are unknown to the network.") for told in said
    )
    assert notes["examples"][0]["label"] == "ham"


def test_texts_longer_than_what_is_read_are_counted(folder: Path) -> None:
    rows = [
        *tables.phrases(tables.SMS, 60, seed=1),
        ("word " * 2_600, "ham"),
        ("Nice room! " * 70, "spam"),
    ]
    _, notes = own_corpus(options(tables.write(folder / "t.csv", rows)), lambda told: None)
    told = " ".join(notes["warnings"])
    assert "1 of the texts have more than 2,560 words" in told
    assert "1 of the texts have more than 64 sentences" in told


def test_the_corpus_of_the_command_is_that_of_train_own(folder: Path) -> None:
    path = tables.write(folder / "sms.csv", tables.phrases(tables.SMS, 120, seed=1))
    assert prepare(["--table", str(path), "--vectors", "own", "--workers", "1"]) == 0
    made = Corpus(Path("corpora/sms"))
    corpus, notes = own_corpus(options(path, name="sms"), lambda told: None)
    assert made.info["hash"] == corpus.info["hash"]
    assert made.info["table"] == notes and notes["file"] == "sms.csv" and notes["rows"] == 120
    assert (made.embeddings() == corpus.embeddings()).all()


def test_options_of_the_command_override_what_follows_from_the_size(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tables.write(folder / "sms.csv", tables.phrases(tables.SMS, 60, seed=1))
    given = ["--table", str(path), "--workers", "1", "--min-count", "1", "--embedding-dim", "6"]
    assert prepare([*given, "--name", "small", "--vectors", "own"]) == 0
    corpus = Corpus(Path("corpora/small"))
    assert corpus.embeddings().shape[1] == 6 and "17" in corpus.vocabulary
    capsys.readouterr()
    assert prepare([*given, "--name", "small"]) == 1
    assert "corpora/small exists" in capsys.readouterr().err


def test_work_on_other_texts_is_refused(folder: Path) -> None:
    first = tables.write(folder / "one.csv", tables.phrases(tables.SMS, 60, seed=1))
    own_corpus(options(first), lambda told: None)
    other = tables.write(folder / "two.csv", tables.phrases(tables.SMS, 60, seed=2))
    with pytest.raises(DatasetError, match="holds the work on other texts"):
        own_corpus(options(other), lambda told: None)
