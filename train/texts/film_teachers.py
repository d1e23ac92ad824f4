"""The teachers of film reviews that are no networks: NB-SVM and document vectors.

Both learn from the labels of train. NB-SVM (:mod:`train.texts.nbsvm`) weighs n-grams; a logistic
regression judges document vectors (:mod:`train.texts.document_vectors`), which are learned from
the texts of train and of the reviews without labels. A vector exists only for a text that training
saw: the texts of validation are among these, without their labels, so that the teacher can be
judged. No text of test is.
"""

import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack

from dlnlp.corpus import Corpus
from train.progress import ProgressBar
from train.texts.document_vectors import document_vectors
from train.texts.nbsvm import log_count_ratios, nbsvm_log_odds
from train.texts.opinions import Heard, heard_once
from train.texts.review_ngrams import ReviewNgrams, texts_of

# What of n-grams the document vectors are learned from: those that lean to one class.
LEAST_RATIO = 0.7
FEWEST_TEXTS = 5
DESCRIPTION = (
    "NB-SVM (Wang & Manning 2012) on 1- to 3-grams of all words and marks; document vectors "
    "(DV-ngrams-cosine, Thongtan & Phienthrakul 2019) of train, validation and unlabelled texts "
    "with a logistic regression on the labels of train"
)


def film_teachers(corpus: Corpus, cache: Path) -> Heard:
    """Train both and ask them; what they say is kept in `cache` for the next run.

    Returns:
        Logits ``[n, 2]`` of ``nbsvm`` and ``document_vectors``: of both on ``unsup`` and
        ``validation``, of ``nbsvm`` on ``test`` too, as a baseline.

    Raises:
        DatasetError: the archive is missing or damaged.
        CorpusError: it holds other texts than those of the corpus.
    """
    return heard_once(cache, _key(corpus), lambda: _trained(corpus))


def _key(corpus: Corpus) -> str:
    """Of which texts and labels, and how: words and sentences of the corpus do not matter."""
    found = sha256(f"{corpus.info['dataset']} {LEAST_RATIO} {FEWEST_TEXTS}".encode())
    for name in ("train", "unsup", "validation", "test"):
        split = corpus.split(name)
        found.update(split.rows.tobytes() + split.labels.tobytes())
    return found.hexdigest()


def _trained(corpus: Corpus) -> dict[str, NDArray[Any]]:
    texts = texts_of(corpus)
    labels = corpus.split("train").labels.astype(np.int64)
    started = time.perf_counter()
    ProgressBar.write("counting n-grams of the reviews")
    ngrams = ReviewNgrams(texts["train"])
    train, others = ngrams.matrix, ("unsup", "validation", "test")
    matrices = {name: ngrams.of(texts[name]) for name in others}
    odds = nbsvm_log_odds(train, labels, list(matrices.values()))
    found = {f"nbsvm/{name}": of for name, of in zip(matrices, odds, strict=True)}
    found["nbsvm/seconds"] = np.array(time.perf_counter() - started)

    started = time.perf_counter()
    read = vstack([train, matrices["unsup"], matrices["validation"]], format="csr")
    common = np.bincount(read.indices, minlength=read.shape[1]) >= FEWEST_TEXTS
    leaning = np.abs(log_count_ratios(train, labels)) >= LEAST_RATIO
    vectors = document_vectors(read[:, np.flatnonzero(common & leaning)].tocsr())
    # Imported only here: importing scikit-learn takes as long as Keras.
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=300).fit(vectors[: len(labels)], labels)
    odds = model.decision_function(vectors[len(labels) :])
    unlabelled = matrices["unsup"].shape[0]
    found["document_vectors/unsup"] = odds[:unlabelled]
    found["document_vectors/validation"] = odds[unlabelled:]
    found["document_vectors/seconds"] = np.array(time.perf_counter() - started)
    return found
