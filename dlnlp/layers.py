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
    position: in text most words repeat. Both directions advance in one loop of T steps.

    Args:
        units: h, the size of the state of one direction.

    Call arguments:
        inputs: float ``[U, D]``, distinct input vectors.
        index: int ``[R, T]``, which of them stands at each position.
        segment_ids: int ``[R, T]``, see the module.

    Output shape:
        ``[R, T, 2h]``: forward states, then backward states.
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
        """Run both directions over all rows at once."""
        same = ops.cast(ops.equal(segment_ids[:, 1:], segment_ids[:, :-1]), inputs.dtype)
        first = ops.zeros_like(same[:, :1])
        goes_on = ops.concatenate([first, same], axis=1)  # [R, T] 0 where a sequence starts
        comes_on = ops.concatenate([same, first], axis=1)  # [R, T] 0 where a sequence ends
        forward, backward = (
            ops.take(ops.matmul(inputs, self.kernel[d]) + self.bias[d, 0], ids, axis=0)
            for d, ids in enumerate((ops.transpose(index), ops.flip(ops.transpose(index), axis=0)))
        )  # [T, R, 3h] in the order in which each direction reads

        def step(states: tuple[Any, Any], now: tuple[Any, ...]) -> tuple[Any, Any]:
            (left, right), (x, carried, y, brought) = states, now
            left = self._step(x, left * carried, 0)
            right = self._step(y, right * brought, 1)
            return (left, right), (left, right)

        start = ops.zeros_like(forward[0, :, : self.units])
        carried = ops.transpose(goes_on)[:, :, None]
        brought = ops.flip(ops.transpose(comes_on), axis=0)[:, :, None]
        _, (left, right) = ops.scan(step, (start, start), (forward, carried, backward, brought))
        states = ops.concatenate([left, ops.flip(right, axis=0)], axis=-1)
        return ops.transpose(states, (1, 0, 2))

    def _step(self, x: Any, state: Any, direction: int) -> Any:
        h = self.units
        inner = ops.matmul(state, self.recurrent_kernel[direction]) + self.bias[direction, 1]
        gates = ops.sigmoid(x[:, : 2 * h] + inner[:, : 2 * h])
        update, reset = gates[:, :h], gates[:, h:]
        candidate = ops.tanh(x[:, 2 * h :] + reset * inner[:, 2 * h :])
        return update * state + (1 - update) * candidate

    def get_config(self) -> dict[str, Any]:
        """Constructor arguments."""
        return {**super().get_config(), "units": self.units}


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
        weights = raised / ops.maximum(ops.take(total, segments, axis=0), 1e-30)
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
