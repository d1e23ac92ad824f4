"""Gradients of a Hierarchical Attention Network with respect to its word vectors, by Keras on JAX.

What is explained is the log odds of a class, ``log p / (1 - p)``: unlike the probability it does
not saturate, and unlike a logit it does not change when all logits rise together.

- Gradient x input: ``d log odds / d x_i . x_i`` for the vector ``x_i`` of each word (Simonyan et
  al. 2014; Shrikumar et al. 2016).
- Integrated gradients: the same gradient, averaged on the way from zero vectors to the text, times
  ``x_i`` (Sundararajan et al. 2017). The words add up to the change of the log odds on that way
  (completeness); the mean is taken by Gauss-Legendre quadrature, whose nodes are doubled until the
  sum is near enough to the change. Few real reviews need more than the first.

Documents are packed as in training: a batch holds many texts, or many points of the way of one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from dlnlp.artifacts import open_artifact
from dlnlp.corpus.batching import BatchShape, make_batch
from dlnlp.explain.completeness import largest_gap
from dlnlp.models.han import HanConfig, HanNetwork
from dlnlp.models.jax_functions import jit, value_and_grad

Document = Sequence[NDArray[np.int32]]
Progress = Callable[[float], None]

# Rows of 50 words as trained; a text of the longest kind fills one batch.
SHAPE = BatchShape(rows=64, row_length=50, grid_rows=12, grid_length=64, documents=64)
NODES, MAX_NODES = 8, 128
# Share of the progress that the first round is: most texts need no other.
_FIRST_ROUND = 0.9


@dataclass(frozen=True, eq=False)
class WordGradients:
    """What gradients say of the N words of one document, for one class.

    Attributes:
        log_odds: log-odds of the class.
        gradient_x_input: float32 ``[N]``.
        integrated_gradients: float32 ``[N]``.
        gap: sum of the integrated gradients less the change of the log odds from zero vectors to
            the text: 0 but for the quadrature.
    """

    log_odds: float
    gradient_x_input: NDArray[np.float32]
    integrated_gradients: NDArray[np.float32]
    gap: float


@dataclass(frozen=True, eq=False)
class Readings:
    """What the network says of D documents, and what it attends to.

    Attributes:
        logits: float32 ``[D, C]``.
        word_attention: attention weights of each document, float32 ``[N]``.
        word_scores: the same before the softmax.
        sentence_attention: attention weights of each document, float32 ``[S]``.
        sentence_scores: the same before the softmax.
    """

    logits: NDArray[np.float32]
    word_attention: list[NDArray[np.float32]]
    word_scores: list[NDArray[np.float32]]
    sentence_attention: list[NDArray[np.float32]]
    sentence_scores: list[NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class _Point:
    """A document with its word vectors scaled, and the class it is asked for."""

    number: int
    target: int
    scale: float


class HanGradients:
    """The network of a directory of weights, differentiated.

    Args:
        network: with its weights.
        embeddings: float16 or float32 ``[V, E]``.
        shape: shape of a batch; one compiled program serves all that fit.
    """

    def __init__(
        self, network: HanNetwork, embeddings: NDArray[Any], shape: BatchShape = SHAPE
    ) -> None:
        self.network, self.embeddings, self.shape = network, embeddings, shape
        self.classes: int = network.config.num_classes
        self._weights = [variable.value for variable in network.trainable_variables]
        self._others = [variable.value for variable in network.non_trainable_variables]
        self._differentiate = jit(self._gradients)
        self._read = jit(self._outputs)

    @classmethod
    def load(cls, directory: Path, shape: BatchShape = SHAPE) -> "HanGradients":
        """Verify and open a directory of weights.

        Raises:
            ArtifactError: a file is missing or changed.
        """
        opened = open_artifact(directory)
        network = HanNetwork(HanConfig.from_dict(opened.config))
        network.load_weights(opened.file("network.weights.h5"))
        embeddings = np.load(opened.file("embeddings.npy"), mmap_mode="r", allow_pickle=False)
        return cls(network, embeddings, shape)

    def randomized(self, seed: int) -> "HanGradients":
        """The same network with weights drawn anew; the word vectors stay.

        Each array is drawn from a normal distribution of its own mean and spread, so that the
        network is as far from saturation as the trained one. After Adebayo et al. (2018), "Sanity
        Checks for Saliency Maps".
        """
        rng = np.random.default_rng(seed)
        other = copy(self)  # shares the compiled programs, of which weights are arguments
        other._weights = [
            rng.normal(weight.mean(), weight.std(), weight.shape).astype(np.float32)
            for weight in map(np.asarray, self._weights)
        ]
        return other

    def explain(
        self,
        documents: Sequence[Document],
        targets: Sequence[int],
        *,
        nodes: int = NODES,
        max_nodes: int = MAX_NODES,
        progress: Progress = lambda share: None,
    ) -> list[WordGradients]:
        """Gradients for each document and its target class.

        Args:
            documents: sentences of each document, int32 ``[words]`` each; none is empty.
            targets: the class of each document.
            nodes: of the quadrature, at first.
            max_nodes: where doubling them ends, whatever gap is left.
            progress: called with the share that is done; may raise to stop.
        """
        points = [
            _Point(number, target, scale)
            for number, target in enumerate(targets)
            for scale in (0.0, 1.0)
        ]
        at = _nodes(nodes)[0]
        points += [
            _Point(number, target, scale) for number, target in enumerate(targets) for scale in at
        ]
        values, gradients = self._differentiated(
            documents, points, lambda share: progress(_FIRST_ROUND * share)
        )
        slopes = gradients[: 2 * len(documents)]
        changes = [values[2 * n + 1] - values[2 * n] for n in range(len(documents))]
        ways = _means(gradients[len(slopes) :], nodes)
        rest = _with_gaps(range(len(documents)), ways, changes)
        while rest and (nodes := 2 * nodes) <= max_nodes:
            at = _nodes(nodes)[0]
            points = [_Point(number, targets[number], scale) for number in rest for scale in at]
            _, gradients = self._differentiated(
                documents, points, lambda share: progress(_FIRST_ROUND)
            )
            ways |= dict(zip(rest, _means(gradients, nodes).values(), strict=True))
            rest = _with_gaps(rest, ways, changes)
        progress(1.0)
        return [
            WordGradients(
                log_odds=values[2 * number + 1],
                gradient_x_input=slopes[2 * number + 1],
                integrated_gradients=ways[number].astype(np.float32),
                gap=float(ways[number].sum() - changes[number]),
            )
            for number in range(len(documents))
        ]

    def _differentiated(
        self, documents: Sequence[Document], points: Sequence[_Point], progress: Progress
    ) -> tuple[list[float], list[NDArray[np.float32]]]:
        """Log odds of each point, and its gradients times the unscaled vectors, each ``[N]``."""
        values: list[float] = []
        gradients: list[NDArray[np.float32]] = []
        progress(0.0)
        for chosen in self._groups([documents[point.number] for point in points]):
            some = [points[place] for place in chosen]
            layout, vectors, places = self._packed([documents[p.number] for p in some])
            lengths = [sum(map(len, documents[point.number])) for point in some]
            scales = np.zeros(len(vectors), np.float32)
            scales[places] = np.repeat([point.scale for point in some], lengths)
            targets = np.zeros(len(layout["documents"]), np.int32)
            targets[: len(some)] = [point.target for point in some]
            odds, shares = self._differentiate(
                self._weights, self._others, vectors, scales, layout, targets
            )
            values += np.asarray(odds)[: len(some)].tolist()
            gradients += np.split(np.asarray(shares)[places], np.cumsum(lengths)[:-1])
            progress(len(values) / len(points))
        return values, gradients

    def read(
        self, documents: Sequence[Document], progress: Progress = lambda share: None
    ) -> Readings:
        """Read documents, each a sequence of sentences, int32 ``[words]``.

        Args:
            documents: sentences of each document; none is empty.
            progress: called with the share that is done, from 0 to 1; may raise to stop.
        """
        logits: list[NDArray[np.float32]] = []
        words: tuple[list[NDArray[np.float32]], ...] = ([], [])
        sentences: tuple[list[NDArray[np.float32]], ...] = ([], [])
        for chosen in self._groups(documents):
            some = [documents[number] for number in chosen]
            layout, vectors, places = self._packed(some)
            found = [
                np.asarray(part)
                for part in self._read(self._weights, self._others, vectors, layout)
            ]
            logits.append(found[0][: len(some)])
            cells = np.argsort(layout["document_ids"].ravel(), kind="stable")
            counts = [len(document) for document in some]
            word_ends = np.cumsum([sum(map(len, document)) for document in some])[:-1]
            for column, part in zip(words, found[1:3], strict=True):
                column += np.split(part.ravel()[places], word_ends)
            for column, part in zip(sentences, found[3:], strict=True):
                column += np.split(part.ravel()[cells[: sum(counts)]], np.cumsum(counts)[:-1])
            progress(len(words[0]) / len(documents))
        return Readings(np.concatenate(logits), *words, *sentences)

    def _groups(self, documents: Sequence[Document]) -> list[range]:
        """Documents, in their order, as many to a batch as it holds."""
        shape, groups, first, tokens, sentences = self.shape, [], 0, 0, 0
        for number, document in enumerate(documents):
            length = sum(map(len, document))
            full = (
                number - first == shape.documents
                or tokens + length > shape.token_budget
                or sentences + len(document) > shape.sentence_budget
            )
            if full and number > first:
                groups.append(range(first, number))
                first, tokens, sentences = number, 0, 0
            tokens, sentences = tokens + length, sentences + len(document)
        return [*groups, range(first, len(documents))] if documents else []

    def _packed(
        self, documents: Sequence[Document]
    ) -> tuple[dict[str, NDArray[Any]], NDArray[np.float32], NDArray[np.int64]]:
        """The layout, a vector for each position, and the positions of all words in order."""
        lengths = [np.array([len(s) for s in document]) for document in documents]
        layout = make_batch([np.concatenate(d) for d in documents], lengths, self.shape)
        ids = layout.pop("word_ids")[layout["token_index"].ravel()]
        cells = layout["sentence_ids"].ravel()
        places = np.flatnonzero(cells < layout["document_ids"].size)
        owners = layout["document_ids"].ravel()[cells[places]]
        # Of a document, cells and positions rise as in the text, but rows are filled as they fit.
        places = places[np.lexsort((places, cells[places], owners))]
        layout["token_index"] = np.arange(len(ids), dtype=np.int32).reshape(
            layout["token_index"].shape
        )
        return layout, self.embeddings[ids].astype(np.float32), places

    def _call(self, weights: Any, others: Any, vectors: Any, layout: Any) -> dict[str, Any]:
        batch = {**layout, "word_vectors": vectors}
        outputs, _ = self.network.stateless_call(weights, others, batch, training=False)
        return dict(outputs)

    def _gradients(
        self, weights: Any, others: Any, vectors: Any, scales: Any, layout: Any, targets: Any
    ) -> tuple[Any, Any]:
        def total(scaled: Any) -> tuple[Any, Any]:
            logits = self._call(weights, others, scaled, layout)["logits"]
            own = ops.one_hot(targets, self.classes)
            odds = ops.sum(logits * own, axis=-1) - ops.logsumexp(logits - 1e9 * own, axis=-1)
            # Documents do not meet: the gradient of the sum holds that of each.
            return ops.sum(odds * layout["documents"]), odds

        (_, odds), gradient = value_and_grad(total, has_aux=True)(vectors * scales[:, None])
        return odds, ops.sum(gradient * vectors, axis=-1)

    def _outputs(self, weights: Any, others: Any, vectors: Any, layout: Any) -> Any:
        found = self._call(weights, others, vectors, layout)
        return [found[field.name] for field in fields(Readings)]


@lru_cache
def _nodes(count: int) -> tuple[list[float], NDArray[np.float64]]:
    """Gauss-Legendre nodes on the way from 0 to 1, and their weights."""
    at, weights = np.polynomial.legendre.leggauss(count)
    return ((at + 1) / 2).tolist(), weights / 2


def _means(gradients: Sequence[NDArray[np.float32]], nodes: int) -> dict[int, NDArray[np.float64]]:
    """Of the gradients at the nodes of one document after the other, the mean of each document."""
    weights = _nodes(nodes)[1]
    return {
        first // nodes: np.tensordot(weights, np.stack(gradients[first : first + nodes]), 1)
        for first in range(0, len(gradients), nodes)
    }


def _with_gaps(
    documents: Iterable[int], ways: Mapping[int, NDArray[np.float64]], changes: Sequence[float]
) -> list[int]:
    """Documents whose words do not add up to the change yet."""
    return [
        number
        for number in documents
        if abs(float(ways[number].sum()) - changes[number]) > largest_gap(changes[number])
    ]
