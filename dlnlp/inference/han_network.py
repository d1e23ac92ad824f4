"""The weights of a HAN in NumPy, for what its graph does not tell: gates, states, candidates.

The graph that answers gives attention and vectors alone. Here the same network (Yang et al. 2016)
is read step by step in double precision, slower, and with all that it computes on the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from dlnlp.inference.softmax import softmax

# The product of one step is too small to be shared: beside other work, threads that waited for each
# other took 50 times the processor time (230 ms instead of 4 for a review of 88 words).
_THREADS = ThreadpoolController()

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LevelReading:
    """What one level computed for T steps: the words of a sentence, or the sentences of a document.

    The bidirectional GRU (Cho et al. 2014) has h units a direction; index 0 of the arrays below
    reads forward, index 1 backward. Steps always stand in the order of the text: ::

        z = sigmoid(x Wz + h Uz + b)      r = sigmoid(x Wr + h Ur + b)
        c = tanh(x Wc + b + r * (h Uc + b'))
        h' = z * h + (1 - z) * c

    Attributes:
        update: z, float64 ``[2, T, h]``: how much of the memory stays.
        reset: r, float64 ``[2, T, h]``.
        candidate: c, float64 ``[2, T, h]``: what is written where something is.
        memory: h', float64 ``[2, T, h]``.
        terms: the A terms ``context_a tanh(W u + b)_a`` of each step's attention logit, float64
            ``[T, A]``.
        scores: their sums, the attention logits, float64 ``[T]``.
        attention: the softmax of the scores, float64 ``[T]``.
        pooled: the vector that the level passes on, float64 ``[2h]``.
    """

    update: Array
    reset: Array
    candidate: Array
    memory: Array
    terms: Array
    scores: Array
    attention: Array
    pooled: Array

    @property
    def states(self) -> Array:
        """Both memories side by side, ``u`` of each step, float64 ``[T, 2h]``."""
        return np.concatenate(list(self.memory), axis=1)


@dataclass(frozen=True, eq=False)
class HanLevel:
    """The weights of one level: a bidirectional GRU and an attention with a context vector.

    Attributes:
        kernel: float64 ``[2, D, 3h]``; gates in the order update, reset, candidate.
        recurrent_kernel: float64 ``[2, h, 3h]``.
        bias: float64 ``[2, 2, 3h]``: of the input, then of the memory.
        attention_kernel: float64 ``[2h, A]``.
        attention_bias: float64 ``[A]``.
        context: float64 ``[A]``.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array
    attention_kernel: Array
    attention_bias: Array
    context: Array

    @classmethod
    def from_constants(cls, constants: Mapping[str, NDArray[np.float32]], name: str) -> "HanLevel":
        """From the constants of the serving graph, which has Keras' arrays in ONNX's layout.

        Args:
            constants: float32 arrays by name, such as ``word_gru.kernel`` ``[2, 3h, D]``.
            name: ``word`` or ``sentence``.

        Raises:
            KeyError: one is missing.
        """
        found = {
            part: np.asarray(constants[f"{name}_{part}"], np.float64)
            for part in (
                *("gru.kernel", "gru.recurrent_kernel", "gru.bias"),
                *("attention.kernel", "attention.bias", "attention.context"),
            )
        }
        return cls(
            kernel=found["gru.kernel"].transpose(0, 2, 1),
            recurrent_kernel=found["gru.recurrent_kernel"].transpose(0, 2, 1),
            bias=found["gru.bias"].reshape(2, 2, -1),
            attention_kernel=found["attention.kernel"],
            attention_bias=found["attention.bias"],
            context=found["attention.context"].ravel(),
        )

    def read(self, sequences: Sequence[Array]) -> list[LevelReading]:
        """Read sequences, each float64 ``[T, D]`` of at least one step, all at once.

        They are padded at the end, where nothing comes after that padding could change.
        """
        counts = [len(vectors) for vectors in sequences]
        padded = np.zeros((2, len(counts), max(counts), sequences[0].shape[1]))
        for row, vectors in enumerate(sequences):
            padded[0, row, : len(vectors)] = vectors
            padded[1, row, : len(vectors)] = vectors[
                ::-1
            ]  # the second direction reads from the end
        gates = self._gates(padded)
        return [
            self._attended(
                np.stack([gates[:, 0, row, :count], gates[:, 1, row, :count][:, ::-1]], 1)
            )
            for row, count in enumerate(counts)
        ]

    def _gates(self, inputs: Array) -> Array:
        """Update, reset, candidate and memory, ``[4, 2, S, T, h]``, of inputs ``[2, S, T, D]``."""
        units = self.recurrent_kernel.shape[1]
        given = inputs @ self.kernel[:, None] + self.bias[:, :1, None]
        gates = np.zeros((4, *inputs.shape[:3], units))
        state = np.zeros((2, inputs.shape[1], units))
        for step in range(inputs.shape[2]):
            own = given[:, :, step]
            recalled = state @ self.recurrent_kernel + self.bias[:, 1:]
            both = _sigmoid(own[..., : 2 * units] + recalled[..., : 2 * units])
            update, reset = both[..., :units], both[..., units:]
            candidate = np.tanh(own[..., 2 * units :] + reset * recalled[..., 2 * units :])
            state = update * state + (1 - update) * candidate
            gates[:, :, :, step] = update, reset, candidate, state
        return gates

    def _attended(self, gates: Array) -> LevelReading:
        """The reading of one sequence from its gates ``[4, 2, T, h]``, in the order of the text."""
        update, reset, candidate, memory = gates
        states = np.concatenate(list(memory), axis=1)
        terms = np.tanh(states @ self.attention_kernel + self.attention_bias) * self.context
        scores = terms.sum(axis=1)
        attention = softmax(scores)
        return LevelReading(
            update, reset, candidate, memory, terms, scores, attention, attention @ states
        )


@dataclass(frozen=True, eq=False)
class DocumentReading:
    """What a HAN computed for a document of S sentences and C classes.

    Attributes:
        sentences: the reading of each sentence's words.
        document: the reading of the sentences; its `pooled` is the document vector.
        logits: float64 ``[C]``.
    """

    sentences: tuple[LevelReading, ...]
    document: LevelReading
    logits: Array


@dataclass(frozen=True, eq=False)
class HanNetwork:
    """All weights of a HAN.

    Attributes:
        embeddings: float16 or float32 ``[V, E]``; may be a memory map.
        word: the level that reads the words of a sentence.
        sentence: the level that reads the sentences of a document.
        output_kernel: float64 ``[2h, C]``.
        output_bias: float64 ``[C]``.
    """

    embeddings: NDArray[np.floating[Any]]
    word: HanLevel
    sentence: HanLevel
    output_kernel: Array
    output_bias: Array

    @classmethod
    def from_constants(
        cls,
        embeddings: NDArray[np.floating[Any]],
        constants: Mapping[str, NDArray[np.float32]],
    ) -> "HanNetwork":
        """From an embedding matrix and the constants of the serving graph.

        Args:
            embeddings: float16 or float32 ``[V, E]``.
            constants: float32 arrays by name, as of ``float_constants``: those of both levels, and
                ``classifier.kernel`` ``[2h, C]`` and ``classifier.bias`` ``[C]``.

        Raises:
            KeyError: one is missing.
        """
        return cls(
            embeddings,
            HanLevel.from_constants(constants, "word"),
            HanLevel.from_constants(constants, "sentence"),
            np.asarray(constants["classifier.kernel"], np.float64),
            np.asarray(constants["classifier.bias"], np.float64),
        )

    def vectors(self, token_ids: NDArray[np.integer[Any]]) -> Array:
        """Word vectors, float64 ``[T, E]``, of token ids, int ``[T]``."""
        return np.asarray(self.embeddings[token_ids], np.float64)

    def randomized(self, seed: int) -> "HanNetwork":
        """The same network with weights drawn anew; the word vectors stay.

        Each array is drawn from a normal distribution of its own mean and spread, as the gradients'
        (Adebayo et al. 2018, "Sanity Checks for Saliency Maps").
        """
        rng = np.random.default_rng(seed)

        def drawn(array: Array) -> Array:
            return rng.normal(array.mean(), array.std(), array.shape)

        def level(trained: HanLevel) -> HanLevel:
            return HanLevel(*(drawn(getattr(trained, field.name)) for field in fields(trained)))

        return HanNetwork(
            self.embeddings,
            level(self.word),
            level(self.sentence),
            drawn(self.output_kernel),
            drawn(self.output_bias),
        )

    def read(self, document: Sequence[NDArray[np.int32]]) -> DocumentReading:
        """Read a document.

        Args:
            document: token ids of each sentence, int32 ``[words]``; there is one at least, and none
                is empty.
        """
        with _THREADS.limit(limits=1, user_api="blas"):
            sentences = tuple(self.word.read([self.vectors(sentence) for sentence in document]))
            (reading,) = self.sentence.read([np.stack([s.pooled for s in sentences])])
        return DocumentReading(
            sentences, reading, reading.pooled @ self.output_kernel + self.output_bias
        )


def _sigmoid(values: Array) -> Array:
    # By tanh, which does not overflow.
    return np.asarray(0.5 + 0.5 * np.tanh(values / 2))
