"""From a trained Kim CNN to a directory of ``weights/``: export, calibration, evaluation, card.

The embedding matrix is rounded to float16 and the temperature folded into the classifier first:
what is evaluated is what ships, run by ONNX Runtime as the app does. Nothing is saved unless it
agrees with Keras on real documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import FORMAT, amend_artifact, json_bytes, open_artifact, write_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.bucketing import Buckets
from dlnlp.corpus.splits import Split
from dlnlp.inference.document_map import DocumentMap
from dlnlp.inference.filters import StrongestRegions, save_filters
from dlnlp.inference.kim_cnn_runtime import KimCnnOutputs, KimCnnRuntime
from dlnlp.inference.softmax import softmax
from dlnlp.models.kim_cnn import KimCnn, network_weights
from dlnlp.models.kim_cnn_onnx import build_kim_cnn_onnx
from train.evaluation import BINS, reliability, report, temperature_of_classes
from train.provenance import ParityError, commit, network_files, standing, versions
from train.texts.kim_cnn_fitting import predict_split

PARITY_DOCUMENTS = 200
TOLERANCE = 1e-4  # of logits; relative to 1 and more
DOCUMENTS_PER_RUN = 512
ABOUT = {
    "data": "Large Movie Review Dataset (Maas et al. 2011): 25,000 labelled reviews to train, "
    "25,000 to test, 50,000 without labels.",
    "intended_use": "To explore and teach what a convolutional network for text rests its answer "
    "on. Not for decisions about people or films.",
    "limits": [
        "English film reviews with a clear opinion (no 5 or 6 of 10); others are out of range.",
        "It sees a few words at a time and takes each filter's maximum: where in the text a phrase "
        "stands, and how often, does not count.",
        "Irony, comparison and reported opinions are often misread.",
    ],
}


@dataclass(frozen=True, eq=False)
class Exported:
    """A network as it ships.

    Attributes:
        matrix: float16 ``[V, E]``.
        weights: arrays of the network by name, calibrated.
        network: the ONNX graph.
        temperature: by which the logits were divided.
        parity: largest difference between ONNX Runtime and Keras.
    """

    matrix: NDArray[np.float16]
    weights: dict[str, NDArray[np.float32]]
    network: bytes
    temperature: float
    parity: float

    def runtime(self) -> KimCnnRuntime:
        """What runs it."""
        return KimCnnRuntime(self.matrix, self.network)


def export(model: KimCnn, validation: Split, buckets: Buckets) -> Exported:
    """Round, calibrate on validation, build the graph, compare with Keras.

    The model itself is changed to what ships.

    Raises:
        ParityError: the graph differs from the network.
    """
    for channel in model.channels:
        rounded = keras.ops.convert_to_numpy(channel.embeddings).astype(np.float16)
        rounded[0] = 0
        channel.embeddings.assign(rounded.astype(np.float32))
    logits = predict_split(model, validation, buckets)["logits"]
    temperature = temperature_of_classes(logits, validation.labels)
    classifier = model.network.classifier
    for variable in (classifier.kernel, classifier.bias):
        # The mean over the classes moves all logits alike: without it a share of one class's logit
        # tells this class from the others.
        common = keras.ops.mean(variable, axis=-1, keepdims=True) if logits.shape[1] > 2 else 0
        variable.assign((variable - common) / temperature)
    logits = predict_split(model, validation, buckets)["logits"]
    matrix = model.embedding_matrix().astype(np.float16)
    weights = network_weights(model)
    network = build_kim_cnn_onnx(weights, model.config.widths).SerializeToString()
    members = range(min(PARITY_DOCUMENTS, len(validation)))
    documents = [_tokens(validation, i, buckets) for i in members]
    theirs = KimCnnRuntime(matrix, network).run(documents).logits
    gaps = np.abs(theirs - logits[: len(theirs)]) / np.maximum(1, np.abs(theirs))
    parity = float(np.max(gaps))  # NaN where any is
    if not parity <= TOLERANCE:
        raise ParityError(
            f"ONNX Runtime and Keras differ by {parity:.2e} on real documents (allowed "
            f"{TOLERANCE:.0e}): nothing was saved; the checkpoint is kept"
        )
    return Exported(matrix, weights, network, temperature, parity)


def _tokens(split: Split, index: int, buckets: Buckets) -> NDArray[np.int32]:
    return split.tokens(index)[: buckets.lengths[-1]].astype(np.int32)


def read_split(
    exported: Exported, split: Split, buckets: Buckets, found: StrongestRegions, corpus: Corpus
) -> KimCnnOutputs:
    """What ships reads a whole split; its strongest regions go into `found`."""
    runtime, words = exported.runtime(), corpus.vocabulary.words
    parts: list[KimCnnOutputs] = []
    for start in range(0, len(split), DOCUMENTS_PER_RUN):
        members = range(start, min(start + DOCUMENTS_PER_RUN, len(split)))
        documents = [_tokens(split, i, buckets) for i in members]
        outputs = runtime.run(documents)
        tokens = [[words[i] for i in document.tolist()] for document in documents]
        found.add(outputs.pooled, outputs.positions, tokens, split.rows[list(members)].tolist())
        parts.append(outputs)
    columns = zip(*((part.logits, part.pooled, part.positions) for part in parts), strict=True)
    return KimCnnOutputs(*map(np.concatenate, columns))


def mean_vectors(split: Split, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean word vector of each document, float32 ``[n, E]``."""
    return np.stack([embeddings[split.tokens(i)].mean(axis=0) for i in range(len(split))])


