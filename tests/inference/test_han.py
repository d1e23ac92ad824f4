"""What a HAN answers beside the contract of predictors: attention, on a tiny random artifact."""

import numpy as np
import pytest

from dlnlp.inference import HanPredictor
from tests.reference_han import reference_han
from tests.tiny_han import write_tiny_han

TEXT = "The  book is VERY good!\nI love this film, but the batterie was awful. Great price."


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "han_tiny"
    return path, write_tiny_han(path)


@pytest.fixture(scope="module")
def predictor(written):
    return HanPredictor.load(written[0])


@pytest.mark.parametrize("text", [TEXT, "good", "Bad. Bad. Bad.", "Zyx qwv?"])
def test_attention_agrees_with_the_reference(written, predictor, text):
    embeddings = np.asarray(predictor.runtime.embeddings, np.float32)
    sentences = predictor.preprocessor(text)
    vectors = [embeddings[predictor.vocabulary.encode(s.tokens)] for s in sentences]
    expected, result = reference_han(written[1], [vectors])[0], predictor.predict(text)
    for name in ("document_vector", "sentence_scores", "sentence_attention"):
        np.testing.assert_allclose(getattr(result, name), expected[name], atol=1e-5)
        assert getattr(result, name).dtype == np.float32
    for name in ("word_scores", "word_attention"):
        np.testing.assert_allclose(getattr(result, name), np.concatenate(expected[name]), atol=1e-5)
        assert getattr(result, name).dtype == np.float32


def test_attention_sums_to_one(predictor):
    result = predictor.predict(TEXT)
    sums = np.bincount(result.token_sentence, result.word_attention)
    assert len(sums) == len(result.sentence_spans) == 3
    np.testing.assert_allclose(sums, 1, atol=1e-6)
    assert result.sentence_attention.sum() == pytest.approx(1, abs=1e-6)
    assert result.word_importance.sum() == pytest.approx(1, abs=1e-6)


def test_whole_sentences_are_read_up_to_a_number(predictor):
    text = "".join(f"Film {'good ' * n}.\n" for n in range(9))
    result = predictor.predict(text)
    assert len(result.sentence_spans) == predictor.preprocessor.max_sentences == 6
    assert text[result.cut_from :].startswith("Film " + "good " * 6)
    assert result.sentence_spans[-1, 1] <= result.cut_from
