"""Is a ranking of words faithful to the network? Remove or keep its top words, and look.

DeYoung et al. (2020), "ERASER: A Benchmark to Evaluate Rationalized NLP Models". With p the
network's probability of a class, and the top share k of the words by some method::

    comprehensiveness(k) = p(text) - p(text without them)      high where they were needed
    sufficiency(k)       = p(text) - p(them alone)             low where they are enough

Both are averaged over the shares (the area over the perturbation curve, AOPC). A ranking says
nothing where it does no better than a random one.

Knows no network: it asks one for probabilities of documents, which are lists of sentences of token
ids.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.leave_one_out import MODES, Mode
from dlnlp.text.vocabulary import UNKNOWN

Document = Sequence[NDArray[np.int32]]
# Probabilities [D] of the class, of D documents.
Ask = Callable[[list[Document]], NDArray[np.floating[Any]]]

SHARES = (0.05, 0.1, 0.2, 0.5)
ERASER_SHARES = (0.01, 0.05, 0.1, 0.2, 0.5)
RANDOM_ORDERS = 20
# How much of a document is removed at the level of sentences: so many, or a share of them.
SENTENCE_CUTS: tuple[int | float, ...] = (1, 2, 0.2, 0.5)


@dataclass(frozen=True, eq=False)
class Curves:
    """How one ranking does.

    Attributes:
        comprehensiveness: float64 ``[K]``, at each share.
        sufficiency: float64 ``[K]``.
    """

    comprehensiveness: NDArray[np.float64]
    sufficiency: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """How rankings of the words of one text do.

    Attributes:
        mode: whether words are deleted or become unknown.
        shares: K shares of the words, rising.
        words: int ``[K]``, how many words each share is.
        probability: probability of the class, for the whole text.
        methods: the curves by name of the ranking.
        random: the same of R random rankings, float64 ``[R, 2, K]``: comprehensiveness, then
            sufficiency.
    """

    mode: Mode
    shares: tuple[float, ...]
    words: NDArray[np.int64]
    probability: float
    methods: Mapping[str, Curves]
    random: NDArray[np.float64]


def words_of_share(share: float, words: int) -> int:
    """How many words a share is: rounded up, so that it is one word at least."""
    # 0.1 * 30 is a little more than 3 in binary.
    return max(1, int(np.ceil(round(share * words, 6))))


def without(sentences: Document, removed: NDArray[np.bool_], mode: Mode) -> list[NDArray[np.int32]]:
    """A document without some of its words.

    Args:
        sentences: token ids of each sentence.
        removed: bool ``[N]``, over the words of all sentences.
        mode: ``delete``: the others close up, and a sentence without words is left out; no word at
            all becomes one unknown word. ``unknown``: each becomes the unknown word.
    """
    ends = np.cumsum([len(sentence) for sentence in sentences])[:-1]
    parts = zip(sentences, np.split(removed, ends), strict=True)
    if mode == "unknown":
        return [np.where(gone, np.int32(UNKNOWN), sentence) for sentence, gone in parts]
    left = [sentence[~gone] for sentence, gone in parts if not gone.all()]
    return left or [np.array([UNKNOWN], np.int32)]


def variants(
    sentences: Document,
    scores: NDArray[np.floating[Any]],
    shares: Sequence[float],
    mode: Mode,
) -> list[Document]:
    """The documents that one ranking is judged by: without, then with only, each share, [2 K].

    Args:
        sentences: the document, of N words.
        scores: float ``[N]``, the highest first; of equals, the first in the text.
        shares: K of them.
        mode: how words are removed.
    """
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    found: list[Document] = []
    for alone in (False, True):
        for share in shares:
            removed = np.full(len(order), alone)
            removed[order[: words_of_share(share, len(order))]] = not alone
            found.append(without(sentences, removed, mode))
    return found


def sentences_of_cut(cut: int | float, sentences: int) -> int:
    """How many sentences a cut is: a number of them, or a share rounded up; all at most."""
    return min(sentences, cut if isinstance(cut, int) else words_of_share(cut, sentences))


def sentence_variants(
    sentences: Document, scores: NDArray[np.floating[Any]], cuts: Sequence[int | float]
) -> list[Document]:
    """The documents that a ranking of sentences is judged by: without, then with only, each cut.

    Args:
        sentences: the document, of S sentences.
        scores: float ``[S]``, the highest first; of equals, the first in the text.
        cuts: K of them, as SENTENCE_CUTS.

    Returns:
        2 K documents; one without a sentence is one unknown word.
    """
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    found: list[Document] = []
    for alone in (False, True):
        for cut in cuts:
            top = set(order[: sentences_of_cut(cut, len(order))].tolist())
            left = [ids for place, ids in enumerate(sentences) if (place in top) == alone]
            found.append(left or [np.array([UNKNOWN], np.int32)])
    return found


def measure_sentences(
    sentences: Document,
    scores: Mapping[str, NDArray[np.floating[Any]]],
    ask: Ask,
    *,
    cuts: Sequence[int | float] = SENTENCE_CUTS,
    random_orders: int = RANDOM_ORDERS,
    seed: int = 0,
) -> dict[str, Curves]:
    """Judge rankings of the sentences of one document, whole sentences deleted.

    Args:
        sentences: the document, of S sentences.
        scores: float ``[S]`` by name: how much each sentence speaks for the class, by some method.
        ask: the network.
        cuts: how many sentences to remove or keep, as SENTENCE_CUTS.
        random_orders: how many random rankings are averaged.
        seed: seed of the random rankings.

    Returns:
        The curves by name of the ranking, and of ``random``, the mean of the random ones.
    """
    rng = np.random.default_rng(seed)
    random = [rng.random(len(sentences)) for _ in range(random_orders)]
    documents: list[Document] = [sentences]
    for ranking in (*scores.values(), *random):
        documents += sentence_variants(sentences, ranking, cuts)
    answers = np.asarray(ask(documents), np.float64)
    drops = (answers[0] - answers[1:]).reshape(-1, 2, len(cuts))
    found = {name: Curves(*drops[place]) for place, name in enumerate(scores)}
    return found | {"random": Curves(*drops[len(scores) :].mean(axis=0))}


def measure(
    sentences: Document,
    scores: Mapping[str, NDArray[np.floating[Any]]],
    ask: Ask,
    mode: Mode,
    *,
    shares: tuple[float, ...] = SHARES,
    random_orders: int = RANDOM_ORDERS,
    seed: int = 0,
) -> Faithfulness:
    """Judge rankings of the words of one document, and random ones, in one call of the network.

    Args:
        sentences: the document, of N words.
        scores: float ``[N]`` by name: how much each word speaks for the class, by some method.
        ask: the network.
        mode: how words are removed.
        shares: shares of the words to remove or keep.
        random_orders: R.
        seed: seed of the random rankings.

    Raises:
        ValueError: the mode is unknown.
    """
    if mode not in MODES:
        raise ValueError(f"mode {mode!r} of leaving words out is none of {', '.join(MODES)}")
    total = sum(len(sentence) for sentence in sentences)
    rng = np.random.default_rng(seed)
    rankings = [*scores.values(), *(rng.random(total) for _ in range(random_orders))]
    documents: list[Document] = [sentences]
    for ranking in rankings:
        documents += variants(sentences, ranking, shares, mode)
    answers = np.asarray(ask(documents), np.float64)
    drops = (answers[0] - answers[1:]).reshape(len(rankings), 2, len(shares))
    return Faithfulness(
        mode=mode,
        shares=shares,
        words=np.array([words_of_share(share, total) for share in shares], np.int64),
        probability=float(answers[0]),
        methods={name: Curves(*drops[place]) for place, name in enumerate(scores)},
        random=drops[len(scores) :],
    )
