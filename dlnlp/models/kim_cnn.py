"""Convolutional network for sentences (Kim 2014), on whole reviews.

Embedding -> parallel convolutions of several widths -> maximum over the positions of each filter
-> ReLU -> dropout -> logits. For width w, filter f and region p of a text of n tokens with vectors
``x_i``::

    a[p, f] = b[f] + sum_j x[p + j] . W[j, :, f]          p = 0 .. max(n - w, 0)
    pooled[f] = max_p relu(a[p, f])
    logit[k] = sum_f pooled[f] v[f, k] + c[k]

Of two classes the first has the logit 0, so that the other is the log odds: the softmax of both is
the sigmoid of the paper.

Only regions of real tokens are candidates; a text shorter than w is continued by zero vectors, so
that it has one region. Padding can therefore never win a maximum.

Variants of the paper: ``random`` (vectors start at random and are trained), ``static`` (word2vec,
fixed), ``non-static`` (word2vec, trained), ``multichannel`` (both at once: a filter has a part for
each channel and adds what they give).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from dlnlp.text.vocabulary import PADDING

Variant = Literal["random", "static", "non-static", "multichannel"]


@dataclass(frozen=True)
class KimCnnConfig:
    """Everything needed to rebuild the network.

    Attributes:
        vocabulary_size: rows of the embedding matrix, padding and unknown included.
        num_classes: C.
        embedding_dim: size of a word vector, of one channel.
        widths: words that a filter sees, one convolution each.
        filters: number of filters of each width.
        dropout: rate on the pooled values.
        variant: where word vectors come from and whether they are trained.
        max_tokens: words of a text that are read; None: all.
    """

    vocabulary_size: int
    num_classes: int = 2
    embedding_dim: int = 200
    widths: tuple[int, ...] = (3, 4, 5)
    filters: int = 100
    dropout: float = 0.5
    variant: Variant = "non-static"
    max_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if self.variant not in get_args(Variant):
            raise ValueError(f"variant {self.variant!r} is none of {get_args(Variant)}")
        if not self.widths or min(self.widths) < 1 or len(set(self.widths)) < len(self.widths):
            raise ValueError(f"widths {self.widths} must be different numbers from 1 up")
        if self.num_classes < 2:
            raise ValueError(f"num_classes={self.num_classes} must be 2 or more")

    @property
    def channels(self) -> int:
        """Word vectors a word: 2 in the multichannel variant."""
        return 2 if self.variant == "multichannel" else 1

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "KimCnnConfig":
        """From ``config.json``; keys of other concerns are ignored."""
        known = {f.name: content[f.name] for f in fields(cls) if f.name in content}
        return cls(**known | {"widths": tuple(content["widths"])})

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self) | {"widths": list(self.widths), "channels": self.channels}


@keras.saving.register_keras_serializable("dlnlp")
class KimCnnNetwork(keras.Model):
    """All of the network but the embedding matrices: what ``network.weights.h5`` holds.

    Call arguments:
        vectors: float ``[B, L, E]``, zero where there is padding; L at least the largest width.
        lengths: int ``[B]``, tokens of each text, at least 1.

    Returns:
        A dictionary: ``logits`` ``[B, C]``, of two classes (0, z); ``pooled`` ``[B, K]``.
    """

    def __init__(self, config: KimCnnConfig, **options: Any) -> None:
        super().__init__(**options)
        self.config = config
        self.convolutions = [
            keras.layers.Conv1D(config.filters, width, name=f"conv{width}")
            for width in config.widths
        ]
        self.dropout = keras.layers.Dropout(config.dropout)
        # Of two classes only the second has weights: its logit is the log odds.
        columns = 1 if config.num_classes == 2 else config.num_classes
        self.classifier = keras.layers.Dense(columns, name="classifier")

    def build(self, vectors_shape: Any, lengths_shape: Any = None) -> None:
        """Create the weights of all layers."""
        for convolution in self.convolutions:
            convolution.build(vectors_shape)
        self.classifier.build((None, len(self.convolutions) * self.config.filters))
        self.built = True

    def call(self, vectors: Any, lengths: Any, training: bool = False) -> dict[str, Any]:
        """Read a batch."""
        pooled = []
        for width, convolution in zip(self.config.widths, self.convolutions, strict=True):
            values = convolution(vectors)
            places = ops.arange(ops.shape(values)[1])[None, :]
            last = ops.maximum(lengths - width, 0)[:, None]
            real = ops.cast(places <= last, values.dtype)[:, :, None]
            # A finite floor: -inf would turn the gradient of an all-masked row into NaN.
            pooled.append(ops.max(values * real - 1e9 * (1 - real), axis=1))
        features = ops.relu(ops.concatenate(pooled, axis=-1))
        logits = self.classifier(self.dropout(features, training=training))
        if self.config.num_classes == 2:
            logits = ops.concatenate([ops.zeros_like(logits), logits], axis=-1)
        return {"logits": logits, "pooled": features}


@keras.saving.register_keras_serializable("dlnlp")
class KimCnn(keras.Model):
    """Embedding matrices and :class:`KimCnnNetwork`; the output for training is the logits.

    Call arguments:
        token_ids: int32 ``[B, L]``, each text followed by padding (0).

    Returns:
        Logits ``[B, C]``; :meth:`explain` returns all outputs of the network.
    """

    def __init__(self, config: KimCnnConfig, **options: Any) -> None:
        super().__init__(**options)
        self.config = config
        size = (config.vocabulary_size, config.embedding_dim)
        self.channels = [
            keras.layers.Embedding(
                *size,
                name=f"channel{number}",
                trainable=config.variant != "static" and number == config.channels - 1,
            )
            for number in range(config.channels)
        ]
        self.network = KimCnnNetwork(config, name="network")

    def build(self, token_ids_shape: Any) -> None:
        """Create all weights."""
        for channel in self.channels:
            channel.build(token_ids_shape)
        width = self.config.embedding_dim * self.config.channels
        self.network.build((None, None, width), (None,))
        self.built = True

    def explain(self, token_ids: Any, training: bool = False) -> dict[str, Any]:
        """All outputs of the network."""
        real = ops.cast(ops.not_equal(token_ids, PADDING), "float32")
        vectors = ops.concatenate([channel(token_ids) for channel in self.channels], axis=-1)
        lengths = ops.cast(ops.sum(real, axis=1), "int32")
        return dict(self.network(vectors * real[:, :, None], lengths, training=training))

    def call(self, token_ids: Any, training: bool = False) -> Any:
        """Logits."""
        return self.explain(token_ids, training)["logits"]

    def embedding_matrix(self) -> NDArray[np.float32]:
        """Word vectors of all channels side by side, float32 ``[V, E]``."""
        parts = [ops.convert_to_numpy(channel.embeddings) for channel in self.channels]
        return np.concatenate(parts, axis=1)


def build_kim_cnn(config: KimCnnConfig, embeddings: NDArray[np.float32] | None = None) -> KimCnn:
    """Build a network with fresh weights.

    Args:
        config: its shape and variant.
        embeddings: float32 ``[V, embedding_dim]``, the word vectors to start from; None only for
            the random variant, which starts uniformly in [-0.25, 0.25] as in the paper.

    Raises:
        ValueError: word vectors are missing, needless, or do not fit the config.
    """
    if (embeddings is None) != (config.variant == "random"):
        raise ValueError(
            f"the {config.variant} variant {'needs' if embeddings is None else 'takes no'} "
            "word vectors"
        )
    shape = (config.vocabulary_size, config.embedding_dim)
    if embeddings is not None and embeddings.shape != shape:
        raise ValueError(f"word vectors of shape {embeddings.shape} where {shape} is needed")
    model = KimCnn(config, name="kim_cnn")
    model.build((None, None))
    if embeddings is None:
        embeddings = keras.random.uniform(shape, -0.25, 0.25)
    for channel in model.channels:
        channel.embeddings.assign(embeddings)
    return model


def network_weights(model: KimCnn) -> dict[str, NDArray[np.float32]]:
    """Weights by the names that the ONNX graph uses, as float32 arrays.

    Returns:
        ``conv{w}.kernel`` ``[w, E, F]`` and ``conv{w}.bias`` ``[F]`` for each width w,
        ``classifier.kernel`` ``[K, C]`` and ``classifier.bias`` ``[C]``, of two classes only the
        column of the second.
    """
    network = model.network
    layers = {f"conv{w}": c for w, c in zip(model.config.widths, network.convolutions, strict=True)}
    layers["classifier"] = network.classifier
    return {
        f"{name}.{kind}": np.asarray(ops.convert_to_numpy(getattr(layer, kind)), np.float32)
        for name, layer in layers.items()
        for kind in ("kernel", "bias")
    }
