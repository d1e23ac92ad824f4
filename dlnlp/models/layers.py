"""What Keras lacks for packed text: a GRU that restarts inside a row, attention over segments.

**Packed rows.** Sequences of many lengths lie end to end in rows of a fixed length T, so that
next to nothing is padding and there is one shape to compile: ::

    row 0   the  food  was  cold  | never again  | ...        segment   0 0 0 0 1 1 2 2 2
    row 1   we   came  for  lunch | .   .   .                  segment   3 3 3 3 N N N

``segment_ids`` ``[R, T]`` numbers the sequence that each position belongs to; N (one past the
last) marks padding. A sequence never crosses the end of a row. Both layers below work on such
rows; one sequence a row is the usual padded batch.
"""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("dlnlp")
class PackedBidirectionalGRU(keras.layers.Layer):
    """Bidirectional GRU over packed rows; the state restarts where a sequence starts.

    Cho et al. 2014, in the form of cuDNN and of ``keras.layers.GRU(reset_after=True)``: ::

        z = sigmoid(x Wz + h Uz + b)      r = sigmoid(x Wr + h Ur + b)
        c = tanh(x Wc + b + r * (h Uc + b'))
        h' = z * h + (1 - z) * c

    The input projection is done once for each distinct input vector (``inputs``), not once a
    position: in text most words repeat.

    Args:
        units: h, the size of the state of one direction.

    Call arguments:
        inputs: float ``[U, D]``, distinct input vectors.
        index: int ``[R, T]``, which of them stands at each position.
        segment_ids: int ``[R, T]``, see the module.

    Output shape:
        ``[R, T, 2h]``: forward states, then backward states.

    Example:
        >>> import numpy as np
        >>> vectors = np.eye(2, 3)  # two distinct words
        >>> index, segment_ids = np.array([[0, 1, 0, 1]]), np.array([[0, 0, 1, 1]])
        >>> states = ops.convert_to_numpy(PackedBidirectionalGRU(4)(vectors, index, segment_ids))
        >>> states.shape
        (1, 4, 8)
        >>> bool(np.allclose(states[0, :2], states[0, 2:]))  # equal sequences, equal states
        True
    """

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        if units < 1:
            raise ValueError(f"units={units} must be at least 1")
        self.units = units

    def build(self, inputs_shape: tuple[int | None, ...], *_: Any) -> None:
        """Create kernel [2, D, 3h], recurrent_kernel [2, h, 3h], bias [2, 2, 3h]."""
        d, h = int(inputs_shape[-1] or 0), self.units
        glorot = keras.initializers.GlorotUniform
        orthogonal = keras.initializers.Orthogonal

        def both(initializer: Any) -> Any:
            # Each direction is initialized as a matrix of its own.
            return lambda shape, dtype=None: ops.stack(
                [initializer()(shape[1:], dtype), initializer()(shape[1:], dtype)]
            )

        self.kernel = self.add_weight(name="kernel", shape=(2, d, 3 * h), initializer=both(glorot))
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel", shape=(2, h, 3 * h), initializer=both(orthogonal)
        )
        self.bias = self.add_weight(name="bias", shape=(2, 2, 3 * h), initializer="zeros")
        self.built = True

    def call(self, inputs: Any, index: Any, segment_ids: Any) -> Any:
        """Run each direction over all rows at once."""
        same = ops.cast(ops.equal(segment_ids[:, 1:], segment_ids[:, :-1]), inputs.dtype)
        first = ops.zeros_like(same[:, :1])
        left = self._run(0, inputs, index, ops.concatenate([first, same], axis=1))
        right = self._run(1, inputs, index, ops.concatenate([same, first], axis=1))
        return ops.transpose(ops.concatenate([left, right], axis=-1), (1, 0, 2))

    def _run(self, direction: int, inputs: Any, index: Any, goes_on: Any) -> Any:
        """States ``[T, R, h]``; ``goes_on`` ``[R, T]`` is 0 where the state starts anew."""
        h = self.units
        projected = ops.matmul(inputs, self.kernel[direction]) + self.bias[direction, 0]
        # A gate an array: slices of one wide array would cost more than the products.
        update, reset, candidate = (
            ops.take(projected[:, first : first + h], ops.transpose(index), axis=0)
            for first in (0, h, 2 * h)
        )
        return _recurrence(
            update,
            reset,
            candidate,
            ops.transpose(ops.reshape(self.recurrent_kernel[direction], (h, 3, h)), (1, 0, 2)),
            ops.reshape(self.bias[direction, 1], (3, h)),
            ops.transpose(goes_on)[:, :, None],
            backwards=direction == 1,
        )

    def get_config(self) -> dict[str, Any]:
        """Constructor arguments."""
        return {**super().get_config(), "units": self.units}


