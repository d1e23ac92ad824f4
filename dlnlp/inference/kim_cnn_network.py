"""The weights of a Kim CNN in NumPy, for what follows from them in closed form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.class_order import of_logit


def both_columns(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Put zeros for the first class before the one column of a network of two classes.

    Args:
        values: float32 ``[..., C]``, or ``[..., 1]`` for two classes.

    Returns:
        float32 ``[..., C]``.
    """
    if values.shape[-1] != 1:
        return values
    return np.concatenate([np.zeros_like(values), values], axis=-1)


def of_target(values: NDArray[Any], target: int) -> NDArray[Any]:
    """The part of logits, of output weights or of biases that stands for one target.

    That is the class's own; of two classes its difference from the other: the log odds, which the
    single logit of such a network is.

    Args:
        values: float ``[..., C]``.
        target: index of the class, or C: as :func:`~dlnlp.inference.class_order.of_logit`.

    Returns:
        float ``[...]``.
    """
    if values.shape[-1] == 2:
        return np.asarray(values[..., target] - values[..., 1 - target])
    return of_logit(values, target)


@dataclass(frozen=True, eq=False)
class KimCnnNetwork:
    """The weights of a Kim CNN (Kim 2014), for what follows from them in closed form.

    A text of n words with vectors ``x`` has regions ``p = 0 .. max(n - w, 0)`` of each width w.
    Filter f gives region p the value ``a = b_f + sum_j x[p + j] . W[j, :, f]``, where words after
    the end count as zero; the logit of class k is ``sum_f max_p relu(a) v_fk + c_k``. The K filters
    stand in the order of `widths`, F of each.

    A network of two classes has one logit, the log odds of the second: the first has zeros here.

    Attributes:
        embeddings: float16 or float32 ``[V, E]``; may be a memory map.
        widths: words that a region has.
        kernels: float32 ``[w, E, F]`` for each width.
        biases: float32 ``[K]``.
        output_weights: float32 ``[K, C]``, the ``v_fk``.
        output_bias: float32 ``[C]``, the ``c_k``.
    """

    embeddings: NDArray[np.floating[Any]]
    widths: tuple[int, ...]
    kernels: tuple[NDArray[np.float32], ...]
    biases: NDArray[np.float32]
    output_weights: NDArray[np.float32]
    output_bias: NDArray[np.float32]

    @classmethod
    def from_weights(
        cls,
        embeddings: NDArray[np.floating[Any]],
        weights: Mapping[str, NDArray[np.float32]],
        widths: Sequence[int],
    ) -> "KimCnnNetwork":
        """Build from an embedding matrix and the arrays of the serving graph.

        Args:
            embeddings: float16 or float32 ``[V, E]``.
            weights: ``conv{w}.kernel`` ``[w, E, F]`` and ``conv{w}.bias`` ``[F]`` for each width w,
                ``classifier.kernel`` ``[K, C]`` and ``classifier.bias`` ``[C]``, of two classes
                only the column of the second.
            widths: words in a region, in the order of the filters.
        """
        return cls(
            embeddings,
            tuple(widths),
            tuple(weights[f"conv{width}.kernel"] for width in widths),
            np.concatenate([weights[f"conv{width}.bias"] for width in widths]),
            both_columns(weights["classifier.kernel"]),
            both_columns(weights["classifier.bias"]),
        )

    @property
    def filters(self) -> int:
        """F, of each width."""
        return int(self.kernels[0].shape[2])

    @property
    def filter_widths(self) -> NDArray[np.int64]:
        """Width of each of the K filters, int64 ``[K]``."""
        return np.repeat(np.array(self.widths, np.int64), self.filters)

    def vectors(self, token_ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Word vectors, float32 ``[N, E]``, of token ids, int32 ``[N]``."""
        return np.asarray(self.embeddings[token_ids], np.float32)

    def winning_rows(
        self, positions: NDArray[np.int64], tokens: int, filter_weights: NDArray[np.floating[Any]]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        """The kernel rows that the words of the winning regions met, times weights.

        Args:
            positions: int64 ``[K]``, where each filter's winning region starts.
            tokens: N; what a region of a shorter text has after its end is left out.
            filter_weights: float ``[K]``; a filter with 0 is left out.

        Yields:
            A few arrays each: tokens int64 ``[m]`` (a token may come several times) and float64
            ``[m, E]``, ``filter_weights_f W[j, :, f]`` of the filter that read the token as the
            j-th of its region. Their sum by token is the gradient of
            ``sum_f filter_weights_f a_f`` with respect to the word vectors.
        """
        for number, (width, kernel) in enumerate(zip(self.widths, self.kernels, strict=True)):
            own = slice(number * self.filters, (number + 1) * self.filters)
            starts, weights = positions[own], filter_weights[own]
            for offset in range(width):
                chosen = np.flatnonzero((starts + offset < tokens) & (weights != 0))
                rows = kernel[offset].T[chosen].astype(np.float64) * weights[chosen, None]
                yield starts[chosen] + offset, rows

    def winning_shares(
        self,
        positions: NDArray[np.int64],
        token_ids: NDArray[np.int32],
        filter_weights: NDArray[np.floating[Any]],
    ) -> NDArray[np.float64]:
        """What each word adds to ``sum_f filter_weights_f (a_f - b_f)``, float64 ``[N]``.

        ``a_f`` is the value of filter f at its winning region, before ReLU.
        """
        vectors = self.vectors(token_ids)
        shares = np.zeros(len(vectors), np.float64)
        for tokens, rows in self.winning_rows(positions, len(vectors), filter_weights):
            np.add.at(shares, tokens, np.einsum("me,me->m", vectors[tokens], rows))
        return shares

    def winning_products(
        self, positions: NDArray[np.int64], token_ids: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """What each word of a filter's winning region adds to its value before the ReLU.

        Args:
            positions: int64 ``[K]``, where each filter's winning region starts.
            token_ids: int32 ``[N]``.

        Returns:
            ``x[p + j] . W[j, :, f]``, float64 ``[K, w]`` with the largest width w; 0 from a
            filter's own width on, and after the end of the text.
        """
        vectors = self.vectors(token_ids).astype(np.float64)
        products = np.zeros((len(self.widths), self.filters, max(self.widths)), np.float64)
        starts = positions.reshape(products.shape[:2])
        for number, (width, kernel) in enumerate(zip(self.widths, self.kernels, strict=True)):
            for offset in range(width):
                inside = np.flatnonzero(starts[number] + offset < len(vectors))
                words = vectors[starts[number, inside] + offset]
                products[number, inside, offset] = np.einsum(
                    "me,em->m", words, kernel[offset][:, inside]
                )
        return products.reshape(len(positions), -1)

    def winning_gains(
        self, positions: NDArray[np.int64], token_ids: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """``a_f - b_f`` of every filter at its winning region, float64 ``[K]``; any sign."""
        gains: NDArray[np.float64] = self.winning_products(positions, token_ids).sum(axis=1)
        return gains

    def read(self, token_ids: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Read a text of token ids, int32 ``[N]``.

        Returns:
            Each filter's largest value, at least 0, float32 ``[K]``, and the token where its region
            starts, int64 ``[K]``.
        """
        words = len(token_ids)
        pooled = np.zeros((len(self.widths), self.filters), np.float32)
        positions = np.zeros(pooled.shape, np.int64)
        biases = self.biases.reshape(pooled.shape)
        for number, (width, kernel) in enumerate(zip(self.widths, self.kernels, strict=True)):
            vectors = np.zeros((max(words, width), kernel.shape[1]), np.float32)
            vectors[:words] = self.vectors(token_ids)
            regions = len(vectors) - width + 1
            values = sum(
                (vectors[j : j + regions] @ kernel[j] for j in range(1, width)),
                vectors[:regions] @ kernel[0],
            )
            positions[number] = values.argmax(axis=0)
            pooled[number] = np.maximum(values.max(axis=0) + biases[number], 0)
        return pooled.ravel(), positions.ravel()

    def randomized(self, seed: int) -> "KimCnnNetwork":
        """The same network with weights drawn anew, the word vectors kept.

        Each array is drawn from a normal distribution of its own mean and spread. After Adebayo et
        al. (2018), "Sanity Checks for Saliency Maps".
        """
        rng = np.random.default_rng(seed)

        def drawn(array: NDArray[np.float32]) -> NDArray[np.float32]:
            return rng.normal(array.mean(), array.std(), array.shape).astype(np.float32)

        return replace(
            self,
            kernels=tuple(drawn(kernel) for kernel in self.kernels),
            biases=drawn(self.biases),
            output_weights=both_columns(drawn(self.output_weights[:, self._first :])),
        )

    @property
    def _first(self) -> int:
        """The first column of the output that is no constant zero."""
        return int(self.output_weights.shape[1] == 2)

    def logits_of(self, pooled: NDArray[np.float32]) -> NDArray[np.float32]:
        """The logits, float32 ``[C]``, that follow from the filters' values, float32 ``[K]``."""
        products = pooled.astype(np.float64) @ self.output_weights
        return np.asarray(products + self.output_bias, np.float32)
