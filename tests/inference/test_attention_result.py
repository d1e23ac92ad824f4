"""Derived figures of a TextResult and of an AttentionResult, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from dlnlp.inference.attention_result import AttentionResult


@pytest.fixture
def result():
    return AttentionResult(
        text="Good film. Bad",
        class_names=("a", "b", "c"),
        logits=np.log(np.array([0.2, 0.5, 0.3], np.float32)),
        sentence_spans=np.array([[0, 10], [11, 14]]),
        sentence_attention=np.array([0.25, 0.75], np.float32),
        sentence_scores=np.zeros(2, np.float32),
        token_spans=np.array([[0, 4], [5, 9], [11, 14]]),
        tokens=("good", "film", "bad"),
        token_sentence=np.array([0, 0, 1]),
        token_known=np.ones(3, bool),
        token_ids=np.array([7, 8, 9], np.int32),
        word_attention=np.array([0.8, 0.2, 1.0], np.float32),
        word_scores=np.zeros(3, np.float32),
        document_vector=np.zeros(4, np.float32),
        cut_from=None,
    )


def test_probabilities_are_the_softmax_of_the_logits(result):
    np.testing.assert_allclose(result.probabilities, [0.2, 0.5, 0.3], rtol=1e-6)
    assert result.probabilities.dtype == np.float32
    certain = replace(result, logits=np.array([0, -2000], np.float32))
    assert certain.probabilities.tolist() == [1, 0]


def test_predicted_is_the_most_probable_class_and_the_first_of_equals(result):
    assert result.predicted == 1
    assert replace(result, logits=np.zeros(2, np.float32)).predicted == 0


def test_sentences_share_out_the_token_ids(result):
    assert [ids.tolist() for ids in result.sentence_ids] == [[7, 8], [9]]


def test_word_importance_is_the_product_and_sums_to_one(result):
    np.testing.assert_allclose(result.word_importance, [0.2, 0.05, 0.75], rtol=1e-6)


def test_expected_value_counts_classes_from_one(result):
    assert result.expected_value == pytest.approx(0.2 * 1 + 0.5 * 2 + 0.3 * 3)
