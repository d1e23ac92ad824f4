"""Kim's CNN in Keras against plain loops; padding never wins; variants train what they should."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.models.kim_cnn import KimCnn, KimCnnConfig, build_kim_cnn, network_weights
from tests.reference_kim_cnn import random_kim_cnn_weights, reference_kim_cnn

WORDS, DIM, WIDTHS, FILTERS = 20, 5, (2, 3, 4), 3


def config(**changes) -> KimCnnConfig:
    usual = {"embedding_dim": DIM, "widths": WIDTHS, "filters": FILTERS, "dropout": 0.0}
    return KimCnnConfig(vocabulary_size=WORDS, **(usual | changes))


def vectors(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((WORDS, DIM)).astype(np.float32)


def network(seed: int = 0, bias: float = 0.0, **changes) -> KimCnn:
    model = build_kim_cnn(config(**changes), vectors(seed))
    dim = DIM * model.config.channels
    weights = random_kim_cnn_weights(
        seed,
        widths=WIDTHS,
        embedding_dim=dim,
        filters=FILTERS,
        classes=model.config.num_classes,
        bias=bias,
    )
    layers = dict(zip((f"conv{w}" for w in WIDTHS), model.network.convolutions, strict=True))
    layers["classifier"] = model.network.classifier
    for name, array in weights.items():
        layer, kind = name.split(".")
        getattr(layers[layer], kind).assign(array)
    return model


def rows(texts: list[list[int]], length: int) -> np.ndarray:
    ids = np.zeros((len(texts), length), np.int32)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
    return ids


@pytest.fixture(scope="module", params=[2, 4])
def model(request: pytest.FixtureRequest) -> KimCnn:
    return network(num_classes=request.param)


TEXTS = st.lists(
    st.lists(st.integers(1, WORDS - 1), min_size=1, max_size=9), min_size=1, max_size=4
)


@settings(deadline=None, max_examples=25)
@given(texts=TEXTS, padding=st.sampled_from([0, 5]))  # a shape is compiled once
def test_outputs_are_those_of_plain_loops(model: KimCnn, texts, padding: int) -> None:
    outputs = model.explain(rows(texts + [[1]] * (4 - len(texts)), 9 + padding))
    weights = network_weights(model)
    for row, text in enumerate(texts):
        expected = reference_kim_cnn(weights, model.embedding_matrix()[text])
        np.testing.assert_allclose(outputs["logits"][row], expected["logits"], atol=1e-5)
        np.testing.assert_allclose(outputs["pooled"][row], expected["pooled"], atol=1e-5)


def test_padding_never_wins_not_even_where_all_values_are_negative() -> None:
    model = network(bias=-50.0)
    # What lies in the padding's row must not count either.
    table = vectors()
    table[0] = 1e3
    model.channels[0].embeddings.assign(table)
    outputs = model.explain(rows([[3], [4, 5], [6, 7, 8, 9, 10]], 12))
    assert not np.asarray(outputs["pooled"]).any()
    bias = float(network_weights(model)["classifier.bias"][0])
    np.testing.assert_allclose(outputs["logits"], [[0, bias]] * 3, atol=1e-6)


def test_the_multichannel_variant_sees_both_channels() -> None:
    model = network(variant="multichannel")
    second = vectors(5)
    model.channels[1].embeddings.assign(second)
    both = np.concatenate([vectors(), second], axis=1)
    np.testing.assert_array_equal(model.embedding_matrix(), both)
    text = [3, 9, 4, 17, 2]
    expected = reference_kim_cnn(network_weights(model), both[text])
    found = model.explain(rows([text], 8))["logits"][0]
    np.testing.assert_allclose(found, expected["logits"], atol=1e-5)


@pytest.mark.parametrize(
    ("variant", "moves"),
    [
        ("static", [False]),
        ("non-static", [True]),
        ("random", [True]),
        ("multichannel", [False, True]),
    ],
)
def test_a_variant_trains_its_own_channels(variant, moves: list[bool]) -> None:
    given = None if variant == "random" else vectors()
    model = build_kim_cnn(config(variant=variant), given)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=loss)
    before = [np.array(channel.embeddings) for channel in model.channels]
    kernel = np.array(model.network.convolutions[0].kernel)
    model.train_on_batch(rows([[3, 4, 5, 6], [7, 8]], 6), np.eye(2, dtype=np.float32))
    after = [np.array(channel.embeddings) for channel in model.channels]
    assert [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)] == moves
    assert not np.array_equal(kernel, np.array(model.network.convolutions[0].kernel))
    for old, new, moved in zip(before, after, moves, strict=True):
        changed = np.flatnonzero(np.abs(old - new).sum(axis=1))
        assert set(changed) <= {3, 4, 5, 6, 7, 8}, "padding or absent words moved"
        assert moved == bool(len(changed))


def test_dropout_acts_while_training_only() -> None:
    model = network(dropout=0.5)
    ids = rows([[3, 4, 5, 6, 7]] * 8, 8)
    still = np.array(model(ids))
    np.testing.assert_array_equal(still, np.array(model(ids)))
    assert len({tuple(row) for row in np.array(model(ids, training=True)).tolist()}) > 1


def test_config_goes_through_json() -> None:
    shape = config(variant="multichannel", max_tokens=99, num_classes=7)
    content = shape.to_dict() | {"class_names": ["a", "b"], "widths": [2, 3, 4]}
    assert content["channels"] == 2
    assert KimCnnConfig.from_dict(content) == shape


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"variant": "none"}, "'none' is none of"),
        ({"widths": ()}, "widths"),
        ({"widths": (3, 3)}, "widths"),
        ({"widths": (0, 1)}, "widths"),
        ({"num_classes": 1}, "num_classes=1 must be 2 or more"),
    ],
)
def test_nonsense_is_refused(changes, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        config(**changes)


def test_word_vectors_must_fit_the_variant() -> None:
    with pytest.raises(ValueError, match="needs word vectors"):
        build_kim_cnn(config())
    with pytest.raises(ValueError, match="takes no word vectors"):
        build_kim_cnn(config(variant="random"), vectors())
    with pytest.raises(ValueError, match=r"shape \(20, 5\) is needed|\(20, 5\)"):
        build_kim_cnn(config(), vectors()[:4])
