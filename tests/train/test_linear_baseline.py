"""The linear model beside the networks: what it reads, what it says, and where it is written."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from dlnlp.artifacts import open_artifact, write_artifact
from dlnlp.corpus import Corpus
from train.linear_baseline import main
from train.texts.linear_baseline import NAME, PENALTIES, linear_baseline


def texts(corpus: Corpus, name: str) -> list[str]:
    split = corpus.split(name)
    return [" ".join(map(str, split.tokens(number))) for number in range(len(split))]


def test_it_is_scikit_learns_vectorizer_and_support_vectors(imdb_corpus: Corpus) -> None:
    found = linear_baseline(imdb_corpus, min_count=1)
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+", lowercase=False
    )
    matrix = vectorizer.fit_transform(texts(imdb_corpus, "train"))
    assert found["ngrams"] == len(vectorizer.vocabulary_)
    models = {
        penalty: LinearSVC(C=penalty, class_weight="balanced", random_state=0).fit(
            matrix, imdb_corpus.split("train").labels
        )
        for penalty in PENALTIES
    }

    def accuracy(penalty: float, name: str) -> float:
        predicted = models[penalty].predict(vectorizer.transform(texts(imdb_corpus, name)))
        return float(np.mean(predicted == imdb_corpus.split(name).labels))

    expected = {str(penalty): accuracy(penalty, "validation") for penalty in PENALTIES}
    assert found["validation_accuracy"] == pytest.approx(expected)
    assert found["validation_accuracy"][str(found["penalty"])] == max(expected.values())
    assert found["test"]["accuracy"] == pytest.approx(accuracy(found["penalty"], "test"))
    assert set(found["test"]) == {"accuracy", "mean_recall"}


def test_the_card_gains_what_it_reaches_and_keeps_the_rest(
    star_corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reviews5").symlink_to(star_corpus.path)
    card = {
        "dataset": "reviews5",
        "corpus_sha256": star_corpus.info["hash"],
        "baselines": {"another": {"accuracy": 0.5}},
    }
    directory = tmp_path / "weights" / "han_stars"
    write_artifact(directory, {"config.json": b"{}", "x.bin": b"\0"}, card)
    options = ["--model", "han_stars", "--weights", str(directory.parent), "--corpora"]
    assert main([*options, str(tmp_path)]) == 0
    said = json.loads(capsys.readouterr().out)
    opened = open_artifact(directory)
    assert opened.card["baselines"] == {"another": {"accuracy": 0.5}, NAME: said["test"]}
    assert set(said["test"]) == {"accuracy", "mean_recall", "within_one"}
    assert opened.file("x.bin").read_bytes() == b"\0"
    assert {name: opened.card[name] for name in card if name != "baselines"} == {
        name: card[name] for name in card if name != "baselines"
    }
    # Without a network it is printed only.
    before = (directory / "card.json").read_bytes()
    assert main(["--dataset", "reviews5", "--corpora", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out) == said
    assert (directory / "card.json").read_bytes() == before
    # Another corpus than the network's says nothing of it.
    write_artifact(directory, {"config.json": b"{}"}, card | {"corpus_sha256": "0" * 64})
    assert main([*options, str(tmp_path)]) == 1
    assert "is not the corpus of" in capsys.readouterr().err