def save_artifact(
    model: KimCnn,
    exported: Exported,
    corpus: Corpus,
    buckets: Buckets,
    history: list[dict[str, float]],
    facts: Mapping[str, Any],
    output: Path,
) -> dict[str, Any]:
    """Evaluate on validation and test, gather the filters' phrases, write ``output``.

    Where that holds this network already, only what is told of all seeds goes into its card.

    Args:
        model: as :func:`export` left it.
        exported: what it returned.
        corpus: validation, test and vocabulary.
        buckets: the longest is what is read of a text.
        history: one record an epoch.
        facts: facts of the training and of other runs, for the card.
        output: directory to write.

    Returns:
        The card.

    Raises:
        UntrainedError: it was not trained, or its weights are not finite.
    """
    if standing(output, exported.network, exported.matrix):
        opened = open_artifact(output)
        amend_artifact(opened, {name: facts[name] for name in ("seeds", "over_seeds")})
        return open_artifact(output).card
    learned = network_files(model.network, history, embeddings=exported.matrix)
    config, test = model.config, corpus.split("test")
    reports: dict[str, Any] = {}
    for name in ("validation", "test"):
        split = corpus.split(name)
        strongest = StrongestRegions(config.widths, config.filters)
        outputs = read_split(exported, split, buckets, strongest, corpus)
        reports[name] = report(split.labels, outputs.logits)
    labels = test.labels.astype(np.int64)
    predictions = outputs.logits.argmax(axis=1)
    vectors = corpus.embeddings()
    document_map = DocumentMap.fit(outputs.pooled, labels, predictions, test.rows)
    map_before = DocumentMap.fit(mean_vectors(test, vectors), labels, predictions, test.rows)
    words_before = map_before.place(vectors)
    card = {
        "model": output.name,
        "architecture": "Convolutional network for sentences (Kim 2014)",
        "dataset": corpus.info["dataset"],
        "class_names": list(corpus.class_names),
        **ABOUT,
        "metrics": {name: reports[name]["metrics"] for name in reports},
        "per_class": reports["test"]["per_class"],
        "confusion": reports["test"]["confusion"],
        "temperature": exported.temperature,
        "reliability": reliability(softmax(outputs.logits), labels),
        "calibration_bins": BINS,
        "documents": {name: found["documents"] for name, found in corpus.info["splits"].items()},
        "validation": f"taken from train {corpus.info['validation']}",
        "corpus_sha256": corpus.info["hash"],
        "word_vectors": corpus.info["word_vectors"],
        **facts,
        "parameters": {
            "embeddings": int(exported.matrix.size),
            "network": int(sum(v.size for v in exported.weights.values())),
        },
        "parity_onnx_keras": exported.parity,
        "versions": versions(),
        "commit": commit(),
    }
    content = {
        "format": FORMAT, "model": "kim_cnn", "dataset": corpus.info["dataset"],
        "class_names": list(corpus.class_names), **config.to_dict(),
    }  # fmt: skip
    entries = strongest.entries()
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
            "map_before.npz": map_before.save,
            "words_before.npy": lambda path: np.save(path, words_before, allow_pickle=False),
            "filters.json": lambda path: save_filters(path, entries),
        },
        card,
    )
    for name in reports:
        print(name, {k: round(v["value"], 4) for k, v in reports[name]["metrics"].items()})
    return card
