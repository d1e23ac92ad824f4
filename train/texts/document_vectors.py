"""Document vectors: DV-ngrams-cosine (Thongtan & Phienthrakul 2019), in JAX.

A text and each of its n-grams of words have a vector of length one. Training turns the vector of a
text towards those of its n-grams, and away from n-grams drawn at random (negative sampling): the
cosine, times :data:`SHARPNESS`, is the log odds that the n-gram stands in the text. No label is
read.

The published code walks one pair at a time: plain gradient descent on vectors of any length under
a cosine. The length then grows with every step, so that each step turns a vector less, by an angle
that depends on all gradients so far and not on the learning rate. That is Adagrad with one rate a
row (Duchi et al. 2011), which is done here, with many texts a step that share their negatives.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from train.progress import ProgressBar

SHARPNESS = 6.0  # factor on the cosine
NEGATIVES = 5.0  # for each n-gram of a text
DRAWN = 4_096  # n-grams that a batch takes for its negatives
TEXTS = 192  # of a batch
PAIRS = 16_384  # of a text and one of its n-grams, in a batch
TURNS = 2  # of the texts' vectors for one of the n-grams'
RATE = 2**-0.5
WIDEST_TURN = 0.5
# Sum of squared gradients that every vector begins with: else its first turn is the widest.
FIRST_SQUARES = 3.0


@dataclass(frozen=True, eq=False)
class _Batch:
    """What one step reads.

    Attributes:
        texts: int32 ``[B]``; unused places name a text that is none.
        counts: pairs of each text, float32 ``[B]``.
        places: of the text of each pair in the batch, int32 ``[P]``, rising.
        real: 1, or 0 for a pair that is none, float32 ``[P]``.
        distinct: n-grams of the pairs, int32 ``[P]``; unused places are out of range.
        index: of each pair's n-gram among those, int32 ``[P]``.
        negatives: int32 ``[K]``, distinct.
    """

    texts: NDArray[np.int32]
    counts: NDArray[np.float32]
    places: NDArray[np.int32]
    real: NDArray[np.float32]
    distinct: NDArray[np.int32]
    index: NDArray[np.int32]
    negatives: NDArray[np.int32]


def document_vectors(
    grams: Any, *, size: int = 500, epochs: int = 4, seed: int = 1
) -> NDArray[np.float32]:
    """Learn a vector for each text.

    Args:
        grams: sparse CSR matrix of texts by n-grams ``[n, F]``; which entries are there counts,
            their values do not.
        size: length of a vector.
        epochs: passes over the texts.
        seed: of first vectors, order and negatives.

    Returns:
        float32 ``[n, size]``, rows of length one.
    """
    texts, known = grams.shape
    rng = np.random.default_rng(seed)
    state = tuple(
        jnp.asarray(_unit(rng.standard_normal((rows, size), np.float32)))
        for rows in (texts + 1, known)  # the last text is none
    ) + (jnp.full(texts + 1, FIRST_SQUARES), jnp.full(known, FIRST_SQUARES))
    frequency = np.bincount(grams.indices, minlength=known) ** 0.75
    cumulative = np.cumsum(frequency) / frequency.sum()
    with ProgressBar(total=epochs * texts, desc="document vectors", unit=" texts") as bar:
        for _ in range(epochs):
            for batch in _batches(grams, cumulative, rng):
                state = _step(*state, **vars(batch))
                bar.update(int(np.count_nonzero(batch.counts)))
    return np.array(state[0][:-1])


def _unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _batches(
    grams: Any, cumulative: NDArray[np.float64], rng: np.random.Generator
) -> Iterator[_Batch]:
    """All texts in a new order; of a very long one the first PAIRS n-grams."""
    texts, known = grams.shape
    starts = grams.indptr
    lengths = np.minimum(np.diff(starts), PAIRS)
    order = rng.permutation(texts).astype(np.int32)
    ends = np.cumsum(lengths[order])
    first = 0
    while first < texts:
        done = ends[first - 1] if first else 0
        fitting = int(np.searchsorted(ends, done + PAIRS, side="right"))
        members = order[first : min(first + TEXTS, fitting)]
        first += len(members)
        own = [grams.indices[starts[i] : starts[i] + lengths[i]] for i in members]
        distinct, index = np.unique(np.concatenate(own), return_inverse=True)
        counts = lengths[members]
        yield _Batch(
            _filled(members, TEXTS, texts),
            _filled(counts.astype(np.float32), TEXTS, 0),
            _filled(np.repeat(np.arange(len(members), dtype=np.int32), counts), PAIRS, TEXTS - 1),
            _filled(np.ones(len(index), np.float32), PAIRS, 0),
            _filled(distinct.astype(np.int32), PAIRS, known),
            _filled(index.astype(np.int32), PAIRS, PAIRS - 1),
            _negatives(cumulative, rng),
        )


def _filled(values: Any, length: int, rest: float) -> Any:
    """`values` in an array of one length for all batches, which so need one compilation."""
    result = np.full(length, rest, values.dtype)
    result[: len(values)] = values
    return result


def _negatives(cumulative: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int32]:
    """Distinct n-grams, frequent ones more often."""
    size = min(DRAWN, len(cumulative))
    found: NDArray[Any] = np.zeros(0, np.int64)
    while len(found) < size:
        drawn = np.searchsorted(cumulative, rng.random(2 * size), side="right")
        found = np.union1d(found, np.minimum(drawn, len(cumulative) - 1))
        if len(found) > 0.5 * len(cumulative):  # few n-grams in all: any will do
            found = np.arange(len(cumulative))
    return rng.permutation(found)[:size].astype(np.int32)


def _turned(rows: Any, gradient: Any, squares: Any, share: float) -> Any:
    """Rows of length one, turned against their gradient."""
    step = RATE * share * gradient / jnp.sqrt(squares)[:, None]
    length = jnp.linalg.norm(step, axis=1, keepdims=True)
    rows = rows - step / jnp.maximum(1.0, length / WIDEST_TURN)
    return rows / jnp.linalg.norm(rows, axis=1, keepdims=True)


def _along(gradient: Any, rows: Any) -> Any:
    """The part of a gradient that turns a row and does not lengthen it."""
    return gradient - jnp.sum(gradient * rows, axis=1, keepdims=True) * rows


@partial(jax.jit, donate_argnums=(0, 1, 2, 3))
def _step(
    text_rows: Any,
    gram_rows: Any,
    text_squares: Any,
    gram_squares: Any,
    texts: Any,
    counts: Any,
    places: Any,
    real: Any,
    distinct: Any,
    index: Any,
    negatives: Any,
) -> tuple[Any, Any, Any, Any]:
    """One batch: the texts turn TURNS times, then their n-grams once, then the negatives."""
    weight = (counts * (NEGATIVES / len(negatives)))[:, None]
    away, own = gram_rows[negatives], gram_rows[distinct]
    of_pairs = own[index]

    def sums(values: Any) -> Any:
        return jax.ops.segment_sum(values, places, len(texts), indices_are_sorted=True)

    def forces(rows: Any) -> tuple[Any, ...]:
        """Cosines, and derivatives of the loss by them: of pairs ``[P]``, negatives ``[B, K]``."""
        close = jnp.sum(rows[places] * of_pairs, axis=1)
        far = rows @ away.T
        pull = SHARPNESS * (jax.nn.sigmoid(SHARPNESS * close) - 1) * real
        push = SHARPNESS * jax.nn.sigmoid(SHARPNESS * far) * weight
        # Squares of single gradients, as if pairs and negatives came one at a time.
        pulls = pull**2 * (1 - close**2)
        pushes = push**2 * (1 - far**2)
        return pull, push, pulls, pushes

    rows, squares = text_rows[texts], text_squares[texts]
    single = jnp.maximum(weight[:, 0], 1e-9)
    for _ in range(TURNS):
        pull, push, pulls, pushes = forces(rows)
        squares = squares + (sums(pulls) + jnp.sum(pushes, axis=1) / single) / TURNS
        gradient = sums(pull[:, None] * of_pairs) + push @ away
        rows = _turned(rows, _along(gradient, rows), squares, 1 / TURNS)
    pull, push, pulls, pushes = forces(rows)

    def grams(values: Any) -> Any:
        return jax.ops.segment_sum(values, index, len(distinct))

    gram_squares = gram_squares.at[distinct].add(grams(pulls))
    gradient = grams(pull[:, None] * rows[places])
    turned = _turned(own, _along(gradient, own), gram_squares[distinct], 1)
    gram_rows = gram_rows.at[distinct].set(turned)  # what is out of range is left out
    away = gram_rows[negatives]
    one = jnp.maximum(weight, 1e-9)
    gram_squares = gram_squares.at[negatives].add(jnp.sum(pushes / one, axis=0))
    turned = _turned(away, _along(push.T @ rows, away), gram_squares[negatives], 1)
    gram_rows = gram_rows.at[negatives].set(turned)
    return (
        text_rows.at[texts].set(rows),
        gram_rows,
        text_squares.at[texts].set(squares),
        gram_squares,
    )
