"""The pictures of MNIST that ship in ``weights/mnist_cnn``, and the index of neighbours.

What is made here follows from the network and MNIST alone, so that it can be made again for a
network that is trained already: ``python -m train.mnist_cnn --pictures``.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import amend_artifact, open_artifact
from dlnlp.datasets.mnist import Digits, read_mnist
from dlnlp.inference.digit_index import DigitIndex
from dlnlp.inference.digit_pictures import save_pictures
from dlnlp.inference.digits import DigitRuntime

# With their pictures they take less than 2.5 MB.
INDEX_DIGITS, INDEX_DIRECTIONS = 13_000, 20

Content = Callable[[Path], None]


def digit_index(embeddings: NDArray[np.float32], labels: NDArray[np.uint8]) -> DigitIndex:
    """An index of INDEX_DIGITS training digits drawn by chance.

    Args:
        embeddings: float32 ``[n, D]``.
        labels: uint8 ``[n]``.
    """
    size = min(INDEX_DIGITS, len(labels))
    rows = np.sort(np.random.default_rng(0).choice(len(labels), size, replace=False))
    return DigitIndex.fit(
        embeddings[rows], labels[rows], rows, directions=min(INDEX_DIRECTIONS, embeddings.shape[1])
    )


def picture_files(
    embeddings: NDArray[np.float32], train: Digits, test_images: NDArray[np.uint8]
) -> dict[str, Content]:
    """The files: the index of neighbours, their pictures, the pictures of all test digits.

    Args:
        embeddings: float32 ``[n, D]``, of the training digits.
        train: the digits that the network learned from, n of them.
        test_images: uint8 ``[N, 28, 28]``.
    """
    index = digit_index(embeddings, train.labels)
    return {
        "neighbours.npz": index.save,
        "neighbour_pictures.npz": partial(save_pictures, pictures=train.images[index.rows]),
        "test_pictures.npz": partial(save_pictures, pictures=test_images),
    }


def repack(output: Path) -> None:
    """Make these files again for the network in a directory of weights; all else stays.

    Args:
        output: the directory.

    Raises:
        ArtifactError: it cannot be opened.
        DatasetError: MNIST is not on this machine.
    """
    opened = open_artifact(output)
    count = int(opened.card["digits"]["train"])
    whole, test = read_mnist("train"), read_mnist("test")
    train = Digits(whole.images[:count], whole.labels[:count])
    runtime = DigitRuntime(opened.file("network.onnx"))
    _, embeddings = runtime.run(train.images.astype(np.float32) / np.float32(255))
    amend_artifact(opened, {}, picture_files(embeddings, train, test.images))
    for name in ("neighbours.npz", "neighbour_pictures.npz", "test_pictures.npz"):
        print(f"{name}: {(output / name).stat().st_size / 1e6:.2f} MB")
