"""NB-SVM and document vectors as teachers: what they learn from, and that they are asked once."""

from pathlib import Path

import numpy as np
import pytest
import sklearn.linear_model

from dlnlp.corpus import Corpus
from train.texts import film_teachers as module
from train.texts.film_teachers import film_teachers


@pytest.fixture
def few_numbers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Document vectors at random; notes the shape of what they would be learned from."""
    shapes = []

    def vectors(grams: object) -> np.ndarray:
        shapes.append(grams.shape)
        return np.random.default_rng(0).standard_normal((grams.shape[0], 4)).astype(np.float32)

    monkeypatch.setattr(module, "document_vectors", vectors)
    return shapes


def test_no_text_of_test_teaches_and_validation_gives_texts_alone(
    imdb_corpus: Corpus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    few_numbers: list[tuple[int, int]],
) -> None:
    learned, labelled = [], []

    class Noting(module.ReviewNgrams):
        def __init__(self, texts: list[str]) -> None:
            learned.extend(texts)
            super().__init__(texts)

    class Regression(sklearn.linear_model.LogisticRegression):
        def fit(self, rows: np.ndarray, labels: np.ndarray) -> "Regression":
            if isinstance(rows, np.ndarray):  # document vectors; n-grams are sparse
                labelled.append((len(rows), labels.tolist()))
            return super().fit(rows, labels)

    monkeypatch.setattr(module, "ReviewNgrams", Noting)
    monkeypatch.setattr(sklearn.linear_model, "LogisticRegression", Regression)
    teachers = film_teachers(imdb_corpus, tmp_path / "teachers.npz")
    sizes = {name: len(imdb_corpus.split(name)) for name in imdb_corpus.info["splits"]}
    assert len(learned) == sizes["train"] and not any("Testonly" in text for text in learned)
    assert few_numbers[0][0] == sizes["train"] + sizes["unsup"] + sizes["validation"]
    assert labelled == [(sizes["train"], imdb_corpus.split("train").labels.tolist())]
    asked = {name: sizes[name] for name in ("unsup", "validation")}
    assert {
        teacher: {split: len(logits) for split, logits in of.items()}
        for teacher, of in teachers.logits.items()
    } == {"nbsvm": asked | {"test": sizes["test"]}, "document_vectors": asked}
    truth = imdb_corpus.split("validation").labels == 1
    assert np.mean(teachers.logits["nbsvm"]["validation"].argmax(axis=1) == truth) > 0.8


def test_they_are_asked_once_for_the_same_texts(
    imdb_corpus: Corpus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    few_numbers: list[tuple[int, int]],
) -> None:
    first = film_teachers(imdb_corpus, tmp_path / "teachers.npz")
    again = film_teachers(imdb_corpus, tmp_path / "teachers.npz")
    assert len(few_numbers) == 1 and again.seconds == first.seconds
    for teacher, of in first.logits.items():
        for split, logits in of.items():
            np.testing.assert_array_equal(again.logits[teacher][split], logits)
    monkeypatch.setattr(module, "LEAST_RATIO", 0.9)
    film_teachers(imdb_corpus, tmp_path / "teachers.npz")
    assert len(few_numbers) == 2
