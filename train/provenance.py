"""What every card says of how a model came to be, and how its Keras weights are written."""

import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnxruntime

# 97.5 % points of Student's t with 1, 2, ... degrees of freedom.
_T975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


class ParityError(Exception):
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


def save_network_weights(network: keras.Model, path: Path) -> None:
    """Write ``network.weights.h5``; Keras insists on that ending, `path` may be temporary."""
    named = path.name.endswith(".weights.h5")
    target = path if named else path.with_name(path.name + ".weights.h5")
    network.save_weights(target)
    if target != path:
        target.replace(path)


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
