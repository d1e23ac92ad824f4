"""The networks for digits: shapes, sizes, folding, and that all of them learns."""

import keras
import numpy as np
import pytest
from keras import ops

from dlnlp.models.mnist_cnn import (
    BRANCH_KERNELS,
    ORIGIN,
    MnistCnnConfig,
    build_mnist_cnn,
    network_weights,
)
from tests.reference_mnist_cnn import FILTERS, reference_mnist_cnn
from tests.tiny_mnist_cnn import random_pictures

SMALL = MnistCnnConfig(filters=FILTERS, embedding=7)


def with_moving_statistics(model: keras.Model, seed: int = 0) -> keras.Model:
    """The model with the normalizations that a training would leave, and biases."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            size = layer.gamma.shape
            layer.gamma.assign(rng.uniform(0.5, 1.5, size))
            layer.beta.assign(rng.normal(0, 0.3, size))
            layer.moving_mean.assign(rng.normal(0, 0.3, size))
            layer.moving_variance.assign(rng.uniform(0.3, 2, size))
    classifier = model.get_layer("classifier")
    classifier.bias.assign(rng.normal(0, 0.3, 10))
    return model


def test_folded_weights_compute_what_the_network_does() -> None:
    keras.utils.set_random_seed(3)
    model = with_moving_statistics(build_mnist_cnn(SMALL))
    pictures = random_pictures(2, 5)
    logits = ops.convert_to_numpy(model(pictures[..., None], training=False))
    hidden = keras.Model(model.input, model.get_layer("embedding_relu").output)
    embeddings = ops.convert_to_numpy(hidden(pictures[..., None], training=False))
    weights = network_weights(model)
    assert {array.dtype for array in weights.values()} == {np.dtype(np.float32)}
    for picture, logit, embedding in zip(pictures, logits, embeddings, strict=True):
        expected = reference_mnist_cnn(weights, picture)
        np.testing.assert_allclose(logit, expected["logits"], atol=1e-5)
        np.testing.assert_allclose(embedding, expected["embedding"], atol=1e-5)


def test_both_architectures_give_ten_logits_and_stay_small() -> None:
    for config in (MnistCnnConfig(), ORIGIN):
        model = build_mnist_cnn(config)
        assert model.input_shape == (None, 28, 28, 1) and model.output_shape == (None, 10)
        assert model.count_params() < 1_000_000


def test_the_origins_branches_stand_side_by_side() -> None:
    model = build_mnist_cnn(ORIGIN)
    kernels = {
        model.get_layer(f"branch{kernel}_conv1").kernel.shape[0] for kernel in BRANCH_KERNELS
    }
    assert kernels == set(BRANCH_KERNELS) and len(kernels) == 4
    # Halved twice, 28 becomes 7.
    assert model.get_layer("branches").output.shape == (None, 4 * 7 * 7 * ORIGIN.filters[-1])


def test_a_step_of_training_moves_every_weight() -> None:
    keras.utils.set_random_seed(1)
    model = build_mnist_cnn(SMALL)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
    before = [ops.convert_to_numpy(variable) for variable in model.variables]
    model.train_on_batch(random_pictures(30)[..., None], np.eye(10)[np.arange(30) % 10])
    for variable, old in zip(model.variables, before, strict=True):
        if "seed" not in variable.path:
            assert not np.array_equal(ops.convert_to_numpy(variable), old), variable.path


def test_a_config_survives_json_and_others_keys() -> None:
    for config in (SMALL, ORIGIN):
        content = config.to_dict() | {"class_names": ["0"], "format": 1}
        assert MnistCnnConfig.from_dict(content) == config


def test_a_wrong_number_of_filters_is_refused() -> None:
    with pytest.raises(ValueError, match="'stacked' with filters"):
        MnistCnnConfig(filters=(1, 2))
    with pytest.raises(ValueError, match="'branches' two"):
        MnistCnnConfig("branches")
