"""What a trained network says of a whole split, in packed batches."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.batching import plan
from dlnlp.corpus.packing import BatchShape, make_batch
from dlnlp.corpus.splits import JoinedSplits, Split
from dlnlp.models.han import Han
from train.texts.compiled_outputs import CompiledOutputs


@lru_cache(maxsize=1)
def _compiled(model: Han) -> CompiledOutputs:
    return CompiledOutputs(model, "logits", "document_vectors")


def predict_split(
    model: Han, split: Split | JoinedSplits, shape: BatchShape
) -> dict[str, NDArray[np.float32]]:
    """Logits ``[n, C]`` and document vectors ``[n, 2h]`` of all documents, in their order."""
    outputs = _compiled(model)
    order = np.arange(len(split))
    found: dict[str, list[NDArray[np.float32]]] = {"logits": [], "document_vectors": []}
    for members in plan(split, shape, order):
        batch = make_batch(
            [split.tokens(i) for i in members.tolist()],
            [split.sentence_lengths(i) for i in members.tolist()],
            shape,
        )
        answer = outputs.predict_on_batch(batch)
        for name, parts in found.items():
            parts.append(np.asarray(answer[name])[: len(members)])
    return {name: np.concatenate(parts) for name, parts in found.items()}
