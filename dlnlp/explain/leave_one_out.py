"""Leave one word out and see what happens to the logit: any network, no gradients.

A word's effect is the logit of the text less the logit without the word: above 0, the word speaks
for the class. Left out means deleted (its neighbours become adjacent) or replaced by the unknown
word (every other word keeps its place). Li et al. (2016), "Understanding Neural Networks through
Representation Erasure".

:func:`effects` knows nothing of the network; :func:`network_effects` computes the same for a Kim
CNN some hundred times as fast, because a word changes only the regions that hold it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.kim_cnn_network import KimCnnNetwork, of_target
from dlnlp.text.vocabulary import UNKNOWN

Mode = Literal["delete", "unknown"]
MODES: tuple[Mode, ...] = ("delete", "unknown")
Document = TypeVar("Document")


def effects(
    variants: Iterable[Document],
    run: Callable[[list[Document]], NDArray[np.floating[Any]]],
    logit: float,
    *,
    batch: int = 256,
) -> NDArray[np.float32]:
    """``logit`` less the logit of each variant, float32 ``[N]``.

    Args:
        variants: the document without its first word, without its second, and so on.
        run: logits ``[D]`` of D documents.
        logit: logit of the whole document.
        batch: documents that are made and run at a time; bounds the memory.
    """
    remaining = iter(variants)
    logits: list[NDArray[np.floating[Any]]] = [np.zeros(0)]
    while documents := list(islice(remaining, batch)):
        logits.append(run(documents))
    return np.asarray(logit - np.concatenate(logits), np.float32)


def texts_without_each(token_ids: NDArray[np.int32], mode: Mode) -> Iterator[NDArray[np.int32]]:
    """A text, int32 ``[N]``, without each of its words in turn.

    The only word of a text cannot be deleted, as no text would remain: it becomes unknown.

    Raises:
        ValueError: the mode is unknown.
    """
    mode = _usable(mode, len(token_ids))
    for number in range(len(token_ids)):
        if mode == "delete":
            yield np.delete(token_ids, number)
        else:
            replaced = token_ids.copy()
            replaced[number] = UNKNOWN
            yield replaced


def sentences_without_each(
    sentences: Sequence[NDArray[np.int32]], mode: Mode
) -> Iterator[list[NDArray[np.int32]]]:
    """A document without each of its words in turn, in the order of the text, as the HAN reads it.

    A sentence disappears when its only word is deleted. The only word of a document cannot be
    deleted: it becomes unknown.

    Args:
        sentences: token ids of each sentence, int32 ``[words]``.
        mode: how a word is left out.

    Yields:
        The sentences of a changed document, int32 ``[words]`` each.

    Raises:
        ValueError: the mode is unknown.
    """
    mode = _usable(mode, sum(len(sentence) for sentence in sentences))
    for place, sentence in enumerate(sentences):
        before, after = list(sentences[:place]), list(sentences[place + 1 :])
        if mode == "delete" and len(sentence) == 1:
            yield before + after
        else:
            for changed in texts_without_each(sentence, mode):
                yield [*before, changed, *after]


def without_each_sentence(
    sentences: Sequence[NDArray[np.int32]], mode: Mode
) -> Iterator[list[NDArray[np.int32]]]:
    """A document without each of its sentences in turn.

    The words of an only sentence become unknown, as no document would remain.

    Args:
        sentences: token ids of each sentence, int32 ``[words]``.
        mode: how a sentence is left out.

    Yields:
        The sentences of a changed document, int32 ``[words]`` each.

    Raises:
        ValueError: the mode is unknown.
    """
    mode = _usable(mode, len(sentences))
    for place, sentence in enumerate(sentences):
        masked = [np.full_like(sentence, UNKNOWN)] if mode == "unknown" else []
        yield [*sentences[:place], *masked, *sentences[place + 1 :]]


def network_effects(
    token_ids: NDArray[np.int32], network: KimCnnNetwork, mode: Mode, target: int
) -> NDArray[np.float32]:
    """:func:`effects` of the words of a text on a Kim CNN's logit of a class, float32 ``[N]``.

    Of two classes the logit is the log odds.

    Exactly 0 for a word that no maximum depends on.

    Raises:
        ValueError: the mode is unknown.
    """
    pooled, without = pooled_without_each(token_ids, network, mode)
    weights = of_target(network.output_weights, target).astype(np.float64)
    return np.asarray(pooled @ weights - without @ weights, np.float32)


def pooled_without_each(
    token_ids: NDArray[np.int32], network: KimCnnNetwork, mode: Mode
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What the filters of a Kim CNN give for a text, and for it without each of its words.

    Without word i, a filter's maximum is the largest of the regions before the word (a running
    maximum from the left), after it (from the right), and the few that hold its place, with new
    values.

    Args:
        token_ids: int32 ``[N]``.
        network: K filters.
        mode: how a word is left out.

    Returns:
        float32 ``[K]`` and ``[N, K]``, all at least 0; equal where the word does not matter.

    Raises:
        ValueError: the mode is unknown.
    """
    mode = _usable(mode, len(token_ids))
    vectors = network.vectors(token_ids)
    unknown = network.vectors(np.array([UNKNOWN], np.int32))
    parts = [_maxima(vectors, unknown, kernel, mode) for kernel in network.kernels]
    pooled = np.concatenate([whole for whole, _ in parts])
    without = np.concatenate([gone for _, gone in parts], axis=1)
    return np.maximum(pooled + network.biases, 0), np.maximum(without + network.biases, 0)


