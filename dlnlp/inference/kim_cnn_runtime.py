"""A Kim CNN's ONNX graph and its embedding matrix: token ids in, logits and filters out.

Knows neither text nor files: the app and the parity check of the training command share it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.kim_cnn_network import KimCnnNetwork, both_columns
from dlnlp.inference.text_runtime import TextRuntime

# Positions (padding included) in one run of the graph: bounds the memory of a batch.
POSITIONS_PER_RUN = 4096


@dataclass(frozen=True, eq=False)
class KimCnnOutputs:
    """What a Kim CNN computes for D documents.

    Attributes:
        logits: float32 ``[D, C]``; (0, z) where the network has one logit z for two classes.
        pooled: float32 ``[D, K]``, each filter's largest value, at least 0.
        positions: int64 ``[D, K]``, the first region that has it.
    """

    logits: NDArray[np.float32]
    pooled: NDArray[np.float32]
    positions: NDArray[np.int64]


class KimCnnRuntime(TextRuntime):
    """Runs a Kim CNN in ONNX Runtime: the graph that ``dlnlp.models.kim_cnn_onnx`` builds.

    Attributes:
        weights: the network's arrays by name, read from the graph.
        widths: widths of the regions, in the order of the filters.
        classes: C.
        network: the same weights, for explanations in closed form.
    """

    def __init__(self, embeddings: NDArray[np.floating[Any]], network: Path | bytes) -> None:
        super().__init__(embeddings, network)
        names = [value.name for value in self._session.get_outputs() if "." in value.name]
        nothing = {
            "word_vectors": np.zeros((1, self.embedding_dim), np.float32),
            "token_index": np.zeros((1, 1), np.int32),
            "lengths": np.ones(1, np.int32),
        }
        self.weights: dict[str, NDArray[np.float32]] = dict(
            zip(names, self._session.run(names, nothing), strict=True)
        )
        self.widths: tuple[int, ...] = tuple(
            len(array) for name, array in self.weights.items() if name.endswith(".kernel")
        )[:-1]
        self.network = KimCnnNetwork.from_weights(embeddings, self.weights, self.widths)
        self.classes: int = self.network.output_weights.shape[1]

    @property
    def filters(self) -> int:
        """K, the filters of all widths."""
        return len(self.network.output_weights)

    def run(self, documents: Sequence[NDArray[np.int32]]) -> KimCnnOutputs:
        """Read documents of token ids, grouped by length so that a run pads little; cuts nothing.

        Args:
            documents: each int32 ``[n]``, n at least 1.

        Raises:
            ValueError: a document is empty.
        """
        for number, document in enumerate(documents):
            if not len(document):
                raise ValueError(f"document {number} has no word; leave it out")
        logits = np.zeros((len(documents), self.classes), np.float32)
        pooled = np.zeros((len(documents), self.filters), np.float32)
        positions = np.zeros((len(documents), self.filters), np.int64)
        for chosen in _groups([len(document) for document in documents]):
            group = self._run_padded([documents[number] for number in chosen])
            logits[chosen] = both_columns(group[0].reshape(len(chosen), -1))
            pooled[chosen], positions[chosen] = group[1:]
        return KimCnnOutputs(logits, pooled, positions)

    def _run_padded(self, documents: Sequence[NDArray[np.int32]]) -> list[NDArray[Any]]:
        """One run of the graph: logits, pooled, positions."""
        lengths = np.array([len(document) for document in documents], np.int32)
        distinct, index = np.unique(np.concatenate(documents), return_inverse=True)
        token_index = np.zeros((len(documents), lengths.max()), np.int32)
        token_index[np.arange(lengths.max()) < lengths[:, None]] = index
        found: list[NDArray[Any]] = self._session.run(
            ["logits", "pooled", "positions"],
            {
                "word_vectors": self.embeddings[distinct].astype(np.float32),
                "token_index": token_index,
                "lengths": lengths,
            },
        )
        return found


def _groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Numbers of the documents to run together: similar lengths, at most POSITIONS_PER_RUN."""
    group: list[int] = []
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        # In this order the newest document is the longest.
        if group and (len(group) + 1) * lengths[number] > POSITIONS_PER_RUN:
            yield group
            group = []
        group.append(number)
    if group:
        yield group
