"""A HAN trained as the origin trained it, to compare with: padded batches and Keras' own GRU.

Documents sorted by number of sentences form fixed batches of 128, each padded to its longest
document and its longest sentence, at most 20 sentences of 50 words. A batch is a text file, which
a generator parses. The network computes what :mod:`dlnlp.models.han` does (padding is masked, which
the origin forgot), so that the same weights give the same logits.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from dlnlp.corpus.splits import Split
from dlnlp.models.han import HanConfig

MAX_SENTENCES = 20
MAX_WORDS = 50
DOCUMENTS = 128


def write_batches(split: Split, documents: NDArray[np.int64], folder: Path) -> list[Path]:
    """A text file a batch: a document a line, its label and its sentences separated by tabs."""
    counts = np.minimum(split.sentence_counts[documents], MAX_SENTENCES)
    order = documents[np.argsort(counts, kind="stable")]
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for start in range(0, len(order), DOCUMENTS):
        paths.append(folder / f"batch_{start // DOCUMENTS:06d}.txt")
        lines = []
        for index in order[start : start + DOCUMENTS].tolist():
            sentences = split.sentences(index, MAX_SENTENCES)
            texts = (" ".join(map(str, s[:MAX_WORDS].tolist())) for s in sentences)
            lines.append("\t".join([str(split.labels[index]), *texts]))
        paths[-1].write_text("\n".join(lines), encoding="ascii")
    return paths


def read_batch(path: Path) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Token ids ``[B, S, W]``, 0 where there is none, and labels ``[B]``."""
    labels, documents = [], []
    for line in path.read_text(encoding="ascii").split("\n"):
        label, *sentences = line.split("\t")
        labels.append(int(label))
        documents.append([list(map(int, sentence.split())) for sentence in sentences])
    longest = max(len(document) for document in documents)
    widest = max(len(sentence) for document in documents for sentence in document)
    ids = np.zeros((len(documents), longest, widest), np.int32)
    for d, document in enumerate(documents):
        for s, sentence in enumerate(document):
            ids[d, s, : len(sentence)] = sentence
    return ids, np.array(labels)


class _Attention(keras.layers.Layer):
    """Yang et al. 2016, equations 5 to 7, over the second axis of ``[N, T, D]``."""

    def __init__(self, attention_dim: int, name: str) -> None:
        super().__init__(name=name)
        self.attention_dim, self.supports_masking = attention_dim, True

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Weights of the same names as those of ``AttentionPooling``."""
        a = self.attention_dim
        self.kernel = self.add_weight(name="kernel", shape=(shape[-1], a))
        self.bias = self.add_weight(name="bias", shape=(a,), initializer="zeros")
        self.context = self.add_weight(name="context", shape=(a,))

    def compute_mask(self, *_: Any, **__: Any) -> None:
        """What is pooled has no padding."""

    def call(self, states: Any, present: Any) -> Any:
        """Mean of the states ``[N, D]``, weighted over where ``present`` is true."""
        hidden = ops.tanh(ops.matmul(states, self.kernel) + self.bias)
        scores = ops.matmul(hidden, self.context[:, None])[..., 0]
        weights = ops.softmax(ops.where(present, scores, -1e9)) * ops.cast(present, states.dtype)
        return ops.sum(weights[:, :, None] * states, axis=1)


class PaddedHan(keras.Model):
    """Token ids ``[B, S, W]`` to logits ``[B, C]``; 0 is padding."""

    def __init__(self, config: HanConfig) -> None:
        super().__init__()
        h, self.state_size = config.units, 2 * config.units
        self.embedding = keras.layers.Embedding(
            config.vocabulary_size, config.embedding_dim, name="embedding"
        )

        def bidirectional(name: str) -> keras.layers.Bidirectional:
            return keras.layers.Bidirectional(keras.layers.GRU(h, return_sequences=True), name=name)

        self.word_gru, self.sentence_gru = bidirectional("word_gru"), bidirectional("sentence_gru")
        self.word_attention = _Attention(config.attention_dim, "word_attention")
        self.sentence_attention = _Attention(config.attention_dim, "sentence_attention")
        self.classifier = keras.layers.Dense(config.num_classes, name="classifier")
        self.embedding_dropout = keras.layers.Dropout(config.dropout / 2)
        self.sentence_dropout = keras.layers.Dropout(config.dropout)
        self.document_dropout = keras.layers.Dropout(config.dropout)

    def call(self, token_ids: Any, training: bool = False) -> Any:
        """Sentences are flattened to one batch axis, words first."""
        _, s, w = token_ids.shape
        present = ops.not_equal(token_ids, 0)
        width = w if w is not None else ops.shape(token_ids)[2]
        length = s if s is not None else ops.shape(token_ids)[1]
        words = ops.reshape(present, (-1, width))
        vectors = self.embedding(ops.reshape(token_ids, (-1, width)))
        vectors = self.embedding_dropout(vectors, training=training)
        states = self.word_gru(vectors, mask=words, training=training)
        sentences = self.sentence_dropout(self.word_attention(states, words), training=training)
        sentences = ops.reshape(sentences, (-1, length, self.state_size))
        filled = ops.any(present, axis=2)
        states = self.sentence_gru(sentences, mask=filled, training=training)
        documents = self.document_dropout(
            self.sentence_attention(states, filled), training=training
        )
        return self.classifier(documents)

    def take_weights(
        self, weights: Mapping[str, NDArray[np.float32]], embeddings: NDArray[np.float32]
    ) -> None:
        """Assign what :func:`dlnlp.models.han.network_weights` returned; builds the network."""
        self(np.ones((2, 2, 2), np.int32))
        self.embedding.set_weights([embeddings])
        for name in ("word_gru", "sentence_gru"):
            arrays = [weights[f"{name}.{v}"] for v in ("kernel", "recurrent_kernel", "bias")]
            getattr(self, name).set_weights([array[d] for d in (0, 1) for array in arrays])
        for name in ("word_attention", "sentence_attention"):
            layer = getattr(self, name)
            layer.set_weights([weights[f"{name}.{v}"] for v in ("kernel", "bias", "context")])
        self.classifier.set_weights([weights[f"classifier.{v}"] for v in ("kernel", "bias")])