def _maxima(
    vectors: NDArray[np.float32],
    unknown: NDArray[np.float32],
    kernel: NDArray[np.float32],
    mode: Mode,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Each filter's largest region of the text ``[F]``, and without each word ``[N, F]``."""
    width, embedding_dim, filters = kernel.shape
    words = len(vectors)
    # A shorter text has one region, continued by zeros, also when a word is gone.
    total = max(words, width + (mode == "delete"))
    filled = np.zeros((total, embedding_dim), np.float32)
    filled[:words] = vectors
    matrix = kernel.transpose(1, 0, 2).reshape(embedding_dim, -1)
    shares = (filled @ matrix).reshape(total, width, filters)  # word i as the j-th of a region
    regions = total - width + 1
    values = sum((shares[j : j + regions, j] for j in range(1, width)), shares[:regions, 0])

    lowest = np.full((1, filters), -np.inf, np.float32)
    before = np.concatenate([lowest, np.maximum.accumulate(values)])  # before[p]: regions 0 .. p-1
    after = np.concatenate([np.maximum.accumulate(values[::-1])[::-1], lowest])
    places = np.arange(total)
    best = np.maximum(
        before[np.clip(places - width + 1, 0, regions)], after[np.minimum(places + 1, regions)]
    )
    if mode == "unknown":
        instead = (unknown @ matrix).reshape(width, filters)
        for j in range(width):
            held = slice(j, j + regions)  # the words that are the j-th of a region
            best[held] = np.maximum(best[held], values + (instead[j] - shares[held, j]))
    else:
        left = np.zeros((regions - 1, filters), np.float32)
        for j in range(1, width):  # j words of the region stand before the gap
            left = left + shares[j - 1 : j - 1 + regions - 1, j - 1]
            right = sum(shares[k + 1 : k + regions, k] for k in range(j, width))
            gaps = slice(j, j + regions - 1)
            best[gaps] = np.maximum(best[gaps], left + right)
    return values[: max(words - width, 0) + 1].max(axis=0), best[:words]


def _usable(mode: Mode, words: int) -> Mode:
    if mode not in MODES:
        raise ValueError(f"mode {mode!r} of leaving a word out is none of {', '.join(MODES)}")
    return "unknown" if words == 1 else mode
