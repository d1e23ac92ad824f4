"""Gradients of a Hierarchical Attention Network with respect to its word vectors, by Keras on JAX.

What is explained is the log odds of a class, ``log p / (1 - p)``: unlike the probability it does
not saturate, and unlike a logit it does not change when all logits rise together.

Where classes are ordered, one target more is explained: the mean logit of the upper classes less
that of the lower ones (:mod:`dlnlp.inference.class_order`), for which the same holds.

- Gradient x input: ``d log odds / d x_i . x_i`` for the vector ``x_i`` of each word (Simonyan et
  al. 2014; Shrikumar et al. 2016).
- Integrated gradients: the same gradient, averaged on the way from zero vectors to the text, times
  ``x_i`` (Sundararajan et al. 2017). The words add up to the change of the log odds on that way
  (completeness); the mean is taken by Gauss-Legendre quadrature, whose nodes are doubled until the
  sum is near enough to the change. Few real reviews need more than the first.

Documents are packed as in training: a batch holds many texts, or many points of the way of one.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from dlnlp.artifacts import open_artifact
from dlnlp.corpus.packing import BatchShape
from dlnlp.inference.class_order import are_ordered, upper_less_lower
from dlnlp.models.han import HanConfig, HanNetwork
from dlnlp.models.jax_functions import jit, value_and_grad
from dlnlp.tasks.han_documents import SHAPE, Document, groups, packed
from dlnlp.tasks.path_integral import means, nodes_of, unfinished

Progress = Callable[[float], None]

NODES, MAX_NODES = 8, 128
# Share of the progress that the first round is: most texts need no other.
_FIRST_ROUND = 0.9


@dataclass(frozen=True, eq=False)
class WordGradients:
    """What gradients say of the N words of one document, for one target.

    Attributes:
        value: what is explained: the log odds of the class.
        gradient_x_input: float32 ``[N]``.
        integrated_gradients: float32 ``[N]``.
        gap: sum of the integrated gradients less the change of the log odds from zero vectors to
            the text: 0 but for the quadrature.
    """

    value: float
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
    """A document with its word vectors scaled, and the target it is asked for."""

    number: int
    target: int
    scale: float


class HanGradients:
    """The network of a directory of weights, differentiated.

    Args:
        network: with its weights.
        embeddings: float16 or float32 ``[V, E]``.
        shape: shape of a batch; one compiled program serves all that fit.
        ordered: whether the classes are in an order.
    """

    def __init__(
        self,
        network: HanNetwork,
        embeddings: NDArray[Any],
        shape: BatchShape = SHAPE,
        *,
        ordered: bool = False,
    ) -> None:
        self.network, self.embeddings, self.shape = network, embeddings, shape
        self.classes: int = network.config.num_classes
        self.ordered = ordered
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
        ordered = are_ordered(opened.config["class_names"], opened.card)
        return cls(network, embeddings, shape, ordered=ordered)

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
        """Gradients for each document and its target.

        Args:
            documents: sentences of each document, int32 ``[words]`` each; none is empty.
            targets: the class of each document, or C for the upper against the lower classes.
            nodes: of the quadrature, at first.
            max_nodes: where doubling them ends, whatever gap is left.
            progress: called with the share that is done; may raise to stop.
        """
        points = [
            _Point(number, target, scale)
            for number, target in enumerate(targets)
            for scale in (0.0, 1.0)
        ]
        at = nodes_of(nodes)[0]
        points += [
            _Point(number, target, scale) for number, target in enumerate(targets) for scale in at
        ]
        values, gradients = self._differentiated(
            documents, points, lambda share: progress(_FIRST_ROUND * share)
        )
        slopes = gradients[: 2 * len(documents)]
        changes = [values[2 * n + 1] - values[2 * n] for n in range(len(documents))]
        ways = means(gradients[len(slopes) :], nodes)
        rest = unfinished(range(len(documents)), ways, changes)
        while rest and (nodes := 2 * nodes) <= max_nodes:
            at = nodes_of(nodes)[0]
            points = [_Point(number, targets[number], scale) for number in rest for scale in at]
            _, gradients = self._differentiated(
                documents, points, lambda share: progress(_FIRST_ROUND)
            )
            ways |= dict(zip(rest, means(gradients, nodes).values(), strict=True))
            rest = unfinished(rest, ways, changes)
        progress(1.0)
        return [
            WordGradients(
                value=values[2 * number + 1],
                gradient_x_input=slopes[2 * number + 1],
                integrated_gradients=ways[number].astype(np.float32),
                gap=float(ways[number].sum() - changes[number]),
            )
            for number in range(len(documents))
        ]

    def gradients_x_input(
        self,
        documents: Sequence[Document],
        targets: Sequence[int],
        *,
        progress: Progress = lambda share: None,
    ) -> list[NDArray[np.float32]]:
        """Gradient x input alone, float32 ``[N]`` each: a tenth of the work of :meth:`explain`.

        Args:
            documents: sentences of each document, int32 ``[words]`` each; none is empty.
            targets: the class of each document.
            progress: called with the share that is done; may raise to stop.
        """
        points = [_Point(number, target, 1.0) for number, target in enumerate(targets)]
        return self._differentiated(documents, points, progress)[1]

    def _differentiated(
        self, documents: Sequence[Document], points: Sequence[_Point], progress: Progress
    ) -> tuple[list[float], list[NDArray[np.float32]]]:
        """The value of each point, and its gradients times the unscaled vectors, each ``[N]``."""
        values: list[float] = []
        gradients: list[NDArray[np.float32]] = []
        progress(0.0)
        for chosen in groups([documents[point.number] for point in points], self.shape):
            some = [points[place] for place in chosen]
            layout, vectors, places = packed(
                [documents[p.number] for p in some], self.embeddings, self.shape
            )
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
        for chosen in groups(documents, self.shape):
            some = [documents[number] for number in chosen]
            layout, vectors, places = packed(some, self.embeddings, self.shape)
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

    def _call(self, weights: Any, others: Any, vectors: Any, layout: Any) -> dict[str, Any]:
        batch = {**layout, "word_vectors": vectors}
        outputs, _ = self.network.stateless_call(weights, others, batch, training=False)
        return dict(outputs)

    def _gradients(
        self, weights: Any, others: Any, vectors: Any, scales: Any, layout: Any, targets: Any
    ) -> tuple[Any, Any]:
        contrast = upper_less_lower(self.classes).astype(np.float32)

        def total(scaled: Any) -> tuple[Any, Any]:
            logits = self._call(weights, others, scaled, layout)["logits"]
            own = ops.one_hot(targets, self.classes)
            odds = ops.sum(logits * own, axis=-1) - ops.logsumexp(logits - 1e9 * own, axis=-1)
            values = ops.where(targets < self.classes, odds, ops.sum(logits * contrast, axis=-1))
            # Documents do not meet: the gradient of the sum holds that of each.
            return ops.sum(values * layout["documents"]), values

        (_, odds), gradient = value_and_grad(total, has_aux=True)(vectors * scales[:, None])
        return odds, ops.sum(gradient * vectors, axis=-1)

    def _outputs(self, weights: Any, others: Any, vectors: Any, layout: Any) -> Any:
        found = self._call(weights, others, vectors, layout)
        return [found[field.name] for field in fields(Readings)]
