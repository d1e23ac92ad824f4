"""Arrays on their way to the browser, as base64."""

import base64
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

_MOST = 32_767


class Scaled(TypedDict):
    """An array in whole steps: half the bytes of float32, exact to a 65,000th of its range."""

    scale: float  # length of a step
    values: str  # base64 of int16


def scaled(array: NDArray[np.floating[Any]]) -> Scaled:
    """An array, float32 or float64 of any shape, in steps of a 32,767th of its largest size."""
    scale = float(np.abs(array).max(initial=0)) / _MOST or 1.0
    return Scaled(scale=scale, values=_base64(np.rint(array / scale).astype("<i2")))


def floats(array: NDArray[np.floating[Any]]) -> str:
    """An array, float32 or float64 of any shape, as base64 of float32."""
    return _base64(array.astype("<f4"))


def _base64(array: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