def _recurrence(
    update_inputs: Any,
    reset_inputs: Any,
    candidate_inputs: Any,
    kernel: Any,
    bias: Any,
    goes_on: Any,
    *,
    backwards: bool,
) -> Any:
    """States ``[T, R, h]`` of one direction of a GRU.

    Its gradient is written out. The one that is derived from the loop keeps eight times as much
    and takes longer, and TensorFlow cannot derive it under XLA. Gates are computed again on the
    way back: a product costs less than memory.

    Args:
        update_inputs: ``x Wz + b``, ``[T, R, h]``.
        reset_inputs: the same of the reset gate.
        candidate_inputs: the same of the candidate.
        kernel: Uz, Ur, Uc, ``[3, h, h]``.
        bias: b' of each, ``[3, h]``.
        goes_on: ``[T, R, 1]``, 0 where the state starts anew.
        backwards: whether to read the last position first.
    """

    def run(xz: Any, xr: Any, xc: Any, kernel: Any, bias: Any) -> tuple[Any, Any]:
        def gates(state: Any, xz: Any, xr: Any, xc: Any) -> tuple[Any, ...]:
            z = ops.sigmoid(xz + ops.matmul(state, kernel[0]) + bias[0])
            r = ops.sigmoid(xr + ops.matmul(state, kernel[1]) + bias[1])
            inner = ops.matmul(state, kernel[2]) + bias[2]
            return z, r, ops.tanh(xc + r * inner), inner

        def step(state: Any, now: tuple[Any, ...]) -> tuple[Any, Any]:
            *inputs, goes_on = now
            state = state * goes_on
            z, _, c, _ = gates(state, *inputs)
            state = c + z * (state - c)
            return state, state

        start = ops.zeros_like(xz[0])
        _, states = ops.scan(step, start, (xz, xr, xc, goes_on), reverse=backwards)

        def gradient(*arguments: Any, upstream: Any = None) -> tuple[Any, ...]:
            upstream = arguments[0] if upstream is None else upstream
            ends = (states[1:], start[None]) if backwards else (start[None], states[:-1])
            before = ops.concatenate(ends, axis=0) * goes_on

            def back(carry: tuple[Any, ...], now: tuple[Any, ...]) -> tuple[Any, Any]:
                above, goes_on, state, *inputs = now
                z, r, c, inner = gates(state, *inputs)
                d_new = carry[0] + above
                d_z = d_new * (state - c) * z * (1 - z)
                d_c = d_new * (1 - z) * (1 - c * c)
                d_r = d_c * inner * r * (1 - r)
                d_inner = d_c * r
                d_state = d_new * z
                for d_gate, matrix in zip((d_z, d_r, d_inner), kernel_rows, strict=True):
                    d_state = d_state + ops.matmul(d_gate, matrix)
                # TensorFlow wants as many arrays carried as put out.
                return (d_state * goes_on, d_z, d_r, d_c), (d_z, d_r, d_c, d_inner)

            kernel_rows = [ops.transpose(kernel[gate]) for gate in range(3)]
            nothing = (ops.zeros_like(start),) * 4
            _, (*d_inputs, d_inner) = ops.scan(
                back, nothing, (upstream, goes_on, before, xz, xr, xc), reverse=not backwards
            )
            h = kernel.shape[1]
            d_gates = [ops.reshape(d, (-1, h)) for d in (*d_inputs[:2], d_inner)]
            columns = ops.transpose(ops.reshape(before, (-1, h)))
            d_kernel = ops.stack([ops.matmul(columns, d) for d in d_gates])
            return *d_inputs, d_kernel, ops.stack([ops.sum(d, axis=0) for d in d_gates])

        return states, gradient

    return ops.custom_gradient(run)(update_inputs, reset_inputs, candidate_inputs, kernel, bias)


