"""From a trained Kim CNN to a directory of ``weights/``: export, calibration, phrases of filters.

The temperature is folded into the classifier first: what is evaluated is what ships, run by ONNX
Runtime as the app does.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import Content, amend_artifact, open_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.bucketing import Buckets
from dlnlp.corpus.splits import Split
from dlnlp.inference.document_map import DocumentMap
from dlnlp.inference.filters import StrongestRegions, save_filters
from dlnlp.inference.kim_cnn_runtime import KimCnnOutputs, KimCnnRuntime
from dlnlp.models.kim_cnn import KimCnn, network_weights
from dlnlp.models.kim_cnn_onnx import build_kim_cnn_onnx
from train.evaluation import temperature_of_classes
from train.provenance import network_files, standing
from train.texts.artifact import (
    PARITY_DOCUMENTS,
    Exported,
    require_parity,
    rounded_embeddings,
    write_classifier,
)
from train.texts.kim_cnn_fitting import predict_split

TOLERANCE = 1e-4  # of logits; relative to 1 and more
DOCUMENTS_PER_RUN = 512
ABOUT = {
    "imdb": {
        "data": "Large Movie Review Dataset (Maas et al. 2011): 25,000 labelled reviews to train, "
        "25,000 to test, 50,000 without labels.",
        "intended_use": "To explore and teach what a convolutional network for text rests its "
        "answer on. Not for decisions about people or films.",
        "limits": [
            "English film reviews with a clear opinion (no 5 or 6 of 10); others are out of range.",
            "It sees a few words at a time and takes each filter's maximum: where in the text a "
            "phrase stands, and how often, does not count.",
            "Irony, comparison and reported opinions are often misread.",
        ],
    },
}


def export(model: KimCnn, validation: Split, buckets: Buckets) -> Exported:
    """Round, calibrate on validation, build the graph, compare with Keras.

    The model itself is changed to what ships.

    Raises:
        ParityError: the graph differs from the network.
    """
    for channel in model.channels:
        rounded_embeddings(channel)
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
    return Exported(matrix, weights, network, require_parity(gaps, TOLERANCE), temperature)


def _tokens(split: Split, index: int, buckets: Buckets) -> NDArray[np.int32]:
    return split.tokens(index)[: buckets.lengths[-1]].astype(np.int32)


def read_split(
    exported: Exported, split: Split, buckets: Buckets, found: StrongestRegions, corpus: Corpus
) -> KimCnnOutputs:
    """What ships reads a whole split; its strongest regions go into `found`."""
    runtime, words = KimCnnRuntime(exported.matrix, exported.network), corpus.vocabulary.words
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
    if "seeds" in facts and standing(output, exported.network, exported.matrix):
        opened = open_artifact(output)
        amend_artifact(opened, {name: facts[name] for name in ("seeds", "over_seeds")})
        return open_artifact(output).card
    learned = network_files(model.network, history, embeddings=exported.matrix)
    config, test, vectors = model.config, corpus.split("test"), corpus.embeddings()
    strongest = {
        name: StrongestRegions(config.widths, config.filters) for name in ("validation", "test")
    }

    def read(name: str, split: Split) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        outputs = read_split(exported, split, buckets, strongest[name], corpus)
        return outputs.logits, outputs.pooled

    def more_files(predictions: NDArray[np.int64]) -> dict[str, Content]:
        means = mean_vectors(test, vectors)
        before = DocumentMap.fit(means, test.labels.astype(np.int64), predictions, test.rows)
        words = before.place(vectors)
        return {
            "map_before.npz": before.save,
            "words_before.npy": lambda path: np.save(path, words, allow_pickle=False),
            "filters.json": lambda path: save_filters(path, strongest["test"].entries()),
        }

    about = {
        "architecture": "Convolutional network for sentences (Kim 2014)",
        **ABOUT.get(corpus.info["dataset"], {}),
        **facts,
    }
    return write_classifier(
        output, "kim_cnn", config.to_dict(), exported, learned, corpus, read,
        lambda _: about, more_files,
    )  # fmt: skip
