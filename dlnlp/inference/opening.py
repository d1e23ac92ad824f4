"""What all predictors share: how they are opened, errors of one sentence, bounded texts."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactDirectory, ArtifactError, open_artifact
from dlnlp.inference.attention_result import MAX_CHARACTERS, EmptyTextError, TextTooLongError
from dlnlp.inference.onnx_session import THREADS


class Predictor(ABC):
    """A network that answers, from a directory of weights.

    Attributes:
        name: name of the directory.
        card: the model card.
    """

    def __init__(self, directory: ArtifactDirectory) -> None:
        self.name = directory.path.name
        self.card = directory.card

    @classmethod
    def load(cls, directory: Path, *, threads: int = THREADS) -> Self:
        """Verify and open a directory of weights.

        Args:
            directory: for example ``weights/han_stars``.
            threads: number of threads for one run of the network.

        Raises:
            ArtifactError: a file is missing, changed, or does not fit the others.
        """
        return cls.from_opened(open_artifact(directory), threads=threads)

    @classmethod
    @abstractmethod
    def from_opened(cls, opened: ArtifactDirectory, *, threads: int = THREADS) -> Self:
        """:meth:`load` for a directory that is verified already."""


@contextmanager
def parts_of(opened: ArtifactDirectory, model: str, trainer: str) -> Iterator[None]:
    """Turn what goes wrong while the parts of a directory are read into an ArtifactError.

    Args:
        opened: the verified directory.
        model: the kind of network that its config must name.
        trainer: the module that writes such directories.

    Raises:
        ArtifactError: on entering, when it holds another kind of network.
    """
    if opened.config.get("model") != model:
        raise ArtifactError(
            f"{opened.path} holds a {opened.config.get('model')!r} where a {model!r} is needed; "
            f"choose a directory of weights that {trainer} wrote."
        )
    try:
        yield
    except (ValueError, KeyError, TypeError, OSError, EOFError, BadZipFile) as error:
        raise ArtifactError(
            f"{opened.path} cannot be loaded ({type(error).__name__}: {error}); "
            "train the model again."
        ) from error


def require_size(path: Path, found: object, needed: object) -> None:
    """Compare a size that a file gives with the network's; raise ArtifactError when they differ."""
    if found != needed:
        raise ArtifactError(
            f"{path} is made for a size of {found} where the network has {needed}; "
            "train the model again."
        )


def memory_mapped(path: Path) -> NDArray[np.float16]:
    """The embedding matrix, float16 ``[V, E]``, which stays on the disk."""
    matrix: NDArray[np.float16] = np.load(path, mmap_mode="r", allow_pickle=False)
    return matrix


def require_readable(text: str) -> None:
    """Raise TextTooLongError when a text has more than MAX_CHARACTERS."""
    if len(text) > MAX_CHARACTERS:
        raise TextTooLongError(
            f"This text has {len(text):,} characters and at most {MAX_CHARACTERS:,} can be "
            "read: please paste a part of it."
        )


def nothing_to_read() -> EmptyTextError:
    """The error for a text without words."""
    return EmptyTextError(
        "There is no word to read in this text, nor a symbol that the network knows: please write "
        "some words."
    )
