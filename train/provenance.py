"""What every card says of how a model came to be, and how its Keras weights are written."""

import io
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactError, json_bytes, open_artifact
from dlnlp.errors import UserError

# 97.5 % points of Student's t with 1, 2, ... degrees of freedom.
_T975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


class UntrainedError(UserError):
    """A network that was not trained, or whose training failed: it must not ship."""


class ParityError(UserError):
    """ONNX Runtime and Keras disagree: the export must not ship."""


def versions() -> dict[str, str]:
    """Of what computed the weights."""
    return {
        "python": platform.python_version(),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "numpy": np.__version__,
        "onnxruntime": onnxruntime.__version__,
    }


def commit() -> str:
    """The commit of the code, marked when it has changes; "unknown" outside of git."""
    try:
        command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=Path(__file__).parent
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def network_files(
    network: keras.Model, history: Sequence[Mapping[str, float]], **arrays: NDArray[Any]
) -> dict[str, bytes]:
    """The files of a directory of weights that hold what was learned, and when.

    Every artifact takes them from here, so that none holds a network that nobody trained. They are
    made in memory: where the disk is full, HDF5 ends the whole process.

    Args:
        network: with the weights that ship.
        history: one record an epoch.
        **arrays: what ships beside the network, such as its word vectors, float32 ``[V, E]``.

    Returns:
        ``network.weights.h5`` and ``history.json``.

    Raises:
        UntrainedError: the history is empty, or a loss or a weight is not finite.
    """
    if not history:
        raise UntrainedError("no epoch was trained: nothing was saved; give --epochs 1 or more")
    weights = {v.path: keras.ops.convert_to_numpy(v) for v in network.weights}
    losses = {f"loss of epoch {n}": [r["loss"]] for n, r in enumerate(history, 1) if "loss" in r}
    for name, values in {**weights, **arrays, **losses}.items():
        if not np.all(np.isfinite(values)):
            raise UntrainedError(
                f"{name} is not finite: nothing was saved; delete the checkpoints and train again "
                "with a lower learning rate"
            )
    stored = _WeightsInMemory()
    network.save_weights(stored)
    return {
        "network.weights.h5": stored.getvalue(),
        "history.json": json_bytes({"epochs": list(history)}),
    }


def standing(output: Path, network: bytes, vectors: NDArray[np.float16]) -> bool:
    """Whether a directory of weights holds this very network already.

    Then its card, to which other commands may have added, stays but for what further seeds add.

    Args:
        output: the directory, which may be missing or damaged.
        network: content of ``network.onnx``.
        vectors: content of ``embeddings.npy``, float16 ``[V, E]``.
    """
    try:
        opened = open_artifact(output)
        stored = np.load(opened.file("embeddings.npy"), allow_pickle=False)
        return opened.file("network.onnx").read_bytes() == network and np.array_equal(
            stored, vectors
        )
    except ArtifactError:
        return False


class _WeightsInMemory(io.BytesIO):
    """A file in memory with the name of a path: Keras checks the name, h5py writes the file."""

    def __str__(self) -> str:
        return "network.weights.h5"


def over_seeds(values: Sequence[float]) -> dict[str, Any]:
    """Mean, standard deviation and 95 % t-interval of the mean over seeds."""
    count = len(values)
    mean = float(np.mean(values))
    if count < 2:
        return {"seeds": count, "mean": mean}
    deviation = float(np.std(values, ddof=1))
    half = _T975[min(count - 2, len(_T975) - 1)] * deviation / np.sqrt(count)
    return {
        "seeds": count,
        "mean": mean,
        "standard_deviation": deviation,
        "low": mean - float(half),
        "high": mean + float(half),
    }
