"""A network that reads pictures of digits, from a directory of weights. Never imports Keras."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactDirectory, ArtifactError
from dlnlp.inference.digit_index import DigitIndex
from dlnlp.inference.digit_network import DigitNetwork
from dlnlp.inference.digit_pictures import Pictures, load_pictures
from dlnlp.inference.onnx_constants import float_constants
from dlnlp.inference.onnx_session import open_session
from dlnlp.inference.opening import Predictor, require_size
from dlnlp.inference.out_of_distribution import OutOfDistributionScore
from dlnlp.inference.softmax import softmax

# Bounds the memory of a run: the first layer's maps take 20 KB a picture.
PICTURES_PER_RUN = 128
_LAYER = "layer:"

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DigitOutputs:
    """What the network computes for B pictures.

    Attributes:
        probabilities: float32 ``[B, C]``.
        logits: float32 ``[B, C]``, calibrated: the probabilities are their softmax.
        embeddings: float32 ``[B, D]``, the last layer before the logits.
        not_a_digit: float32 ``[B]``, score in [0, 1], higher for what is less like a digit.
        is_digit: bool ``[B]``, whether that score is at most the threshold.
    """

    probabilities: Floats
    logits: Floats
    embeddings: Floats
    not_a_digit: Floats
    is_digit: NDArray[np.bool_]


class DigitRuntime:
    """Runs the graph of ``dlnlp.models.mnist_cnn_onnx``; may be shared by threads.

    Attributes:
        layers: names of the layers that :meth:`maps` gives, the first one first.
        embedding_size: D.
        classes: C.

    Raises:
        ValueError: ONNX Runtime cannot run the graph, or it is not one for digits.
    """

    def __init__(self, network: Path | bytes) -> None:
        self._session = open_session(network)
        shapes = {output.name: output.shape for output in self._session.get_outputs()}
        inputs = {entry.name: entry.shape for entry in self._session.get_inputs()}
        self.layers = tuple(name.removeprefix(_LAYER) for name in shapes if name.startswith(_LAYER))
        missing = {"logits", "embedding"} - shapes.keys()
        if missing or list(inputs) != ["images"] or not self.layers:
            raise ValueError(
                f"the graph takes {sorted(inputs)} and gives {sorted(shapes)}: it does not read "
                "digits; train the model again"
            )
        self.side = int(inputs["images"][1])
        self.classes, self.embedding_size = (
            int(shapes[name][1]) for name in ("logits", "embedding")
        )

    def run(self, images: NDArray[Any]) -> tuple[Floats, Floats]:
        """Logits float32 ``[B, C]`` and embeddings float32 ``[B, D]`` of pictures.

        Args:
            images: float ``[B, 28, 28]`` in [0, 1].

        Raises:
            ValueError: the pictures have another shape.
        """
        if images.ndim != 3 or images.shape[1:] != (self.side, self.side):
            raise ValueError(
                f"Pictures of shape {images.shape} cannot be read: give [B, {self.side}, "
                f"{self.side}], as dlnlp.images.preprocess makes them."
            )
        logits = np.empty((len(images), self.classes), np.float32)
        embeddings = np.empty((len(images), self.embedding_size), np.float32)
        for start in range(0, len(images), PICTURES_PER_RUN):
            part = slice(start, start + PICTURES_PER_RUN)
            logits[part], embeddings[part] = self._asked(("logits", "embedding"), images[part])
        return logits, embeddings

    def maps(self, image: NDArray[Any]) -> dict[str, Floats]:
        """Activations of every layer for one picture ``[28, 28]``, float32 ``[h, w, c]`` each."""
        found = self._asked([_LAYER + name for name in self.layers], image[None])
        return {name: maps[0] for name, maps in zip(self.layers, found, strict=True)}

    def _asked(self, names: Sequence[str], images: NDArray[Any]) -> list[Floats]:
        pixels = np.ascontiguousarray(images[..., None], np.float32)
        options = onnxruntime.RunOptions()
        # Maps that nobody asked for are not laid out.
        options.only_execute_path_to_fetches = True
        found: list[Floats] = self._session.run(list(names), {"images": pixels}, options)
        return found


def read_digits(
    runtime: DigitRuntime, out_of_distribution: OutOfDistributionScore, images: NDArray[Any]
) -> DigitOutputs:
    """Run the network and the out-of-distribution score on pictures.

    Args:
        runtime: the network.
        out_of_distribution: the score.
        images: float ``[B, 28, 28]`` in [0, 1].

    Raises:
        ValueError: the pictures have another shape.
    """
    logits, embeddings = runtime.run(images)
    scores = out_of_distribution(logits, embeddings)
    return DigitOutputs(
        probabilities=softmax(logits).astype(np.float32),
        logits=logits,
        embeddings=embeddings,
        not_a_digit=scores,
        is_digit=scores <= out_of_distribution.threshold,
    )


class DigitPredictor(Predictor):
    """A convolutional network that reads digits.

    Attributes:
        layers: names of the layers whose maps can be shown, the first one first.
        runtime: the network.
        out_of_distribution: the score of what is no digit.
        index: training digits to compare with.
    """

    model = "mnist_cnn"

    def __init__(self, opened: ArtifactDirectory) -> None:
        """As :class:`Predictor`."""
        super().__init__(opened)
        self._directory = opened
        self.runtime = runtime = DigitRuntime(opened.file("network.onnx"))
        self.layers = runtime.layers
        score = OutOfDistributionScore.load(opened.file("not_a_digit.npz"))
        self.out_of_distribution = score
        self.index = DigitIndex.load(opened.file("neighbours.npz"))
        for file, found, needed in (
            ("config.json", len(self.class_names), runtime.classes),
            ("not_a_digit.npz", len(score.whitening), runtime.embedding_size),
            ("not_a_digit.npz", len(score.means), runtime.classes),
            ("neighbours.npz", self.index.directions.shape[1], runtime.embedding_size),
        ):
            require_size(opened.path / file, found, needed)

    @property
    def not_a_digit_threshold(self) -> float:
        """Score above which a picture is no digit."""
        return self.out_of_distribution.threshold

    def predict(self, images: NDArray[Any]) -> DigitOutputs:
        """Read pictures, a bounded number at a time.

        Args:
            images: float ``[B, 28, 28]``, light ink on black in [0, 1].

        Raises:
            ValueError: the pictures have another shape.
        """
        return read_digits(self.runtime, self.out_of_distribution, images)

    def neighbours(self, embedding: Floats, count: int = 16) -> tuple[tuple[int, int, float], ...]:
        """Training digits with the embedding most similar to ``[D]``: row, label, cosine."""
        return self.index.nearest(embedding, count)

    @cached_property
    def network(self) -> DigitNetwork:
        """The weights, read from the graph when first asked for.

        Raises:
            ArtifactError: the graph cannot be read.
        """
        path = self._directory.file("network.onnx")
        try:
            return DigitNetwork.from_constants(float_constants(path))
        except (ValueError, OSError) as error:
            raise ArtifactError(str(error)) from error

    @cached_property
    def test_pictures(self) -> Pictures:
        """Pictures of the test digits, uint8 ``[N, 28, 28]``, read when first asked for.

        Raises:
            ArtifactError: the directory has none, or they cannot be read.
        """
        return self._pictures("test_pictures.npz")

    def neighbour_pictures(self, rows: Sequence[int]) -> Pictures:
        """Pictures of digits that :meth:`neighbours` names, uint8 ``[n, 28, 28]``.

        Args:
            rows: rows of the training split, n of them.

        Raises:
            ArtifactError: the directory has none, or they cannot be read.
        """
        return self._neighbour_pictures[np.searchsorted(self.index.rows, rows)]

    @cached_property
    def _neighbour_pictures(self) -> Pictures:
        return self._pictures("neighbour_pictures.npz", len(self.index.rows))

    def _pictures(self, name: str, count: int | None = None) -> Pictures:
        path = self._directory.file(name)
        try:
            return load_pictures(path, count)
        except (ValueError, OSError, EOFError, BadZipFile) as error:
            raise ArtifactError(f"{path} cannot be read: {error}.") from error
