"""TF-IDF and a linear model: the work of ``python -m train.linear_baseline``."""

import argparse
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.svm import LinearSVC

from dlnlp.artifacts import amend_artifact, open_artifact
from dlnlp.corpus import Corpus
from train.corpora.trained_on import corpus_of
from train.evaluation import measures
from train.texts.nbsvm import count_matrix, known_ngrams, ngrams

NAME = "linear, TF-IDF of 1- and 2-grams"
PENALTIES = (0.03, 0.1, 0.3)


def linear_baseline(corpus: Corpus, min_count: int = 3) -> dict[str, Any]:
    """Train on train, choose on validation, read test once.

    Args:
        corpus: with labels in all three splits.
        min_count: of an n-gram in train.

    Returns:
        JSON-ready: number of n-grams, accuracy on validation by penalty, the one that was chosen,
        and the measures on test.
    """
    train = corpus.split("train")
    features = ngrams(train)
    columns = known_ngrams(features, min_count=min_count)
    transformer = TfidfTransformer(sublinear_tf=True)
    matrix = transformer.fit_transform(count_matrix(features, columns))
    del features

    def read(name: str) -> tuple[NDArray[np.int64], Any]:
        split = corpus.split(name)
        found = transformer.transform(count_matrix(ngrams(split), columns))
        return split.labels.astype(np.int64), found

    def measured(model: LinearSVC, labels: NDArray[np.int64], matrix: Any) -> dict[str, float]:
        result = measures(labels, _decisions(model, matrix))
        del result["loss"]  # decisions are no probabilities
        if len(corpus.class_names) == 2:
            del result["within_one"]
        return result

    models = {
        penalty: LinearSVC(C=penalty, class_weight="balanced", random_state=0).fit(
            matrix, train.labels
        )
        for penalty in PENALTIES
    }
    held_out = read("validation")
    validation = {c: measured(model, *held_out)["accuracy"] for c, model in models.items()}
    penalty = max(validation, key=lambda c: validation[c])
    return {
        "ngrams": len(columns),
        "validation_accuracy": {str(c): accuracy for c, accuracy in validation.items()},
        "penalty": penalty,
        "test": measured(models[penalty], *read("test")),
    }


def _decisions(model: LinearSVC, matrix: object) -> np.ndarray:
    decisions = model.decision_function(matrix)
    return np.stack([-decisions, decisions], axis=1) if decisions.ndim == 1 else decisions


def run(options: argparse.Namespace) -> None:
    """Print one JSON object; with a model, put the measures into its card.

    Args:
        options: of the command.
    """
    opened = open_artifact(options.weights / options.model) if options.model else None
    if opened is None:
        corpus = Corpus(options.corpora / options.dataset)
    else:
        corpus = corpus_of(opened, options.corpora)
    found = linear_baseline(corpus)
    print(json.dumps({"dataset": corpus.info["dataset"], **found}, indent=1))
    if opened is not None:
        opened = open_artifact(opened.path)  # another command may have amended it meanwhile
        baselines = {**opened.card.get("baselines", {}), NAME: found["test"]}
        amend_artifact(opened, {"baselines": baselines})
