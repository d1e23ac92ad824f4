"""Gradients of a HAN for many texts, from processes of their own: this one imports no Keras."""

from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.worker.worker import Worker

TASK = "dlnlp.tasks.han_saliency:gradients"
Document = Sequence[NDArray[np.int32]]
# Of each document the number of each word, float32 [N], and the gap.
Found = list[tuple[NDArray[np.float32], float]]
Gradients = Callable[[Sequence[Document], Sequence[int], str], Found]
"""Takes documents, the class of each, and the method's name."""


class GradientsFailed(Exception):
    """There are no gradients; the message is one sentence."""


def task_arguments(
    weights: Path, documents: Sequence[Document], targets: Sequence[int], method: str
) -> dict[str, Any]:
    """What the task is given, JSON-ready.

    Args:
        weights: directory of the network.
        documents: sentences of each document, int32 ``[words]`` each.
        targets: the class of each document.
        method: name of the method.
    """
    return {
        "weights": str(weights),
        "documents": [[sentence.tolist() for sentence in document] for document in documents],
        "targets": list(targets),
        "method": method,
    }


def task_result(result: dict[str, Any]) -> Found:
    """What the task returned, of each document: float32 ``[N]``, and the gap."""
    return [
        (np.array(words, np.float32), float(gap))
        for words, gap in zip(result["words"], result["gaps"], strict=True)
    ]


class GradientProcesses:
    """As many processes as were asked for, started when they are needed; threads may share it.

    Args:
        weights: directory of the network.
        processes: how many.
    """

    def __init__(self, weights: Path, processes: int) -> None:
        self._weights = weights
        self._workers = [Worker() for _ in range(processes)]
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)

    def __call__(self, documents: Sequence[Document], targets: Sequence[int], method: str) -> Found:
        """The gradients of some documents, by the next process that is free.

        Args:
            documents: sentences of each document, int32 ``[words]`` each.
            targets: the class of each document.
            method: one of `dlnlp.explain.text_attribution.HAN_GRADIENTS`.

        Returns:
            Of each document the number of each word, float32 ``[N]``, and the gap.

        Raises:
            GradientsFailed: the process could not.
        """
        worker = self._free.get()
        try:
            job = worker.submit(TASK, task_arguments(self._weights, documents, targets, method))
            worker.wait(job)
        finally:
            self._free.put(worker)
        if job.state != "done":
            raise GradientsFailed(job.error or "The process with the gradients was ended.")
        return task_result(job.result)

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.close()

    def __enter__(self) -> "GradientProcesses":
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self.close()
