"""A teacher of texts that have stars, or other ordered classes: no network, but a linear model.

A logistic regression on n-grams for each step between two classes says how probable more stars are
than that (Frank & Hall 2001, "A Simple Approach to Ordinal Classification"); what lies between two
steps is the probability of a class. It knows by heart what it learned from. So each text of train
is judged by a model that learned from the others alone: the texts are dealt into :data:`FOLDS`
parts. Validation is judged by a model of all texts of train. No text of test is read.
"""

import time
import warnings
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
C = 1.5  # inverse strength of the L2 penalty
STEPS = 10  # of the solver; more bring little
LEAST = 1e-4  # probability of a class: the steps may contradict each other
NAME = "ngrams"
DESCRIPTION = (
    "ordered logistic regressions on TF-IDF of 1- to 3-grams of all words and marks, asked about "
    f"each text by a model that learned from the other parts of {FOLDS}"
)


def ngram_teacher(corpus: Corpus, class_weights: NDArray[np.float32], cache: Path) -> Heard:
    """Train it and ask it; what it says is kept in `cache` for the next run.

    Args:
        corpus: of ordered classes, each of which occurs in train.
        class_weights: weight of a document of each class, float32 ``[C]``.
        cache: the file.

    Raises:
        DatasetError: the archive is missing or damaged.
        CorpusError: it holds other texts than those of the corpus.
    """
    settings = f"{corpus.info['dataset']} {FOLDS} {FEWEST_TEXTS} {C} {STEPS} {LEAST}"
    key = sha256(settings.encode() + class_weights.tobytes())
    for name in ("train", "validation"):
        split = corpus.split(name)
        key.update(split.rows.tobytes() + split.labels.tobytes())
    return heard_once(cache, key.hexdigest(), lambda: _trained(corpus, class_weights))


def _trained(corpus: Corpus, class_weights: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    # Imported only here: importing scikit-learn takes as long as Keras.
    from sklearn.exceptions import ConvergenceWarning
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
        learned, stars = train[members], labels[members]
        above = [np.ones(matrix.shape[0]), np.zeros(matrix.shape[0])]
        for step in range(len(class_weights) - 1):
            model = LogisticRegression(
                C=C, solver="liblinear", dual=True, max_iter=STEPS, random_state=0
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)  # as STEPS says
                model.fit(learned, stars > step, sample_weight=class_weights[stars])
            above.insert(-1, model.predict_proba(matrix)[:, 1])
        probabilities = np.maximum(-np.diff(np.stack(above, axis=1)), LEAST)
        shares = probabilities / probabilities.sum(axis=1, keepdims=True)
        return np.asarray(np.log(shares), np.float32)

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
