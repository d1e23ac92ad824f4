"""Every method of the HAN keeps the contract, for every class."""

import numpy as np
import pytest

from dlnlp.explain import text_attribution
from dlnlp.explain.log_odds import log_odds
from dlnlp.explain.text_attribution import METHODS_OF
from dlnlp.inference import HanPredictor
from dlnlp.ui.han import explaining
from dlnlp.ui.han.explaining import attribute, from_saliency, left_out, reading_of
from dlnlp.ui.han.methods import ATTENTION, GRADIENTS, LEFT_OUT, METHODS, Method
from dlnlp.ui.shell import loading
from tests.tiny_han import write_tiny_han
from tests.ui.text.attributions import assert_contract

TEXT = "The film is very good. But not great! I stopped."


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> HanPredictor:
    folder = tmp_path_factory.mktemp("weights") / "han"
    write_tiny_han(folder)
    return HanPredictor.load(folder)


@pytest.fixture(autouse=True)
def model(predictor: HanPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "predictor", lambda name: predictor)
    for cached in (left_out, reading_of, loading.read_review):
        cached.clear()


def fake_saliency(predictor: HanPredictor) -> dict[str, np.ndarray]:
    """What the worker would send, with numbers of the right shapes."""
    result = predictor.predict(TEXT)
    rng = np.random.default_rng(0)
    classes, n, s = len(result.class_names), len(result.tokens), len(result.sentence_spans)
    found = {name: rng.normal(size=(classes, n)) for name in (*GRADIENTS, *LEFT_OUT)}
    found |= {f"{name}_sentences": rng.normal(size=(classes, s)) for name in LEFT_OUT}
    found["gap"] = rng.normal(size=classes)
    shares = np.full(n, 1 / n)
    found |= {"word_attention": shares, "word_scores": rng.normal(size=n)}
    found |= {"sentence_attention": np.full(s, 1 / s), "sentence_scores": rng.normal(size=s)}
    return found


@pytest.mark.parametrize("method", [*ATTENTION, *LEFT_OUT, "written"])
def test_methods_without_a_worker_keep_the_contract(
    predictor: HanPredictor, method: Method
) -> None:
    result = predictor.predict(TEXT)
    for target in range(len(result.class_names)):
        attribution = attribute(predictor, result, method, target)
        assert attribution is not None
        assert_contract(attribution)
        assert attribution.target == (None if method in ATTENTION else target)


@pytest.mark.parametrize("method", [m for m in METHODS_OF["han"] if m not in GRADIENTS])
def test_the_page_shows_the_numbers_of_the_command(predictor: HanPredictor, method: Method) -> None:
    result = predictor.predict(TEXT)
    page, command = (
        f(predictor, result, method, 2) for f in (attribute, text_attribution.attribute)
    )
    assert page is not None
    np.testing.assert_allclose(page.words, command.words, atol=1e-5)
    np.testing.assert_allclose(page.sentences, command.sentences, atol=1e-5)


@pytest.mark.parametrize(
    "method", [m for m in METHODS if m not in ("within", "product", "written")]
)
def test_what_the_worker_sends_keeps_the_contract(predictor: HanPredictor, method: Method) -> None:
    result, found = predictor.predict(TEXT), fake_saliency(predictor)
    for target in range(len(result.class_names)):
        attribution = from_saliency(found, result, method, target)  # type: ignore[arg-type]
        assert_contract(attribution)
        if method in GRADIENTS:
            sums = np.bincount(result.token_sentence, attribution.words)
            np.testing.assert_allclose(attribution.sentences, sums, atol=1e-5)
        if method == "integrated_gradients":
            assert attribution.additive is not None
            assert attribution.gap == pytest.approx(found["gap"][target])
            assert attribution.additive.total == pytest.approx(log_odds(result.logits)[target])


def test_what_random_weights_wrote_adds_up_to_their_own_logit(predictor: HanPredictor) -> None:
    result = predictor.predict(TEXT)
    trained = attribute(predictor, result, "written", 0)
    random = attribute(predictor, result, "written", 0, random=True)
    assert trained is not None and random is not None
    assert_contract(random)
    assert random.gap == pytest.approx(0, abs=1e-5)
    assert not np.allclose(trained.words, random.words)


def test_leaving_out_is_computed_once_for_all_classes(
    predictor: HanPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = predictor.predict(TEXT)
    attribute(predictor, result, "delete", 0)
    monkeypatch.setattr(explaining, "sentences_of", None)
    assert attribute(predictor, result, "delete", 1) is not None
