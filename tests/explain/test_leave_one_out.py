"""Leaving a word out: the plain way against the reference, the fast way against the plain one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.explain.leave_one_out import (
    MODES,
    effects,
    network_effects,
    sentences_without_each,
    texts_without_each,
    without_each_sentence,
)
from dlnlp.inference import HanPredictor
from dlnlp.inference.kim_cnn_network import of_target
from dlnlp.text.vocabulary import UNKNOWN
from tests.kim_cnn_results import VOCABULARY, random_runtime, result_of
from tests.reference_kim_cnn import reference_kim_cnn
from tests.tiny_han import write_tiny_han

TEXTS = st.lists(st.integers(1, VOCABULARY - 1), min_size=1, max_size=20)
WIDTHS = st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True).map(tuple)


def ids(*numbers):
    return np.array(numbers, np.int32)


def test_each_word_in_turn_is_deleted_or_made_unknown():
    text = ids(5, 6, 5)
    assert [v.tolist() for v in texts_without_each(text, "delete")] == [[6, 5], [5, 5], [5, 6]]
    assert [v.tolist() for v in texts_without_each(text, "unknown")] == [
        [1, 6, 5],
        [5, 1, 5],
        [5, 6, 1],
    ]
    assert text.tolist() == [5, 6, 5]


@pytest.mark.parametrize("mode", MODES)
def test_the_only_word_becomes_unknown(mode):
    assert [v.tolist() for v in texts_without_each(ids(5), mode)] == [[1]]
    variants = list(sentences_without_each([ids(5)], mode))
    assert [[s.tolist() for s in v] for v in variants] == [[[1]]]


def test_sentences_keep_apart_and_one_without_words_goes():
    document = [ids(5, 6), ids(7), ids(8, 9)]
    deleted = [[s.tolist() for s in v] for v in sentences_without_each(document, "delete")]
    assert deleted == [
        [[6], [7], [8, 9]],
        [[5], [7], [8, 9]],
        [[5, 6], [8, 9]],
        [[5, 6], [7], [9]],
        [[5, 6], [7], [8]],
    ]
    unknown = [[s.tolist() for s in v] for v in sentences_without_each(document, "unknown")]
    assert unknown[2] == [[5, 6], [1], [8, 9]]
    assert unknown[4] == [[5, 6], [7], [8, 1]]


def test_effects_are_differences_in_order_and_made_in_batches():
    sizes = []

    def run(documents):
        sizes.append(len(documents))
        return np.array([float(sum(document)) for document in documents])

    found = effects(texts_without_each(ids(5, 6, 7, 8, 9), "delete"), run, 35.0, batch=2)
    assert found.tolist() == [5, 6, 7, 8, 9]
    assert sizes == [2, 2, 1]
    assert effects(iter([]), run, 0.0).shape == (0,)


@pytest.mark.parametrize("mode", MODES)
def test_on_a_network_they_are_those_of_the_reference(mode):
    runtime = random_runtime(2)
    result = result_of(runtime, [5, 9, 1, 5, 14, 3])
    found = effects(
        texts_without_each(result.token_ids, mode),
        lambda documents: runtime.run(documents).logits[:, 1],
        float(result.logits[1]),
    )

    def logit(token_ids):
        return reference_kim_cnn(runtime.weights, runtime.embeddings[token_ids])["logits"][1]

    for place in range(6):
        changed = result.token_ids.tolist()
        changed[place : place + 1] = [] if mode == "delete" else [1]
        expected = logit(result.token_ids) - logit(changed)
        assert found[place] == pytest.approx(expected, abs=1e-5)
    assert np.abs(found).max() > 0.1


@settings(max_examples=80)
@given(
    TEXTS, WIDTHS, st.integers(0, 99), st.sampled_from([-3.0, 0.0, 3.0]), st.sampled_from(MODES),
    st.integers(2, 4),
)  # fmt: skip
def test_the_fast_way_gives_what_the_plain_one_gives(token_ids, widths, seed, bias, mode, classes):
    runtime = random_runtime(seed, widths=widths, bias=bias, classes=classes)
    result, target = result_of(runtime, token_ids), seed % classes
    plain = effects(
        texts_without_each(result.token_ids, mode),
        lambda documents: of_target(runtime.run(documents).logits, target),
        float(of_target(result.logits, target)),
    )
    fast = network_effects(result.token_ids, runtime.network, mode, target)
    assert fast.dtype == np.float32
    np.testing.assert_allclose(fast, plain, atol=2e-5)


def test_a_word_that_no_maximum_depends_on_has_no_effect_at_all():
    runtime = random_runtime(3, widths=(1,), filters=2)
    result = result_of(runtime, list(range(2, 20)))
    fast = network_effects(result.token_ids, runtime.network, "delete", 1)
    assert set(np.flatnonzero(fast)) <= set(result.positions.tolist())
    assert np.count_nonzero(fast) >= 1


def test_the_han_takes_the_same_road(tmp_path):
    write_tiny_han(tmp_path / "han_tiny")
    predictor = HanPredictor.load(tmp_path / "han_tiny")
    text = "Very good film. Awful."
    sentences = [predictor.vocabulary.encode(s.tokens) for s in predictor.preprocessor(text)]
    result = predictor.predict(text)
    found = effects(
        sentences_without_each(sentences, "delete"),
        lambda documents: predictor.run(documents).logits[:, 4],
        float(result.logits[4]),
        batch=3,
    )
    assert found.shape == (len(result.tokens),)
    without = predictor.predict("Very good film.")
    changed = result.tokens.index("awful")
    assert found[changed] == pytest.approx(result.logits[4] - without.logits[4], abs=1e-5)


def test_an_unknown_mode_is_one_sentence():
    with pytest.raises(ValueError, match="mode 'burn' .* is none of delete, unknown"):
        next(texts_without_each(ids(5, 6), "burn"))
    with pytest.raises(ValueError, match="mode 'burn'"):
        network_effects(ids(5, 6), random_runtime().network, "burn", 1)


def test_sentences_are_left_out_one_by_one() -> None:
    sentences = [np.array([5, 6], np.int32), np.array([7], np.int32)]
    deleted = [[s.tolist() for s in d] for d in without_each_sentence(sentences, "delete")]
    assert deleted == [[[7]], [[5, 6]]]
    masked = [[s.tolist() for s in d] for d in without_each_sentence(sentences, "unknown")]
    assert masked == [[[UNKNOWN, UNKNOWN], [7]], [[5, 6], [UNKNOWN]]]
    (only,) = without_each_sentence(sentences[:1], "delete")
    assert only[0].tolist() == [UNKNOWN, UNKNOWN]
    with pytest.raises(ValueError, match="none of"):
        list(without_each_sentence(sentences, "burn"))  # type: ignore[arg-type]
