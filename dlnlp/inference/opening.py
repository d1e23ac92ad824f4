"""What all predictors share: how a directory of weights is opened, and what then goes wrong."""

from abc import ABC
from pathlib import Path
from typing import ClassVar, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactDirectory, ArtifactError, open_artifact


class Predictor(ABC):
    """A network that answers, from a directory of weights.

    May be shared by threads: nothing changes after loading.

    Attributes:
        model: the kind of network that the config of the directory must name.
        directory: that it was opened from.
        name: name of the directory.
        card: the model card.
        class_names: C names in the order of the logits.
    """

    model: ClassVar[str]

    def __init__(self, opened: ArtifactDirectory) -> None:
        """Read the parts of a verified directory; :meth:`load` is the usual way in."""
        self.directory = opened.path
        self.name = opened.path.name
        self.card = opened.card
        self.class_names = tuple(str(name) for name in opened.config["class_names"])

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Verify and open a directory of weights.

        Raises:
            ArtifactError: a file is missing, changed, or does not fit the others.
        """
        return cls.from_opened(open_artifact(directory))

    @classmethod
    def from_opened(cls, opened: ArtifactDirectory) -> Self:
        """:meth:`load` for a directory that is verified already."""
        if opened.config.get("model") != cls.model:
            raise ArtifactError(
                f"{opened.path} holds a {opened.config.get('model')!r} where a {cls.model!r} is "
                f"needed; choose a directory of weights that train.{cls.model} wrote."
            )
        try:
            return cls(opened)
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
