"""Pictures of MNIST's digits that ship beside the network, so that the app shows them anywhere.

MNIST is published under CC BY-SA 3.0 (see LICENSE); the pictures are unchanged.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SIDE = 28

Pictures = NDArray[np.uint8]


def save_pictures(path: Path, pictures: Pictures) -> None:
    """Write pictures.

    Args:
        path: the file; its name ends in ``.npz``.
        pictures: light ink on black, uint8 ``[N, 28, 28]``.
    """
    with path.open("wb") as file:  # a path without .npz would be given one
        np.savez_compressed(file, pictures=pictures)


def load_pictures(path: Path, count: int | None = None) -> Pictures:
    """Read what :func:`save_pictures` wrote, uint8 ``[N, 28, 28]``; executes nothing.

    Args:
        path: the file.
        count: N, where it is known.

    Raises:
        ValueError: the file holds something else, or another number of pictures.
    """
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        if "pictures" not in archive:
            raise ValueError(f"{path} holds no pictures; run python -m train.mnist_cnn --pictures")
        pictures: Pictures = archive["pictures"]
    if count is None:
        count = len(pictures) if pictures.ndim else 0
    if pictures.shape != (count, SIDE, SIDE) or pictures.dtype != np.uint8:
        raise ValueError(
            f"{path} holds {pictures.dtype} {list(pictures.shape)} where uint8 "
            f"{[count, SIDE, SIDE]} is needed; run python -m train.mnist_cnn --pictures"
        )
    return pictures
