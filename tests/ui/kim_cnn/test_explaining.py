"""Where lines begin, where a text lies before training, and what each method computes."""

import numpy as np
import pytest

from dlnlp.explain.leave_one_out import effects, texts_without_each
from dlnlp.explain.text_attribution import kim_attribution
from dlnlp.ui.kim_cnn import explaining
from dlnlp.ui.kim_cnn.explaining import attribute, explain
from dlnlp.ui.kim_cnn.methods import METHODS, Method
from dlnlp.ui.shell import loading
from tests.ui.kim_cnn.kim_results import make_explained, tiny_predictor
from tests.ui.text.attributions import assert_contract

TEXT = "The film is very good. But not great! I stopped."


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> str:
    predictor = tiny_predictor()
    monkeypatch.setattr(loading, "predictor", lambda name: predictor)
    for cached in (explain, explaining._worked_out, loading.read_sentiment):
        cached.clear()
    return "kim_cnn"


@pytest.mark.parametrize("text", ["good", "good. " * 100, "One. Two\n\nThree", TEXT])
def test_every_word_that_was_read_lies_in_its_sentence(text: str) -> None:
    explained = make_explained(text)
    owners, spans = explained.result.token_sentence, explained.result.sentence_spans
    assert owners[0] == 0 and owners[-1] == len(spans) - 1
    assert (np.diff(owners) >= 0).all() and (np.diff(owners) <= 1).all()
    words = explained.result.token_spans
    assert (spans[owners, 0] <= words[:, 0]).all() and (words[:, 1] <= spans[owners, 1]).all()


@pytest.mark.parametrize("random", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_keeps_the_contract(model: str, method: Method, random: bool) -> None:
    attribution = attribute(model, TEXT, method, random=random)
    assert_contract(attribution)
    assert attribution.method.signed == bool((attribution.words < 0).any())
    adds_up = method in ("evidence", "gradient_x_input", "integrated_gradients")
    assert (attribution.additive is not None) == adds_up
    if attribution.additive is not None:
        assert attribution.additive.total == pytest.approx(attribution.reading.logits[1])
        # 64 steps of the integral miss a little; the other two are exact.
        assert attribution.gap == pytest.approx(0, abs=0.05 if "integrated" in method else 1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_the_page_shows_the_numbers_of_the_command(model: str, method: Method) -> None:
    network, page = tiny_predictor().runtime.network, attribute(model, TEXT, method)
    command = kim_attribution(network, page.reading, method, 1)
    np.testing.assert_allclose(page.words, command.words, atol=1e-5)
    np.testing.assert_allclose(page.sentences, command.sentences, atol=1e-5)
    assert (page.target, page.gap) == (command.target, pytest.approx(command.gap, abs=1e-5))


def test_gradient_times_input_is_the_exact_evidence(model: str) -> None:
    """The page says so."""
    gradient, exact = (attribute(model, TEXT, name) for name in ("gradient_x_input", "evidence"))
    np.testing.assert_allclose(gradient.words, exact.words, atol=1e-5)


@pytest.mark.parametrize("mode", ["delete", "unknown"])
def test_leaving_out_is_what_the_network_says_of_the_changed_text(model: str, mode: Method) -> None:
    predictor, result = tiny_predictor(), make_explained(TEXT).result
    run = lambda documents: predictor.runtime.run(documents).logits[:, 1]  # noqa: E731
    expected = effects(texts_without_each(result.token_ids, mode), run, float(result.logits[1]))
    np.testing.assert_allclose(attribute(model, TEXT, mode).words, expected, atol=1e-4)


def test_nothing_is_computed_twice(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attribute(model, TEXT, "delete")
    for name in ("kim_attribution", "evidence"):
        monkeypatch.setattr(explaining, name, None)
    attribute(model, TEXT, "delete")


def test_texts_without_words_are_not_explained(model: str) -> None:
    assert explain(model, "---") is None
    with pytest.raises(ValueError, match="without words"):
        attribute(model, "---", "delete")
