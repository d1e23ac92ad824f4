"""A complete artifact of a tiny random HAN, for tests of inference and of the pages."""

import json
from pathlib import Path

import numpy as np

from dlnlp.artifacts import json_bytes, write_artifact
from dlnlp.inference.document_map import DocumentMap
from dlnlp.models.han_onnx import build_han_onnx
from dlnlp.text import Preprocessor
from dlnlp.text.vocabulary import Vocabulary
from tests.reference_han import random_han_weights

WORDS = (
    "the a and of to it is was i this in that for but not with my you on as have be so are at "
    "very good great bad awful excellent terrible love hate like book film movie phone battery "
    "screen price quality works broken stopped buy return money waste best worst okay boring . ! "
    "? n't do 's one two"
)
STARS = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")
POLARITY = ("negative", "positive")


def write_tiny_han(
    path: Path,
    seed: int = 0,
    *,
    class_names: tuple[str, ...] = STARS,
    dataset: str = "reviews5",
    max_words: int = 12,
    max_sentences: int = 6,
    documents: int = 40,
) -> dict[str, np.ndarray]:
    """Writes all files of ``weights/<model>`` for an untrained network; returns its weights.

    About 60 words, embedding_dim 8, 4 units a direction, attention_dim 6. The documents of the map
    are random points.
    """
    classes = len(class_names)
    vocabulary = Vocabulary(WORDS.split())
    rng = np.random.default_rng(seed)
    weights = random_han_weights(
        seed, embedding_dim=8, units=4, attention_dim=6, classes=classes, scale=0.8
    )
    embeddings = rng.standard_normal((len(vocabulary), 8)).astype(np.float16)
    embeddings[0] = 0
    vectors = rng.standard_normal((documents, 8)).astype(np.float32)
    document_map = DocumentMap.fit(
        vectors,
        rng.integers(classes, size=documents),
        rng.integers(classes, size=documents),
        np.arange(0, 3 * documents, 3),
    )
    config = {
        "format": 1,
        "model": "han",
        "dataset": dataset,
        "class_names": list(class_names),
        "vocabulary_size": len(vocabulary),
        "embedding_dim": 8,
        "units": 4,
        "attention_dim": 6,
    }
    write_artifact(
        path,
        {
            "config.json": json_bytes(config),
            "embeddings.npy": lambda file: np.save(file, embeddings),
            "history.json": json.dumps({"loss": [1.6, 1.2]}).encode(),
            "map.npz": document_map.save,
            "network.onnx": build_han_onnx(weights).SerializeToString(),
            "network.weights.h5": b"an untrained network has no Keras weights",
            "preprocessor.json": Preprocessor(
                max_words=max_words, max_sentences=max_sentences
            ).save,
            "vocabulary.txt": vocabulary.save,
        },
        tiny_card(path.name, dataset, class_names),
    )
    return weights


def tiny_card(model: str, dataset: str, class_names: tuple[str, ...]) -> dict:
    """A card of the shape that training writes, with invented figures."""

    def figure(value):
        return {"value": value, "low": value - 0.01, "high": value + 0.01}

    return {
        "model": model,
        "dataset": dataset,
        "class_names": list(class_names),
        "intended_use": "Tests of this project: the weights are random.",
        "parameters": {"embeddings": 480, "network": 1_000},
        "metrics": {
            split: {
                "accuracy": figure(0.5),
                "mean_recall": figure(0.4),
                "within_one": figure(0.9),
            }
            for split in ("validation", "test")
        },
    }
