"""The teachers of film reviews that are no networks: NB-SVM and document vectors.

Both learn from the labels of train. NB-SVM (:mod:`train.texts.nbsvm`) weighs n-grams; a logistic
regression judges document vectors (:mod:`train.texts.document_vectors`), which are learned from
the texts of train and of the reviews without labels. A vector exists only for a text that training
saw: the texts of validation are among these, without their labels, so that the teacher can be
judged. No text of test is.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack

from dlnlp import temporary
from dlnlp.corpus import Corpus
from dlnlp.inference.softmax import softmax
from train.evaluation import measures
from train.progress import ProgressBar
from train.texts.document_vectors import document_vectors
from train.texts.nbsvm import log_count_ratios, nbsvm_log_odds
from train.texts.review_ngrams import ReviewNgrams, texts_of

# What of n-grams the document vectors are learned from: those that lean to one class.
LEAST_RATIO = 0.7
FEWEST_TEXTS = 5
DESCRIPTION = (
    "NB-SVM (Wang & Manning 2012) on 1- to 3-grams of all words and marks; document vectors "
    "(DV-ngrams-cosine, Thongtan & Phienthrakul 2019) of train, validation and unlabelled texts "
    "with a logistic regression on the labels of train"
)


@dataclass(frozen=True, eq=False)
class FilmTeachers:
    """What the two say.

    Attributes:
        log_odds: of class 1 by teacher, ``nbsvm`` and ``document_vectors``, and split, float64
            ``[n]``: both on ``unsup`` and ``validation``, ``nbsvm`` on ``test`` too, as a baseline.
        seconds: what learning and asking took, by teacher.
    """

    log_odds: dict[str, dict[str, NDArray[np.float64]]]
    seconds: dict[str, float]


def film_teachers(corpus: Corpus, cache: Path) -> FilmTeachers:
    """Train both and ask them; what they say is kept in `cache` for the next run.

    Raises:
        DatasetError: the archive is missing or damaged.
        CorpusError: it holds other texts than those of the corpus.
    """
    key = _key(corpus)
    kept = kept_arrays(cache, key)
    if not kept:
        kept = _trained(corpus)
        keep_arrays(cache, key, kept)
    log_odds: dict[str, dict[str, NDArray[np.float64]]] = {}
    seconds = {}
    for name, values in kept.items():
        teacher, what = name.split("/")
        if what == "seconds":
            seconds[teacher] = float(values)
        else:
            log_odds.setdefault(teacher, {})[what] = values
    return FilmTeachers(log_odds, seconds)


def agreed(
    corpus: Corpus,
    log_odds: Mapping[str, Mapping[str, NDArray[Any]]],
    weights: Mapping[str, float],
    seconds: Mapping[str, float],
) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """What teachers say together: the weighted mean of their log odds.

    Args:
        corpus: of two classes.
        log_odds: of class 1 by teacher and split, float ``[n]``: ``unsup`` and ``validation``.
        weights: weight of each teacher that is asked; they sum to 1.
        seconds: what a teacher took, where that is known.

    Returns:
        Probabilities of the classes of the unlabelled documents, float32 ``[n, 2]``, and what the
        card says: ``teachers_on_validation`` of each and of all together, and the number of
        documents.
    """

    def columns(split: str, of: Mapping[str, float]) -> NDArray[np.float64]:
        mean = np.sum([share * log_odds[name][split] for name, share in of.items()], axis=0)
        return np.stack([np.zeros(len(mean)), mean], axis=1)

    truth = corpus.split("validation").labels.astype(int)
    asked = {name: {name: 1.0} for name in weights} | {"together": dict(weights)}
    found = {}
    for name, of in asked.items():
        measured = measures(truth, columns("validation", of))
        found[name] = {"accuracy": measured["accuracy"], "log_loss": measured["loss"]}
        if name in weights:
            found[name]["weight"] = weights[name]
        if name in seconds:
            found[name]["seconds"] = round(seconds[name])
        ProgressBar.write(f"{name}: " + "  ".join(f"{k} {v:.4g}" for k, v in found[name].items()))
    unlabelled = softmax(columns("unsup", weights)).astype(np.float32)
    return unlabelled, {
        "unlabelled_documents": len(unlabelled),
        "teachers_on_validation": found,
    }


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


def kept_arrays(path: Path, key: str) -> dict[str, NDArray[Any]]:
    """What :func:`keep_arrays` kept under the same key; nothing where it did not.

    Returns:
        Arrays by name, float ``[n]`` or one number each.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            kept = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, BadZipFile):
        return {}
    return kept if str(kept.pop("key", "")) == key else {}


def keep_arrays(path: Path, key: str, arrays: dict[str, NDArray[Any]]) -> None:
    """Keep arrays for a later run, all or none.

    Args:
        path: the file.
        key: names what they depend on.
        arrays: by name, float ``[n]`` or one number each.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary.beside(path) as partial:
        with partial.open("wb") as target:
            np.savez(target, key=np.array(key), **arrays)  # type: ignore[arg-type]
        partial.replace(path)
