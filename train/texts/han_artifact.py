"""From a trained HAN to a directory of ``weights/``: export and parity."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import amend_artifact, open_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.packing import BatchShape, make_batch
from dlnlp.corpus.splits import Split
from dlnlp.inference.han_runtime import HanRuntime
from dlnlp.models.han import Han, network_weights
from dlnlp.models.han_onnx import build_han_onnx
from train.evaluation import report
from train.provenance import network_files, over_seeds, standing
from train.texts.artifact import (
    PARITY_DOCUMENTS,
    Exported,
    require_parity,
    rounded_embeddings,
    write_classifier,
)
from train.texts.han_predictions import predict_split

TOLERANCE = 1e-5
ABOUT = {
    "reviews5": {
        "data": "235,344 English reviews with 1 to 5 stars from fifteen sources (Amazon, Yelp, "
        "TripAdvisor, Goodreads, Google Local, Zomato, App Store); exact duplicates removed.",
        "intended_use": "To explore and teach what attention in a hierarchical network shows. Not "
        "for decisions about people or products.",
        "limits": [
            "English only; irony, comparison and advice to others are often misread.",
            "Stars depend on the source as well as on the text; see the table per source.",
            "Attention shows where the network reads, not what caused its answer.",
        ],
    },
    "imdb": {
        "data": "Large Movie Review Dataset (Maas et al. 2011): 25,000 labelled reviews to train, "
        "25,000 to test, 50,000 without labels.",
        "intended_use": "To explore and teach what attention in a hierarchical network shows. Not "
        "for decisions about people or films.",
        "limits": [
            "English film reviews with a clear opinion (no 5 or 6 of 10); others are out of range.",
            "Attention shows where the network reads, not what caused its answer.",
        ],
    },
}


def check_parity(model: Han, runtime: HanRuntime, split: Split, shape: BatchShape) -> float:
    """Largest difference of logits and attention on the first documents of a split.

    That of logits is relative to the largest of them where this is above 1.

    Raises:
        ParityError: it exceeds ``TOLERANCE``.
    """
    members = list(range(min(PARITY_DOCUMENTS, len(split))))
    tokens = [split.tokens(i) for i in members]
    lengths = [split.sentence_lengths(i) for i in members]
    batch = make_batch(tokens, lengths, shape)
    ours = {k: keras.ops.convert_to_numpy(v) for k, v in model.explain(batch).items()}
    theirs = runtime.run([split.sentences(i, shape.grid_length) for i in members])
    # Sure answers have large logits, which float32 holds less exactly.
    size = max(1.0, float(np.abs(theirs.logits).max()))
    gaps = [_gap(ours["logits"][: len(members)], theirs.logits) / size]
    cells, words = batch["document_ids"].ravel(), batch["sentence_ids"].ravel()
    for place in range(len(members)):
        mine = np.flatnonzero(cells == place)
        read = np.concatenate([np.flatnonzero(words == cell) for cell in mine])
        gaps += [
            _gap(ours["sentence_attention"].ravel()[mine], theirs.sentence_attention[place]),
            _gap(ours["word_attention"].ravel()[read], theirs.word_attention[place]),
        ]
    return require_parity(gaps, TOLERANCE)


def _gap(a: Any, b: Any) -> float:
    return float(np.abs(a - b).max()) if len(a) == len(b) else float("inf")


def measures_on_test(model: Han, corpus: Corpus, shape: BatchShape) -> dict[str, float]:
    """The measures on test of a network that does not ship, rounded as one that does."""
    rounded_embeddings(model.embedding)
    test = corpus.split("test")
    found = report(test.labels, predict_split(model, test, shape)["logits"])["metrics"]
    return {name: metric["value"] for name, metric in found.items()}


def _of_all_seeds(
    training: dict[str, Any], metrics: Mapping[str, Any], others: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """What the card says of all seeds, the first and the others; nothing where there are none."""
    if not others:
        return {}
    values = {name: found["value"] for name, found in metrics.items()}
    own = {name: training[name] for name in ("seed", "seconds_of_this_run")}
    seeds = [own | values, *others]
    over = {name: over_seeds([row[name] for row in seeds]) for name in values}
    return {"seeds": seeds, "over_seeds": over}


def save_artifact(
    model: Han,
    corpus: Corpus,
    shape: BatchShape,
    training: dict[str, Any],
    output: Path,
    others: Sequence[dict[str, Any]] = (),
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Evaluate on validation and test, export, write ``output``.

    Where that holds this network already, only what the other seeds add goes into its card.

    Args:
        model: what ships; its word vectors are rounded.
        corpus: what it was trained on.
        shape: shape of the batches.
        training: what the card says of it; its ``history`` goes into a file of its own.
        output: folder.
        others: for each other seed its number, measures on test and seconds.
        about: what the card says of the data; None: what is known of the data set.

    Returns:
        The card.

    Raises:
        UntrainedError: it was not trained, or its weights are not finite.
        ParityError: the export differs from the network.
    """
    matrix = rounded_embeddings(model.embedding)
    learned = network_files(model.network, training["history"], embeddings=matrix)
    weights = network_weights(model)
    network = build_han_onnx(weights).SerializeToString()
    if others and standing(output, network, matrix):
        opened = open_artifact(output)
        amend_artifact(opened, _of_all_seeds(training, opened.card["metrics"]["test"], others))
        return open_artifact(output).card
    parity = check_parity(model, HanRuntime(matrix, network), corpus.split("validation"), shape)

    def read(_: str, split: Split) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        answers = predict_split(model, split, shape)
        return answers["logits"], answers["document_vectors"]

    def facts(metrics: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "architecture": "Hierarchical Attention Network (Yang et al. 2016)",
            **(ABOUT.get(corpus.info["dataset"], {}) if about is None else about),
            "training": {k: v for k, v in training.items() if k != "history"},
            **_of_all_seeds(training, metrics, others),
        }

    exported = Exported(matrix, weights, network, parity)
    return write_classifier(
        output, "han", model.config.to_dict(), exported, learned, corpus, read, facts
    )
