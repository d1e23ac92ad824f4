"""Hierarchical Attention Network (Yang et al. 2016) on packed rows.

Words -> embedding -> bidirectional GRU -> attention -> sentence vectors; sentence vectors ->
bidirectional GRU -> attention -> document vector -> logits. Sentences of a whole batch share
rows (see :mod:`dlnlp.models.layers`), and so do the documents at the second level: nothing is
padded to the longest, and there is one shape to compile.

A batch is a dictionary (:mod:`dlnlp.corpus.packing` makes it):

=================  ============  ==============================================================
word_ids           int32 [U]     distinct words of the batch; unused entries 0
token_index        int32 [R, T]  position in ``word_ids`` of the token that stands there
sentence_ids       int32 [R, T]  which cell of the document grid the token's sentence fills
                                 (row * M + column); Q * M marks padding
document_ids       int32 [Q, M]  document of the sentence in that cell; D marks an empty cell
documents          float32 [D]   1 where there is a document, 0 for an unused place
=================  ============  ==============================================================
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from dlnlp.models.layers import AttentionPooling, PackedBidirectionalGRU


@dataclass(frozen=True)
class HanConfig:
    """Everything needed to rebuild the network.

    Attributes:
        vocabulary_size: rows of the embedding matrix, padding and unknown included.
        num_classes: size of the output.
        embedding_dim: E.
        units: h, GRU units a direction, at both levels.
        attention_dim: A, at both levels.
        dropout: rate on sentence vectors and the document vector; half of it on word vectors.
    """

    vocabulary_size: int
    num_classes: int
    embedding_dim: int = 200
    units: int = 100
    attention_dim: int = 100
    dropout: float = 0.4

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "HanConfig":
        """From ``config.json``; keys of other concerns are ignored."""
        return cls(**{f.name: content[f.name] for f in fields(cls) if f.name in content})

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


@keras.saving.register_keras_serializable("dlnlp")
class HanNetwork(keras.Model):
    """All of the network but the embedding matrix: what ``network.weights.h5`` holds.

    Call arguments:
        batch: see the module, with ``word_vectors`` float ``[U, E]`` in place of ``word_ids``.

    Returns:
        A dictionary: logits ``[D, C]``, word_scores and word_attention ``[R, T]``,
        sentence_scores and sentence_attention ``[Q, M]``, sentence_vectors ``[Q, M, 2h]``,
        document_vectors ``[D, 2h]``.
    """

    def __init__(self, config: HanConfig, **options: Any) -> None:
        super().__init__(**options)
        self.config = config
        self.word_gru = PackedBidirectionalGRU(config.units, name="word_gru")
        self.word_attention = AttentionPooling(config.attention_dim, name="word_attention")
        self.sentence_gru = PackedBidirectionalGRU(config.units, name="sentence_gru")
        self.sentence_attention = AttentionPooling(config.attention_dim, name="sentence_attention")
        self.classifier = keras.layers.Dense(config.num_classes, name="classifier")
        self.embedding_dropout = keras.layers.Dropout(config.dropout / 2)
        self.sentence_dropout = keras.layers.Dropout(config.dropout)
        self.document_dropout = keras.layers.Dropout(config.dropout)
        self.word_gru.build((None, config.embedding_dim))
        self.word_attention.build((None, None, 2 * config.units))
        self.sentence_gru.build((None, 2 * config.units))
        self.sentence_attention.build((None, None, 2 * config.units))
        self.classifier.build((None, 2 * config.units))
        self.built = True

    def call(self, batch: Mapping[str, Any], training: bool = False) -> dict[str, Any]:
        """Forward pass."""
        vectors = self.embedding_dropout(batch["word_vectors"], training=training)
        sentence_ids, document_ids = batch["sentence_ids"], batch["document_ids"]
        q, m = ops.shape(document_ids)
        num_documents = ops.shape(batch["documents"])[0]
        word_states = self.word_gru(vectors, batch["token_index"], sentence_ids)
        sentences, word_attention, word_scores = self.word_attention(
            word_states, sentence_ids, num_segments=q * m
        )
        dropped = self.sentence_dropout(sentences, training=training)
        cells = ops.reshape(ops.arange(q * m, dtype="int32"), (q, m))
        sentence_states = self.sentence_gru(dropped, cells, document_ids)
        documents, sentence_attention, sentence_scores = self.sentence_attention(
            sentence_states, document_ids, num_segments=num_documents
        )
        return {
            "logits": self.classifier(self.document_dropout(documents, training=training)),
            "word_scores": word_scores,
            "word_attention": word_attention,
            "sentence_scores": sentence_scores,
            "sentence_attention": sentence_attention,
            "sentence_vectors": ops.reshape(sentences, (q, m, sentences.shape[-1])),
            "document_vectors": documents,
        }


@keras.saving.register_keras_serializable("dlnlp")
class Han(keras.Model):
    """Embedding matrix and :class:`HanNetwork`; trained on the logits alone.

    Call arguments:
        batch: see the module.

    Returns:
        logits ``[D, C]``; :meth:`explain` returns all that the network computes.
    """

    def __init__(self, config: HanConfig, **options: Any) -> None:
        super().__init__(**options)
        self.config = config
        self.embedding = keras.layers.Embedding(
            config.vocabulary_size, config.embedding_dim, name="embedding"
        )
        self.embedding.build()
        self.network = HanNetwork(config, name="network")
        self.built = True

    def call(self, batch: Mapping[str, Any], training: bool = False) -> Any:
        """Logits ``[D, C]``."""
        return self.explain(batch, training=training)["logits"]

    def explain(self, batch: Mapping[str, Any], training: bool = False) -> dict[str, Any]:
        """All outputs of :class:`HanNetwork`."""
        vectors = self.embedding(batch["word_ids"])
        return self.network({**batch, "word_vectors": vectors}, training=training)  # type: ignore[no-any-return]


def build_han(config: HanConfig, embeddings: NDArray[np.float32] | None = None) -> Han:
    """A network with fresh weights; its embeddings start from float32 ``[V, E]`` if given."""
    model = Han(config)
    if embeddings is not None:
        model.embedding.embeddings.assign(embeddings)
    return model


def network_weights(model: Han) -> dict[str, NDArray[np.float32]]:
    """Weights by the names that the exporter uses, as float32 arrays.

    Returns:
        For both levels the GRU's ``kernel`` ``[2, D, 3h]``, ``recurrent_kernel`` ``[2, h, 3h]`` and
        ``bias`` ``[2, 2, 3h]``, and the attention's ``kernel`` ``[2h, A]``, ``bias`` ``[A]`` and
        ``context`` ``[A]``; then the classifier's ``kernel`` ``[2h, C]`` and ``bias`` ``[C]``. D is
        the length of the level's input vectors, E for words and 2h for sentences.
    """
    network = model.network
    found = {}
    for name in ("word_gru", "word_attention", "sentence_gru", "sentence_attention", "classifier"):
        for variable in getattr(network, name).weights:
            found[f"{name}.{variable.name}"] = np.asarray(
                ops.convert_to_numpy(variable), np.float32
            )
    return found
