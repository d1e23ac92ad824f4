"""What each sentence wrote into the document vector of a HAN, and each word into its sentence's.

**A GRU unrolled.** With its gates as they stand, a memory is a sum of what its steps wrote.
``h_t = z_t h_{t-1} + (1 - z_t) c_t`` from ``h_0 = 0`` gives, by putting each line into the next, ::

    h_t = sum_k (prod_{k < j <= t} z_j) (1 - z_k) c_k

a term for each step k: what it wrote, less what later steps wiped (products of vectors are
elementwise; the backward GRU runs the other way). Attention pools memories linearly, and a logit is
linear in the document vector ``v = sum_t a_t h_t``, so ::

    written_k = sum_{t >= k} a_t (prod_{k < j <= t} z_j) (1 - z_k) c_k           of v, [2h]
    logit_c   = b_c + sum_k written_k . W_c                                      for every class c

exactly. It differs from ``a_k h_k . W_c`` (by where the attention was, exact too): a memory that is
attended to at one sentence holds much of what others wrote. That the gates depend on the text, too,
is left out: the parts are those of this reading, and no prediction of what another text gives.

**Words.** The same sum holds within a sentence vector s. Its scalar is the share of s,
``(written_i . s) / (s . s)``: shares sum to 1 in each sentence, and may be negative. What a
sentence wrote is divided among its words by their shares, so that all words and the bias add up to
the logit. From the sentence vector on that is a division, not a derivation: the second GRU is not
linear in s.

After the additive decomposition of LSTM cells in Murdoch & Szlam (2017), "Automatic Rule Extraction
from Long Short Term Memory Networks", which this carries over to the GRU and through attention.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.attribution import METHODS, Additive, Attribution
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.class_order import of_logit
from dlnlp.inference.han_network import DocumentReading, HanNetwork, LevelReading

# A sentence vector of zeros has no shares.
_TINY = 1e-12


def written_vectors(reading: LevelReading) -> NDArray[np.float64]:
    """What each of T steps wrote into the vector that a level passes on, float64 ``[T, 2h]``.

    The rows add up to ``reading.pooled``.
    """
    steps = len(reading.attention)
    reach = np.empty_like(reading.update)  # sum_t a_t prod z: how much of a writing arrives
    for direction, order in enumerate((range(steps - 1, -1, -1), range(steps))):
        later = np.zeros(reading.update.shape[2])
        for step in order:
            later = later + reading.attention[step]
            reach[direction, step] = later
            later = later * reading.update[direction, step]
    parts = reach * (1 - reading.update) * reading.candidate
    return np.concatenate(list(parts), axis=1)


def memory_shares(reading: LevelReading) -> NDArray[np.float64]:
    """How much of the memory at each step each step holds, float64 ``[2, T, T]``.

    Entry ``[d, t, k]`` is the L1 size of what step k wrote and step t still holds, of the sizes of
    all such parts at t: a size, since parts of both signs cancel in their sum. Rows add up to 1.
    """
    steps = len(reading.attention)
    sizes = np.zeros((2, steps, steps))
    for direction, order in enumerate((range(steps), range(steps - 1, -1, -1))):
        parts = np.zeros((steps, reading.update.shape[2]))
        for step in order:
            update = reading.update[direction, step]
            parts = parts * update
            parts[step] = (1 - update) * reading.candidate[direction, step]
            sizes[direction, step] = np.abs(parts).sum(axis=1)
    return np.asarray(sizes / np.maximum(sizes.sum(axis=2, keepdims=True), _TINY))


def word_shares(reading: LevelReading) -> NDArray[np.float64]:
    """The share of the pooled vector that each of T steps wrote, float64 ``[T]``; they sum to 1."""
    parts = written_vectors(reading)
    length = float(reading.pooled @ reading.pooled)
    if length < _TINY:
        return np.full(len(parts), 1 / len(parts))
    return np.asarray(parts @ reading.pooled / length)


@dataclass(frozen=True, eq=False)
class SentenceParts:
    """Both exact decompositions of the logits of C classes by S sentences.

    Attributes:
        written: by what each sentence wrote, float64 ``[S, C]``.
        attended: by where the attention was, ``a_k h_k . W_c``, float64 ``[S, C]``.
        bias: float64 ``[C]``: with either of them it adds up to the logits.
    """

    written: NDArray[np.float64]
    attended: NDArray[np.float64]
    bias: NDArray[np.float64]


def sentence_parts(network: HanNetwork, reading: DocumentReading) -> SentenceParts:
    """The parts of every logit; see the module.

    Args:
        network: the weights.
        reading: what it computed for a document.
    """
    level = reading.document
    return SentenceParts(
        written_vectors(level) @ network.output_kernel,
        (level.attention[:, None] * level.states) @ network.output_kernel,
        network.output_bias,
    )


def written(
    network: HanNetwork, reading: DocumentReading, result: AttentionResult, target: int
) -> Attribution[AttentionResult]:
    """What each word and each sentence wrote for a class, in units of its logit.

    Args:
        network: the weights.
        reading: what it computed for the text.
        result: the prediction for the same text.
        target: the class, or C (:mod:`dlnlp.explain.targets`).
    """
    parts = sentence_parts(network, reading)
    sentences = of_logit(parts.written, target)
    words = np.concatenate(
        [
            part * word_shares(sentence)
            for part, sentence in zip(sentences, reading.sentences, strict=True)
        ]
    )
    return Attribution(
        METHODS["written"],
        result,
        result.token_sentence,
        result.sentence_spans,
        words.astype(np.float32),
        sentences.astype(np.float32),
        target,
        Additive(float(of_logit(parts.bias, target)), float(of_logit(reading.logits, target))),
    )
