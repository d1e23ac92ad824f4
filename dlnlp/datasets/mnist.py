"""MNIST's file as arrays; needs NumPy, unlike the rest of this package."""

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from dlnlp.datasets.location import find
from dlnlp.datasets.registry import DatasetError, dataset_spec

SIDE = 28


@dataclass(frozen=True, eq=False)
class Digits:
    """One split of MNIST, in the order of the file.

    Attributes:
        images: light ink on black, uint8 [N, 28, 28].
        labels: the digits, uint8 [N].
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def read_mnist(split: Literal["train", "test"], path: Path | None = None) -> Digits:
    """Read a split of ``mnist.npz`` as packed by Keras: 60,000 or 10,000 digits.

    Args:
        split: which one; the other is not unpacked.
        path: the file; by default what `find` finds.

    Raises:
        DatasetError: The file is not there, damaged, or holds something else.
    """
    spec = dataset_spec("mnist")
    if split not in spec.splits:
        raise DatasetError(f"mnist has no split {split!r}: choose one of {', '.join(spec.splits)}.")
    file = find("mnist") if path is None else path
    if file is None or not file.is_file():
        raise DatasetError(
            f"{file or spec.file_name} is not there: download it, or set DLNLP_DATA to the folder "
            f"that holds {spec.file_name}."
        )
    try:
        # A file of our own: np.load leaves the one it opens open when it is no archive.
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            images, labels = arrays[f"x_{split}"], arrays[f"y_{split}"]
    except (
        OSError,
        EOFError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        BadZipFile,
        zlib.error,
    ) as error:
        raise _damaged(file, f"{type(error).__name__}: {error}") from error
    count = spec.row_counts[split]
    for name, array, shape in (
        (f"x_{split}", images, (count, SIDE, SIDE)),
        (f"y_{split}", labels, (count,)),
    ):
        if array.shape != shape or array.dtype != np.uint8:
            found = f"{array.dtype} {list(array.shape)}"
            raise _damaged(file, f"{name} is {found} instead of uint8 {list(shape)}")
    if labels.max() > 9:
        raise _damaged(file, f"y_{split} holds the label {labels.max()}")
    return Digits(images, labels)


def _damaged(file: Path, reason: str) -> DatasetError:
    return DatasetError(
        f"{file} is not the published file ({reason}): delete it and download it again."
    )