@keras.saving.register_keras_serializable("dlnlp")
class AttentionPooling(keras.layers.Layer):
    """Attention with a context vector (Yang et al. 2016, equations 5 to 7), over segments.

    ``score_t = context . tanh(W u_t + b)``; ``a = softmax(score)`` over the positions of each
    segment; ``v = sum_t a_t u_t``. Positions of padding get weight 0 exactly, and a segment
    without a position gives zeros.

    Args:
        attention_dim: A, the size of the projection.

    Call arguments:
        inputs: float ``[R, T, D]``.
        segment_ids: int ``[R, T]``, values 0 .. num_segments; the last marks padding.
        num_segments: N, a Python integer.

    Returns:
        pooled ``[N, D]``, weights ``[R, T]``, scores ``[R, T]`` (before the softmax).

    Example:
        >>> import numpy as np
        >>> segment_ids = np.array([[0, 0, 1, 2]])  # two sequences, then padding
        >>> pooled, weights, scores = AttentionPooling(5)(
        ...     np.ones((1, 4, 3)), segment_ids, num_segments=2
        ... )
        >>> ops.convert_to_numpy(weights).round(3).tolist()  # equal inputs, equal weights
        [[0.5, 0.5, 1.0, 0.0]]
        >>> ops.convert_to_numpy(pooled).round(3).tolist()
        [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """

    def __init__(self, attention_dim: int, **options: Any) -> None:
        super().__init__(**options)
        if attention_dim < 1:
            raise ValueError(f"attention_dim={attention_dim} must be at least 1")
        self.attention_dim = attention_dim

    def build(self, inputs_shape: tuple[int | None, ...], *_: Any, **__: Any) -> None:
        """Create kernel [D, A], bias [A] and context [A]."""
        d, a = int(inputs_shape[-1] or 0), self.attention_dim
        self.kernel = self.add_weight(name="kernel", shape=(d, a), initializer="glorot_uniform")
        self.bias = self.add_weight(name="bias", shape=(a,), initializer="zeros")
        self.context = self.add_weight(
            name="context", shape=(a,), initializer=keras.initializers.RandomNormal(stddev=0.1)
        )
        self.built = True

    def call(self, inputs: Any, segment_ids: Any, num_segments: int) -> tuple[Any, Any, Any]:
        """Pool each segment."""
        rows, steps, depth = ops.shape(inputs)  # rows may be unknown while TensorFlow traces
        flat = ops.reshape(inputs, (-1, depth))
        segments = ops.reshape(segment_ids, (-1,))
        hidden = ops.tanh(ops.matmul(flat, self.kernel) + self.bias)
        scores = ops.matmul(hidden, self.context[:, None])[:, 0]
        # A constant a segment cancels in the softmax: no gradient needs to pass through it.
        highest = ops.stop_gradient(
            ops.segment_max(scores, segments, num_segments=num_segments + 1)
        )
        real = ops.cast(segments < num_segments, inputs.dtype)
        raised = ops.exp(scores - ops.take(highest, segments, axis=0)) * real
        total = ops.segment_sum(raised, segments, num_segments=num_segments + 1)
        # Padding sums to 0; another tiny divisor would overflow in the gradient, to 0 * inf.
        total = ops.where(total > 0, total, 1.0)
        weights = raised / ops.take(total, segments, axis=0)
        pooled = ops.segment_sum(flat * weights[:, None], segments, num_segments=num_segments + 1)[
            :num_segments
        ]
        return (
            pooled,
            ops.reshape(weights, (rows, steps)),
            ops.reshape(scores, (rows, steps)),
        )

    def get_config(self) -> dict[str, Any]:
        """Constructor arguments."""
        return {**super().get_config(), "attention_dim": self.attention_dim}
