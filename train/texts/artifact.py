"""From a trained text classifier to a directory of ``weights/``: what every network shares.

The embedding matrix is rounded to float16 first: what is evaluated is what ships. Nothing is saved
unless ONNX Runtime and Keras agree on real documents.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import FORMAT, Content, json_bytes, write_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import Split
from dlnlp.inference.document_map import DocumentMap
from dlnlp.inference.softmax import softmax
from train.evaluation import (
    BINS,
    limits_of_sources,
    reliability,
    report,
    temperatures_of_groups,
)
from train.provenance import ParityError, commit, versions

PARITY_DOCUMENTS = 200


@dataclass(frozen=True, eq=False)
class Exported:
    """A network as it ships.

    Attributes:
        matrix: float16 ``[V, E]``.
        weights: arrays of the network by name.
        network: the ONNX graph.
        parity: largest difference between ONNX Runtime and Keras.
        temperature: by which the logits were divided; None: by nothing.
    """

    matrix: NDArray[np.float16]
    weights: Mapping[str, NDArray[np.float32]]
    network: bytes
    parity: float
    temperature: float | None = None


def rounded_embeddings(layer: keras.layers.Embedding) -> NDArray[np.float16]:
    """Give a layer the word vectors that ship; returns them, float16 ``[V, E]``."""
    matrix: NDArray[np.float16] = keras.ops.convert_to_numpy(layer.embeddings).astype(np.float16)
    matrix[0] = 0
    layer.embeddings.assign(matrix.astype(np.float32))
    return matrix


def require_parity(gaps: Sequence[Any], tolerance: float) -> float:
    """The largest gap between ONNX Runtime and Keras; ParityError where it is too large."""
    worst = float(np.max(gaps))  # NaN where any is
    if not worst <= tolerance:
        raise ParityError(
            f"ONNX Runtime and Keras differ by {worst:.2e} on real documents (allowed "
            f"{tolerance:.0e}): nothing was saved; the checkpoint is kept"
        )
    return worst


def write_classifier(
    output: Path,
    model: str,
    config: Mapping[str, Any],
    exported: Exported,
    learned: Mapping[str, Content],
    corpus: Corpus,
    read: Callable[[str, Split], tuple[NDArray[np.float32], NDArray[np.float32]]],
    facts: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    more_files: Callable[[NDArray[np.int64]], Mapping[str, Content]] = lambda _: {},
) -> dict[str, Any]:
    """Evaluate on validation and test, write ``output`` with its card.

    Args:
        output: directory to write.
        model: the kind of the network.
        config: shape of the network, for ``config.json``.
        exported: what ships.
        learned: what :func:`train.provenance.network_files` returned.
        corpus: what it was trained on.
        read: reads a split, given with its name, with what ships: logits float32 ``[n, C]`` and
            document vectors float32 ``[n, D]``.
        facts: what the card says of network, data and training, from the metrics on test.
        more_files: files beside those that all networks have, from the predicted classes of test,
            int64 ``[n]``.

    Returns:
        The card.
    """
    dataset, class_names, reports = corpus.info["dataset"], list(corpus.class_names), {}
    temperatures: Mapping[str, float] = {}
    for name in ("validation", "test"):
        split = corpus.split(name)
        logits, vectors = read(name, split)
        groups = split.groups if dataset == "reviews5" else None
        reports[name] = report(split.labels, logits, groups, temperatures)
        if groups and name == "validation":
            temperatures = temperatures_of_groups(split.labels, logits, groups)
        print(name, {k: round(v["value"], 4) for k, v in reports[name]["metrics"].items()})
    labels, predictions = split.labels.astype(np.int64), logits.argmax(axis=1)
    document_map = DocumentMap.fit(vectors, labels, predictions, split.rows)
    card: dict[str, Any] = {
        "model": output.name,
        "dataset": dataset,
        "class_names": class_names,
        **facts(reports["test"]["metrics"]),
        "metrics": {name: found["metrics"] for name, found in reports.items()},
        "per_class": reports["test"]["per_class"],
        "confusion": reports["test"]["confusion"],
        "per_source": reports["test"].get("per_source"),
        "temperature": exported.temperature,
        "reliability": reliability(softmax(logits), labels),
        "calibration_bins": BINS,
        "documents": {name: found["documents"] for name, found in corpus.info["splits"].items()},
        "validation": f"taken from train {corpus.info['validation']}",
        "corpus_sha256": corpus.info["hash"],
        "word_vectors": corpus.info["word_vectors"],
        "parameters": {
            "embeddings": int(exported.matrix.size),
            "network": int(sum(array.size for array in exported.weights.values())),
        },
        "parity_onnx_keras": exported.parity,
        "versions": versions(),
        "commit": commit(),
    }
    if off := limits_of_sources(card["per_source"] or {}):
        card["limits"] = [*card.get("limits", []), *off]
    content = {
        "format": FORMAT, "model": model, "dataset": dataset, "class_names": class_names,
        **config,
    }  # fmt: skip
    write_artifact(
        output,
        {
            "config.json": json_bytes(content),
            "embeddings.npy": lambda path: np.save(path, exported.matrix, allow_pickle=False),
            "network.onnx": exported.network,
            **learned,
            "preprocessor.json": corpus.preprocessor.save,
            "vocabulary.txt": corpus.vocabulary.save,
            "map.npz": document_map.save,
            **more_files(predictions),
        },
        {key: value for key, value in card.items() if value is not None},
    )
    return card
