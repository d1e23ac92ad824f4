"""A complete artifact of a tiny random Kim CNN, for tests of inference and of the pages."""

import json
from pathlib import Path

import numpy as np

from dlnlp.artifacts import json_bytes, write_artifact
from dlnlp.inference.document_map import DocumentMap
from dlnlp.inference.filters import StrongestRegions, save_filters
from dlnlp.inference.kim_cnn_runtime import KimCnnRuntime
from dlnlp.models.kim_cnn_onnx import build_kim_cnn_onnx
from dlnlp.text import Preprocessor
from dlnlp.text.vocabulary import Vocabulary
from tests.reference_kim_cnn import random_kim_cnn_weights
from tests.tiny_han import POLARITY, WORDS, tiny_card

WIDTHS = (2, 3, 4)


def write_tiny_kim_cnn(
    path: Path,
    seed: int = 0,
    *,
    class_names: tuple[str, ...] = POLARITY,
    max_tokens: int | None = 60,
    filters: int = 6,
    documents: int = 40,
) -> dict[str, np.ndarray]:
    """Writes all files of ``weights/kim_cnn`` for an untrained network; returns its weights.

    About 60 words, embedding_dim 8, widths 2, 3 and 4 with `filters` filters each. The documents of
    both maps are random texts of 5 to 30 words, rows 0, 3, 6 and so on of an invented test split.
    """
    vocabulary = Vocabulary(WORDS.split())
    rng = np.random.default_rng(seed)
    weights = random_kim_cnn_weights(
        seed,
        widths=WIDTHS,
        embedding_dim=8,
        filters=filters,
        classes=len(class_names),
        scale=0.4,
    )
    embeddings = rng.standard_normal((len(vocabulary), 8)).astype(np.float16)
    embeddings[0] = 0
    network = build_kim_cnn_onnx(weights, WIDTHS).SerializeToString()
    texts = [
        rng.integers(2, len(vocabulary), rng.integers(5, 31)).astype(np.int32)
        for _ in range(documents)
    ]
    outputs = KimCnnRuntime(embeddings, network).run(texts)
    rows = np.arange(0, 3 * documents, 3)
    labels = rng.integers(len(class_names), size=documents)
    predictions = outputs.logits.argmax(axis=1)
    means = np.stack([embeddings[ids].astype(np.float32).mean(axis=0) for ids in texts])
    before = DocumentMap.fit(means, labels, predictions, rows)
    words_before = before.place(embeddings.astype(np.float32))
    regions = StrongestRegions(WIDTHS, filters)
    tokens = [[vocabulary.words[token] for token in ids] for ids in texts]
    regions.add(outputs.pooled, outputs.positions, tokens, rows.tolist())
    entries = regions.entries()
    config = {
        "format": 1,
        "model": "kim_cnn",
        "dataset": "imdb",
        "class_names": list(class_names),
        "vocabulary_size": len(vocabulary),
        "embedding_dim": 8,
        "channels": 1,
        "widths": list(WIDTHS),
        "filters": filters,
        "max_tokens": max_tokens,
        "variant": "non-static",
    }
    write_artifact(
        path,
        {
            "config.json": json_bytes(config),
            "embeddings.npy": lambda file: np.save(file, embeddings),
            "filters.json": lambda file: save_filters(file, entries),
            "history.json": json.dumps({"epochs": [{"loss": 0.7}, {"loss": 0.5}]}).encode(),
            "map.npz": DocumentMap.fit(outputs.pooled, labels, predictions, rows).save,
            "map_before.npz": before.save,
            "network.onnx": network,
            "network.weights.h5": b"an untrained network has no Keras weights",
            "preprocessor.json": Preprocessor().save,
            "vocabulary.txt": vocabulary.save,
            "words_before.npy": lambda file: np.save(file, words_before),
        },
        tiny_card(path.name, "imdb", class_names) | {"temperature": 1.1},
    )
    return weights
