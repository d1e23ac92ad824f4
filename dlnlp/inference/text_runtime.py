"""What the graphs of text networks share: how they are opened, and the word vectors they read."""

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.onnx_session import open_session


class TextRuntime:
    """Runs the graph of a text network; may be shared by threads.

    Knows neither text nor files: the app and the parity check of the training commands share it.

    Args:
        embeddings: float16 or float32 ``[V, E]``; a memory map stays on disk, as only the rows of
            the words that occur are read.
        network: path of the graph, or its bytes.

    Attributes:
        embeddings: as given.
        embedding_dim: E.

    Raises:
        ValueError: ONNX Runtime cannot run the graph, or the matrix does not fit it.
    """

    needs: ClassVar[set[str]] = {"word_vectors"}  # inputs of the graph

    def __init__(self, embeddings: NDArray[np.floating[Any]], network: Path | bytes) -> None:
        self.embeddings = embeddings
        self._session = open_session(network)
        shapes = {value.name: value.shape for value in self._session.get_inputs()}
        if self.needs - shapes.keys():
            raise ValueError("an older version exported this network; train the model again")
        self.embedding_dim: int = shapes["word_vectors"][1]
        if embeddings.ndim != 2 or embeddings.shape[1] != self.embedding_dim:
            raise ValueError(
                f"embeddings of shape {embeddings.shape} do not fit a network that reads vectors "
                f"of {self.embedding_dim}; train the model again"
            )
