"""What a network says of a few texts, asked again and again while its weights change."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.packing import BatchShape, make_batch
from dlnlp.inference.kim_cnn_network import KimCnnNetwork, of_target
from dlnlp.inference.recording import TextPoint
from dlnlp.inference.softmax import softmax
from dlnlp.models.han import Han
from dlnlp.models.kim_cnn import KimCnn, network_weights
from train.texts.compiled_outputs import CompiledOutputs
from train.texts.recording import Ask, Document

_DIGITS = 4  # after the decimal point


def asks_han(model: Han, documents: Sequence[Document], row_length: int, grid_length: int) -> Ask:
    """What asks a HAN about documents, in one batch that is compiled once.

    Args:
        model: the network.
        documents: sentences of each, int32 ``[words]``.
        row_length: words of the longest sentence.
        grid_length: sentences of the longest document.
    """
    if not documents:
        return list
    shape = BatchShape(1, row_length, 1, grid_length, documents=1, distinct=1)  # grows as needed
    batch = make_batch(
        [np.concatenate(document) for document in documents],
        [np.array([len(sentence) for sentence in document]) for document in documents],
        shape,
    )
    words, cells = batch["sentence_ids"].ravel(), batch["document_ids"].ravel()
    # Of each document the places of its sentences, and of each of these the places of its words.
    grid = [np.flatnonzero(cells == number) for number in range(len(documents))]
    rows = [[np.flatnonzero(words == cell) for cell in own] for own in grid]
    outputs = CompiledOutputs(model, "logits", "word_attention", "sentence_attention")

    def ask() -> list[TextPoint]:
        found = {k: np.asarray(v) for k, v in outputs.predict_on_batch(batch).items()}
        of_words = found["word_attention"].ravel()
        of_sentences = found["sentence_attention"].ravel()
        return [
            {
                "probabilities": _short(softmax(found["logits"][number])),
                "words": [_short(of_words[places]) for places in rows[number]],
                "sentences": _short(of_sentences[grid[number]]),
            }
            for number in range(len(documents))
        ]

    return ask


def asks_kim_cnn(model: KimCnn, documents: Sequence[Document]) -> Ask:
    """What asks a Kim CNN about documents, in NumPy: a maximum takes no gradient.

    Args:
        model: the network.
        documents: sentences of each, int32 ``[words]``.
    """
    if not documents:
        return list
    flat = [np.concatenate(document) for document in documents]
    distinct, places = np.unique(np.concatenate(flat), return_inverse=True)
    own = np.split(places.astype(np.int32), np.cumsum([len(ids) for ids in flat])[:-1])

    def ask() -> list[TextPoint]:
        vectors = np.concatenate(
            [
                keras.ops.convert_to_numpy(keras.ops.take(channel.embeddings, distinct, axis=0))
                for channel in model.channels
            ],
            axis=1,
        )
        network = KimCnnNetwork.from_weights(vectors, network_weights(model), model.config.widths)
        return [
            _contributions(network, ids, [len(sentence) for sentence in document])
            for ids, document in zip(own, documents, strict=True)
        ]

    return ask


def _contributions(
    network: KimCnnNetwork, token_ids: NDArray[np.int32], sentence_lengths: list[int]
) -> TextPoint:
    pooled, positions = network.read(token_ids)
    logits = network.logits_of(pooled)
    target = 1 if len(logits) == 2 else int(logits.argmax())
    weights = of_target(network.output_weights, target) * (pooled > 0)
    shares = network.winning_shares(positions, token_ids, weights)
    cuts = np.cumsum(sentence_lengths)[:-1]
    return {
        "probabilities": _short(softmax(logits)),
        "words": [_short(part) for part in np.split(shares, cuts)],
        "target": target,
        "bias": round(float(of_target(logits, target) - shares.sum()), _DIGITS),
    }


def _short(values: NDArray[Any]) -> list[float]:
    return [round(float(value), _DIGITS) for value in values]
