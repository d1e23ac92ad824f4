"""The two layers on packed rows, against Keras' own GRU and NumPy one sequence at a time."""

import keras
import numpy as np
import pytest

from dlnlp.models.layers import AttentionPooling, PackedBidirectionalGRU
from tests.reference_han import _gru, random_han_weights

# Rows of 6: sequences 0 to 4 of 4, 2, 6, 1 and 3 positions; 5 marks padding.
SEGMENTS = np.array([[0, 0, 0, 0, 1, 1], [2, 2, 2, 2, 2, 2], [3, 4, 4, 4, 5, 5]], np.int32)
SEQUENCES = 5
UNITS, DEPTH = 3, 5
WEIGHTS = random_han_weights(seed=8, embedding_dim=DEPTH, units=UNITS)
GRU_WEIGHTS = [WEIGHTS[f"word_gru.{name}"] for name in ("kernel", "recurrent_kernel", "bias")]
ATTENTION = [WEIGHTS[f"word_attention.{name}"] for name in ("kernel", "bias", "context")]


class Compiled(keras.Model):
    """A layer as one compiled call of its arguments by name."""

    def __init__(self, layer: keras.layers.Layer, **fixed: int) -> None:
        super().__init__()
        self.layer, self.fixed = layer, fixed
        self.built = True
        self.compile(jit_compile="auto" if keras.backend.backend() == "jax" else False)

    def call(self, arguments):
        return self.layer(**arguments, **self.fixed)


@pytest.fixture(scope="module")
def gru() -> Compiled:
    layer = PackedBidirectionalGRU(UNITS)
    layer.build((None, DEPTH))
    layer.set_weights(GRU_WEIGHTS)
    return Compiled(layer)


@pytest.fixture(scope="module")
def pooling() -> Compiled:
    layer = AttentionPooling(4)
    layer.build((None, None, 2 * UNITS))
    layer.set_weights(ATTENTION)
    return Compiled(layer, num_segments=SEQUENCES + 1)  # the last one is empty


def run_gru(gru: Compiled, inputs: np.ndarray, index: np.ndarray, segments=SEGMENTS) -> np.ndarray:
    arguments = {"inputs": inputs, "index": index.astype(np.int32), "segment_ids": segments}
    return gru.predict_on_batch(arguments)


def test_states_restart_where_a_sequence_starts_and_ends(gru: Compiled) -> None:
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((7, DEPTH)).astype(np.float32)
    index = rng.integers(0, 7, SEGMENTS.shape)
    states = run_gru(gru, inputs, index)
    assert states.shape == (3, 6, 2 * UNITS)
    weights = {name: array.astype(np.float64) for name, array in WEIGHTS.items()}
    for sequence in range(SEQUENCES):
        words = inputs[index[sequence == SEGMENTS]].astype(np.float64)
        forward = _gru(weights, "word", 0, words)
        backward = _gru(weights, "word", 1, words[::-1])[::-1]
        np.testing.assert_allclose(
            states[sequence == SEGMENTS], np.concatenate([forward, backward], axis=1), atol=1e-5
        )


def test_one_sequence_a_row_is_keras_bidirectional_gru(gru: Compiled) -> None:
    rng = np.random.default_rng(1)
    inputs = rng.standard_normal((18, DEPTH)).astype(np.float32)
    index = np.arange(18).reshape(3, 6)
    whole_rows = np.repeat(np.arange(3, dtype=np.int32)[:, None], 6, axis=1)
    theirs = keras.layers.Bidirectional(
        keras.layers.GRU(UNITS, reset_after=True, return_sequences=True, use_cudnn=False)
    )
    theirs.build((3, 6, DEPTH))
    theirs.set_weights([array[direction] for direction in (0, 1) for array in GRU_WEIGHTS])
    np.testing.assert_allclose(
        run_gru(gru, inputs, index, whole_rows),
        Compiled(theirs).predict_on_batch({"sequences": inputs.reshape(3, 6, DEPTH)}),
        atol=1e-5,
    )


def test_each_direction_is_initialized_as_a_matrix_of_its_own() -> None:
    layer = PackedBidirectionalGRU(16)
    layer.build((None, 8))
    kernel, recurrent, bias = layer.get_weights()
    assert (kernel.shape, recurrent.shape, bias.shape) == ((2, 8, 48), (2, 16, 48), (2, 2, 48))
    limit = np.sqrt(6 / (8 + 48))  # Glorot's, of one matrix
    assert 0.9 * limit < np.abs(kernel).max() <= limit
    assert np.abs(kernel[0] - kernel[1]).max() > 0.1
    for direction in (0, 1):
        product = recurrent[direction] @ recurrent[direction].T
        np.testing.assert_allclose(product, np.eye(16), atol=1e-5)
    assert not bias.any()


