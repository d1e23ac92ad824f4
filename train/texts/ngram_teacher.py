"""A teacher of labelled texts that is no network: a logistic regression on n-grams.

It has a weight for every n-gram and every class, and knows by heart what it learned from. So it is
asked about each text by a model that learned from the others alone: the texts are dealt into
:data:`FOLDS` parts. Validation is asked of a model of all texts of train. No text of test is read.
"""

import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus import Corpus
from train.progress import ProgressBar
from train.texts.opinions import Heard, heard_once
from train.texts.review_ngrams import ReviewNgrams, texts_of

FOLDS = 4
FEWEST_TEXTS = 3
C = 4.0  # inverse strength of the L2 penalty
STEPS = 60  # of the optimizer at most: the last ones change little
NAME = "ngrams"
DESCRIPTION = (
    "a logistic regression on TF-IDF of 1- to 3-grams of all words and marks, asked about each "
    f"text by a model that learned from the other parts of {FOLDS}"
)


def ngram_teacher(corpus: Corpus, class_weights: NDArray[np.float32], cache: Path) -> Heard:
    """Train it and ask it; what it says is kept in `cache` for the next run.

    Args:
        corpus: with labels in train.
        class_weights: weight of a document of each class, float32 ``[C]``.
        cache: the file.

    Raises:
        DatasetError: the archive is missing or damaged.
        CorpusError: it holds other texts than those of the corpus.
    """
    settings = f"{corpus.info['dataset']} {FOLDS} {FEWEST_TEXTS} {C} {STEPS}"
    key = sha256(settings.encode() + class_weights.tobytes())
    for name in ("train", "validation"):
        split = corpus.split(name)
        key.update(split.rows.tobytes() + split.labels.tobytes())
    return heard_once(cache, key.hexdigest(), lambda: _trained(corpus, class_weights))


def _trained(corpus: Corpus, class_weights: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    # Imported only here: importing scikit-learn takes as long as Keras.
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression

    started = time.perf_counter()
    texts = texts_of(corpus, ("train", "validation"))
    labels = corpus.split("train").labels.astype(np.int64)
    ProgressBar.write("counting n-grams of the texts")
    ngrams = ReviewNgrams(texts["train"], FEWEST_TEXTS)
    tfidf = TfidfTransformer()
    train = tfidf.fit_transform(ngrams.matrix)
    held_out = tfidf.transform(ngrams.of(texts["validation"]))

    def asked(members: NDArray[np.intp], matrix: Any) -> NDArray[np.float32]:
        model = LogisticRegression(C=C, max_iter=STEPS, tol=1e-3)
        weights = class_weights[labels[members]]
        model.fit(train[members], labels[members], sample_weight=weights)
        logits = np.full((matrix.shape[0], len(class_weights)), -np.inf, np.float32)
        logits[:, model.classes_] = model.predict_log_proba(matrix)
        return np.maximum(logits, -30.0)

    part = np.random.default_rng(0).permutation(len(labels)) % FOLDS
    said = np.zeros((len(labels), len(class_weights)), np.float32)
    with ProgressBar(total=FOLDS + 1, desc="n-grams", unit=" models") as bar:
        for number in range(FOLDS):
            others, own = np.flatnonzero(part != number), np.flatnonzero(part == number)
            said[own] = asked(others, train[own])
            bar.update()
        of_all = asked(np.arange(len(labels)), held_out)
        bar.update()
    return {
        f"{NAME}/train": said,
        f"{NAME}/validation": of_all,
        f"{NAME}/seconds": np.array(time.perf_counter() - started),
    }
