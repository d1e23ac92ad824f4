"""The linear teacher of labelled texts: no model is asked about a text that it learned from."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import sklearn.linear_model

from dlnlp.corpus import Corpus
from train.texts import ngram_teacher as module
from train.texts.ngram_teacher import ngram_teacher

WEIGHTS = np.array([2.0, 1.0, 1.0, 1.0, 1.0], np.float32)


def test_each_text_is_judged_by_a_model_of_the_others(
    star_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, fits = [], []
    texts_of = module.texts_of

    def texts(corpus: Corpus, names: tuple[str, ...]) -> dict[str, list[str]]:
        read.append(set(names))
        return texts_of(corpus, names)

    class Regression(sklearn.linear_model.LogisticRegression):
        def fit(self, rows, labels, sample_weight):
            fits.append((_rows(rows), labels, sample_weight))
            return super().fit(rows, labels, sample_weight)

        def predict_proba(self, rows):
            fits[-1] += (_rows(rows),)
            return super().predict_proba(rows)

    def _rows(matrix) -> Counter[bytes]:
        rows = matrix.sorted_indices()
        return Counter(row.indices.tobytes() + row.data.tobytes() for row in rows)

    monkeypatch.setattr(module, "texts_of", texts)
    monkeypatch.setattr(sklearn.linear_model, "LogisticRegression", Regression)
    heard = ngram_teacher(star_corpus, WEIGHTS, tmp_path / "said.npz")
    assert read == [{"train", "validation"}]  # no text of test
    train, validation = star_corpus.split("train"), star_corpus.split("validation")
    models = 4 * (module.FOLDS + 1)  # one for each step from one star to the next
    assert len(fits) == models
    assert [int(more.sum()) for _, more, *_ in fits[-4:]] == [
        int(np.sum(train.labels > step)) for step in range(4)
    ]
    more = fits[-4][1]
    np.testing.assert_array_equal(fits[-4][2] == 2.0, ~more)  # one star weighs two
    everything, *_, judged = fits[-1]
    assert everything.total() == len(train) and judged.total() == len(validation)
    for learned, _, _, asked in fits[:-4]:  # each text is on one side
        assert asked.total() == pytest.approx(len(train) / module.FOLDS, abs=1)
        assert learned + asked == everything
    assert sum((asked for *_, asked in fits[:-4:4]), Counter()) == everything
    said = heard.logits["ngrams"]
    assert said["train"].shape == (len(train), 5)
    assert said["validation"].shape == (len(validation), 5)
    np.testing.assert_allclose(np.exp(said["train"]).sum(axis=1), 1, atol=1e-4)
    # Better than always the commonest number of stars.
    usual = np.bincount(train.labels).max() / len(train)
    assert np.mean(said["train"].argmax(axis=1) == train.labels) > usual + 0.1
    assert heard.seconds["ngrams"] > 0

    again = ngram_teacher(star_corpus, WEIGHTS, tmp_path / "said.npz")
    assert len(fits) == models  # what it said was kept
    np.testing.assert_array_equal(again.logits["ngrams"]["train"], said["train"])
    ngram_teacher(star_corpus, np.ones(5, np.float32), tmp_path / "said.npz")
    assert len(fits) == 2 * models
