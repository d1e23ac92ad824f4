"""From a trained network to a directory of ``weights/``: export, parity, evaluation, card.

The embedding matrix is rounded to float16 first: what is evaluated is what ships. Nothing is
saved unless ONNX Runtime and Keras agree on real documents.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import FORMAT, amend_artifact, json_bytes, open_artifact, write_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import BatchShape, make_batch
from dlnlp.corpus.splits import Split
from dlnlp.inference.document_map import DocumentMap
from dlnlp.inference.han_runtime import HanRuntime
from dlnlp.inference.softmax import softmax
from dlnlp.models.han import Han, network_weights
from dlnlp.models.han_onnx import build_han_onnx
from train.evaluation import BINS, reliability, report
from train.provenance import ParityError, commit, network_files, over_seeds, standing, versions
from train.texts.han_predictions import predict_split

PARITY_DOCUMENTS = 200
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

    Raises:
        ParityError: it exceeds ``TOLERANCE``.
    """
    members = list(range(min(PARITY_DOCUMENTS, len(split))))
    tokens = [split.tokens(i) for i in members]
    lengths = [split.sentence_lengths(i) for i in members]
    batch = make_batch(tokens, lengths, shape)
    ours = {k: keras.ops.convert_to_numpy(v) for k, v in model.explain(batch).items()}
    theirs = runtime.run([split.sentences(i, shape.grid_length) for i in members])
    gaps = [_gap(ours["logits"][: len(members)], theirs.logits)]
    cells, words = batch["document_ids"].ravel(), batch["sentence_ids"].ravel()
    for place in range(len(members)):
        mine = np.flatnonzero(cells == place)
        read = np.concatenate([np.flatnonzero(words == cell) for cell in mine])
        gaps += [
            _gap(ours["sentence_attention"].ravel()[mine], theirs.sentence_attention[place]),
            _gap(ours["word_attention"].ravel()[read], theirs.word_attention[place]),
        ]
    worst = float(np.max(gaps))  # NaN where any is
    if not worst <= TOLERANCE:
        raise ParityError(
            f"ONNX Runtime and Keras differ by {worst:.2e} on real documents (allowed "
            f"{TOLERANCE:.0e}): nothing was saved; the checkpoint is kept"
        )
    return worst


def _gap(a: Any, b: Any) -> float:
    return float(np.abs(a - b).max()) if len(a) == len(b) else float("inf")


def _rounded_embeddings(model: Han) -> NDArray[np.float16]:
    """Give a network the word vectors that ship; returns them, ``[V, E]``."""
    matrix: NDArray[np.float16] = keras.ops.convert_to_numpy(model.embedding.embeddings).astype(
        np.float16
    )
    matrix[0] = 0
    model.embedding.embeddings.assign(matrix.astype(np.float32))
    return matrix


def measures_on_test(model: Han, corpus: Corpus, shape: BatchShape) -> dict[str, float]:
    """The measures on test of a network that does not ship, rounded as one that does."""
    _rounded_embeddings(model)
    test = corpus.split("test")
    found = report(test.labels, predict_split(model, test, shape)["logits"])["metrics"]
    return {name: metric["value"] for name, metric in found.items()}


def _of_all_seeds(
    training: dict[str, Any], metrics: dict[str, Any], others: Sequence[dict[str, Any]]
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

    Returns:
        The card.

    Raises:
        UntrainedError: it was not trained, or its weights are not finite.
        ParityError: the export differs from the network.
    """
    matrix = _rounded_embeddings(model)
    learned = network_files(model.network, training["history"], embeddings=matrix)
    network = build_han_onnx(network_weights(model)).SerializeToString()
    validation, test = corpus.split("validation"), corpus.split("test")
    if others and standing(output, network, matrix):
        opened = open_artifact(output)
        amend_artifact(opened, _of_all_seeds(training, opened.card["metrics"]["test"], others))
        return open_artifact(output).card
    parity = check_parity(model, HanRuntime(matrix, network), validation, shape)

    with_sources = corpus.info["dataset"] == "reviews5"
    reports: dict[str, Any] = {}
    for name, split in (("validation", validation), ("test", test)):
        answers = predict_split(model, split, shape)
        reports[name] = report(
            split.labels, answers["logits"], split.groups if with_sources else None
        )
    predictions = answers["logits"].argmax(axis=1)
    document_map = DocumentMap.fit(
        answers["document_vectors"], test.labels.astype(np.int64), predictions, test.rows
    )
    config = {
        "format": FORMAT, "model": "han", "dataset": corpus.info["dataset"],
        "class_names": list(corpus.class_names), **model.config.to_dict(),
    }  # fmt: skip
    embedding_size = int(matrix.size)
    card = {
        "model": output.name,
        "architecture": "Hierarchical Attention Network (Yang et al. 2016)",
        "dataset": corpus.info["dataset"],
        "class_names": list(corpus.class_names),
        **ABOUT.get(corpus.info["dataset"], {}),
        "metrics": {name: reports[name]["metrics"] for name in reports},
        "per_class": reports["test"]["per_class"],
        "confusion": reports["test"]["confusion"],
        "per_source": reports["test"].get("per_source"),
        "reliability": reliability(softmax(answers["logits"]), test.labels),
        "calibration_bins": BINS,
        "documents": {name: found["documents"] for name, found in corpus.info["splits"].items()},
        "validation": f"taken from train {corpus.info['validation']}",
        "corpus_sha256": corpus.info["hash"],
        "word_vectors": corpus.info["word_vectors"],
        "training": {k: v for k, v in training.items() if k != "history"},
        "parameters": {
            "embeddings": embedding_size,
            "network": int(sum(v.size for v in network_weights(model).values())),
        },
        "parity_onnx_keras": parity,
        "versions": versions(),
        "commit": commit(),
    }  # fmt: skip
    card |= _of_all_seeds(training, reports["test"]["metrics"], others)
    write_artifact(
        output,
        {
            "config.json": json_bytes(config),
            "embeddings.npy": lambda path: np.save(path, matrix, allow_pickle=False),
            "network.onnx": network,
            **learned,
            "preprocessor.json": corpus.preprocessor.save,
            "vocabulary.txt": corpus.vocabulary.save,
            "map.npz": document_map.save,
        },
        {key: value for key, value in card.items() if value is not None},
    )
    for name in reports:
        print(name, {k: round(v["value"], 4) for k, v in reports[name]["metrics"].items()})
    return card
