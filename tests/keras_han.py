"""A tiny HAN directory whose Keras weights are those of its graph, for what differentiates it."""

from pathlib import Path

import numpy as np

from dlnlp.artifacts import json_bytes, open_artifact, write_artifact
from dlnlp.models.han import HanConfig, HanNetwork
from tests.tiny_han import write_tiny_han


def write_keras_han(path: Path, seed: int = 0, **options) -> None:
    """As `write_tiny_han`, with a true `network.weights.h5`."""
    weights = write_tiny_han(path, seed, **options)
    opened = open_artifact(path)
    classes = len(opened.config["class_names"])
    network = HanNetwork(HanConfig.from_dict({**opened.config, "num_classes": classes}))
    for name, array in weights.items():
        layer, variable = name.split(".")
        variables = getattr(network, layer).weights
        next(v for v in variables if v.name == variable).assign(np.asarray(array))
    kept = path.parent / f"{path.name}.weights.h5"
    network.save_weights(kept)
    files = {name: opened.file(name).read_bytes() for name in opened.card["files"]}
    config = opened.config | {"num_classes": classes}
    files |= {"network.weights.h5": kept.read_bytes()}
    kept.unlink()
    write_artifact(path, files | {"config.json": json_bytes(config)}, opened.card)
