"""What a linear model reaches on a prepared corpus: TF-IDF of 1- and 2-grams, balanced classes.

    python -m train.linear_baseline --dataset reviews5

The penalty is chosen on validation; test is read once. It reads the same tokens as the networks.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.svm import LinearSVC

from dlnlp.corpus import Corpus
from train.evaluation import measures
from train.texts.nbsvm import count_matrix, known_ngrams, ngrams


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m train.linear_baseline", description=__doc__)
    parser.add_argument("--dataset", default="reviews5", choices=("reviews5", "imdb"))
    parser.add_argument("--corpus", type=Path, help="default: corpora/<dataset>")
    options = parser.parse_args(arguments)
    corpus = Corpus(options.corpus or Path("corpora") / options.dataset)
    train = corpus.split("train")
    features = ngrams(train)
    columns = known_ngrams(features, min_count=3)
    transformer = TfidfTransformer(sublinear_tf=True)
    matrix = transformer.fit_transform(count_matrix(features, columns))
    del features
    scores = {}
    for penalty in (0.03, 0.1, 0.3):
        model = LinearSVC(C=penalty, class_weight="balanced", random_state=0)
        model.fit(matrix, train.labels)
        split = corpus.split("validation")
        found = _decisions(model, transformer.transform(count_matrix(ngrams(split), columns)))
        scores[penalty] = (measures(split.labels.astype(int), found)["accuracy"], model)
    penalty = max(scores, key=lambda c: scores[c][0])
    split = corpus.split("test")
    found = _decisions(
        scores[penalty][1], transformer.transform(count_matrix(ngrams(split), columns))
    )
    result = measures(split.labels.astype(int), found)
    del result["loss"]  # decisions are no probabilities
    validation = {str(c): round(score, 4) for c, (score, _) in scores.items()}
    print(
        json.dumps(
            {
                "dataset": options.dataset,
                "ngrams": len(columns),
                "validation_accuracy": validation,
                "penalty": penalty,
                "test": {name: round(value, 4) for name, value in result.items()},
            },
            indent=1,
        )
    )


def _decisions(model: LinearSVC, matrix: object) -> np.ndarray:
    decisions = model.decision_function(matrix)
    return np.stack([-decisions, decisions], axis=1) if decisions.ndim == 1 else decisions


if __name__ == "__main__":
    main()
