"""Where lines begin, where a text lies before training, and what each method computes."""

import numpy as np
import pytest

from dlnlp.explain.leave_one_out import effects, texts_without_each
from dlnlp.ui.kim_cnn import explaining
from dlnlp.ui.kim_cnn.explaining import attribute, explain, first_words
from dlnlp.ui.kim_cnn.methods import METHODS, Method
from dlnlp.ui.kim_cnn.view import sums
from dlnlp.ui.shell import loading
from tests.ui.kim_cnn.kim_results import make_explained, tiny_predictor

TEXT = "The film is very good. But not great! I stopped."


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> str:
    predictor = tiny_predictor()
    monkeypatch.setattr(loading, "predictor", lambda name: predictor)
    for cached in (explain, explaining._worked_out, loading.read_sentiment):
        cached.clear()
    return "kim_cnn"


def test_lines_begin_with_sentences() -> None:
    result = make_explained(TEXT).result
    assert [result.tokens[index] for index in first_words(tiny_predictor(), result)] == [
        "the",
        "but",
        "i",
    ]


@pytest.mark.parametrize("text", ["good", "good. " * 100, "One. Two\n\nThree"])
def test_lines_begin_at_words_that_were_read(text: str) -> None:
    result = make_explained(text).result
    rows = first_words(tiny_predictor(), result)
    assert rows[0] == 0 and list(rows) == sorted(set(rows)) and rows[-1] < len(result.tokens)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_a_number_for_each_word(model: str, method: Method) -> None:
    attribution = attribute(model, TEXT, method)
    explained = explain(model, TEXT)
    assert explained is not None
    assert attribution.words.shape == (len(explained.result.tokens),)
    assert METHODS[method].signed == bool((attribution.words < 0).any())
    line = sums(explained, attribution)
    adds_up = method in ("evidence", "input_x_gradient", "integrated_gradients")
    assert ("need not add up" in line) == (not adds_up)
    if adds_up:
        assert f"{attribution.words.sum():+.2f}".replace("-", "−") in line


def test_gradient_times_input_is_the_exact_evidence(model: str) -> None:
    """The page says so."""
    gradient, exact = (attribute(model, TEXT, name) for name in ("input_x_gradient", "evidence"))
    np.testing.assert_allclose(gradient.words, exact.words, atol=1e-5)


@pytest.mark.parametrize("mode", ["delete", "unknown"])
def test_leaving_out_is_what_the_network_says_of_the_changed_text(model: str, mode: Method) -> None:
    predictor, result = tiny_predictor(), make_explained(TEXT).result
    run = lambda documents: predictor.runtime.run(documents).logits  # noqa: E731
    expected = effects(texts_without_each(result.token_ids, mode), run, result.logit)
    np.testing.assert_allclose(attribute(model, TEXT, mode).words, expected, atol=1e-4)


def test_nothing_is_computed_twice(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attribute(model, TEXT, "delete")
    for name in ("network_effects", "evidence", "first_words"):
        monkeypatch.setattr(explaining, name, None)
    attribute(model, TEXT, "delete")


def test_texts_without_words_are_not_explained(model: str) -> None:
    assert explain(model, "---") is None
    with pytest.raises(ValueError, match="without words"):
        attribute(model, "---", "delete")