def pool(pooling: Compiled, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return pooling.predict_on_batch({"inputs": inputs, "segment_ids": SEGMENTS})


def states_of(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((3, 6, 2 * UNITS)).astype(np.float32)


def test_pooling_is_the_softmax_of_scores_within_each_segment(pooling: Compiled) -> None:
    inputs = states_of(2)
    pooled, weights, scores = pool(pooling, inputs)
    kernel, bias, context = (array.astype(np.float64) for array in ATTENTION)
    expected = np.tanh(inputs.astype(np.float64) @ kernel + bias) @ context
    np.testing.assert_allclose(scores, expected, atol=1e-5)
    assert pooled.shape == (SEQUENCES + 1, 2 * UNITS)
    for sequence in range(SEQUENCES):
        mine = sequence == SEGMENTS
        exponentials = np.exp(expected[mine])
        np.testing.assert_allclose(weights[mine], exponentials / exponentials.sum(), atol=1e-6)
        np.testing.assert_allclose(pooled[sequence], weights[mine] @ inputs[mine], atol=1e-5)
        assert weights[mine].sum() == pytest.approx(1, abs=1e-6)


def test_padding_gets_nothing_and_an_empty_segment_is_zero() -> None:
    # Segment 5 is padding here, segment 1 does not occur.
    layer = AttentionPooling(4)
    layer.build((None, None, 2 * UNITS))
    layer.set_weights(ATTENTION)
    segments = np.where(SEGMENTS == 1, SEQUENCES, SEGMENTS)
    compiled = Compiled(layer, num_segments=SEQUENCES)
    inputs = states_of(3)
    pooled, weights, _ = compiled.predict_on_batch({"inputs": inputs, "segment_ids": segments})
    assert weights[segments == SEQUENCES].tolist() == [0.0] * 4
    assert pooled[1].tolist() == [0.0] * 6
    assert np.isfinite(pooled).all()
    # What stands at padding is not read, however large.
    louder = np.where((segments == SEQUENCES)[..., None], np.float32(1e6), inputs)
    again = compiled.predict_on_batch({"inputs": louder, "segment_ids": segments})
    np.testing.assert_array_equal(again[0], pooled)
    np.testing.assert_array_equal(again[1], weights)
    nothing = compiled.predict_on_batch(
        {"inputs": inputs, "segment_ids": np.full_like(segments, SEQUENCES)}
    )
    assert not nothing[0].any()
    assert not nothing[1].any()


@pytest.mark.parametrize("sign", [1, -1])
def test_huge_scores_stay_finite(pooling: Compiled, sign: int) -> None:
    pooling.layer.set_weights([*ATTENTION[:2], np.float32(sign * 1e4) * ATTENTION[2]])
    try:
        pooled, weights, scores = pool(pooling, states_of(4))
    finally:
        pooling.layer.set_weights(ATTENTION)
    assert np.abs(scores).max() > 5_000
    assert np.isfinite(pooled).all()
    for sequence in range(SEQUENCES):
        assert weights[sequence == SEGMENTS].sum() == pytest.approx(1, abs=1e-6)


class Trained(keras.Model):
    """Both layers behind each other, on a trainable input."""

    def __init__(self) -> None:
        super().__init__()
        self.vectors = self.add_weight(name="vectors", shape=(7, DEPTH), initializer="ones")
        self.gru = PackedBidirectionalGRU(UNITS)
        self.gru.build((None, DEPTH))
        self.pooling = AttentionPooling(4)
        self.pooling.build((None, None, 2 * UNITS))
        self.built = True

    def call(self, batch):
        states = self.gru(self.vectors * 1.0, batch["index"], batch["segment_ids"])
        return self.pooling(states, batch["segment_ids"], num_segments=SEQUENCES)[0]


def test_gradients_are_finite_with_padding_empty_segments_and_huge_scores() -> None:
    model = Trained()
    rng = np.random.default_rng(5)
    model.vectors.assign(rng.standard_normal((7, DEPTH)))
    model.gru.set_weights(GRU_WEIGHTS)
    model.pooling.set_weights(ATTENTION)
    jit = "auto" if keras.backend.backend() == "jax" else False
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", jit_compile=jit)
    segments = np.where(SEGMENTS == 1, SEQUENCES, SEGMENTS)
    index = rng.integers(0, 7, SEGMENTS.shape).astype(np.int32)
    targets = rng.standard_normal((SEQUENCES, 2 * UNITS)).astype(np.float32)
    batch = {"index": index, "segment_ids": segments}
    before = [keras.ops.convert_to_numpy(v).copy() for v in model.trainable_variables]
    losses = [float(model.train_on_batch(batch, targets)) for _ in range(5)]
    assert losses == sorted(losses, reverse=True)
    for variable, old in zip(model.trainable_variables, before, strict=True):
        new = keras.ops.convert_to_numpy(variable)
        assert np.isfinite(new).all(), variable.path
        assert not np.array_equal(new, old), variable.path
    context = model.pooling.context
    context.assign(keras.ops.convert_to_numpy(context) * 1e4)
    assert np.isfinite(model.train_on_batch(batch, targets))
    for variable in model.trainable_variables:
        assert np.isfinite(keras.ops.convert_to_numpy(variable)).all(), variable.path


def test_layers_are_rebuilt_from_their_configuration() -> None:
    gru = PackedBidirectionalGRU.from_config(PackedBidirectionalGRU(7, name="a").get_config())
    assert (gru.units, gru.name) == (7, "a")
    pooling = AttentionPooling.from_config(AttentionPooling(9, name="b").get_config())
    assert (pooling.attention_dim, pooling.name) == (9, "b")


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="units=0 must be at least 1"):
        PackedBidirectionalGRU(0)
    with pytest.raises(ValueError, match="attention_dim=-1 must be at least 1"):
        AttentionPooling(-1)


class Weighed(keras.Model):
    """The sum of a recurrent network's states times given factors, to be made small."""

    def __init__(self, layer: keras.layers.Layer) -> None:
        super().__init__()
        self.layer = layer
        self.built = True
        self.compile(
            optimizer=keras.optimizers.SGD(1.0),
            loss=lambda target, value: value,
            jit_compile="auto" if keras.backend.backend() == "jax" else False,
        )

    def call(self, arguments):
        named = {name: value for name, value in arguments.items() if name != "factors"}
        return keras.ops.sum(self.layer(**named) * arguments["factors"])[None]


def test_the_written_gradient_is_that_of_keras_gru_one_sequence_at_a_time() -> None:
    rng = np.random.default_rng(5)
    inputs = rng.standard_normal((7, DEPTH)).astype(np.float32)
    index = rng.integers(0, 7, SEGMENTS.shape).astype(np.int32)
    factors = rng.standard_normal((*SEGMENTS.shape, 2 * UNITS)).astype(np.float32)
    factors[SEGMENTS == SEQUENCES] = 0
    packed = PackedBidirectionalGRU(UNITS)
    packed.build((None, DEPTH))
    packed.set_weights(GRU_WEIGHTS)
    arguments = {"inputs": inputs, "index": index, "segment_ids": SEGMENTS, "factors": factors}
    Weighed(packed).train_on_batch(arguments, np.zeros(1))

    theirs = keras.layers.Bidirectional(
        keras.layers.GRU(UNITS, reset_after=True, return_sequences=True, use_cudnn=False)
    )
    theirs.build((SEQUENCES, 6, DEPTH))
    theirs.set_weights([array[direction] for direction in (0, 1) for array in GRU_WEIGHTS])
    rows = np.zeros((SEQUENCES, 6, DEPTH), np.float32)
    row_factors = np.zeros((SEQUENCES, 6, 2 * UNITS), np.float32)
    present = np.zeros((SEQUENCES, 6), bool)
    for sequence in range(SEQUENCES):
        mine = sequence == SEGMENTS
        rows[sequence, : mine.sum()] = inputs[index[mine]]
        row_factors[sequence, : mine.sum()] = factors[mine]
        present[sequence, : mine.sum()] = True
    Weighed(theirs).train_on_batch(
        {"sequences": rows, "mask": present, "factors": row_factors}, np.zeros(1)
    )
    moved = [np.asarray(array) for array in packed.get_weights()]
    for place, (before, after) in enumerate(zip(GRU_WEIGHTS, moved, strict=True)):
        assert np.abs(after - before).max() > 0.1
        expected = np.stack([theirs.get_weights()[3 * d + place] for d in (0, 1)])
        np.testing.assert_allclose(after, expected, atol=2e-5)
