"""The upper against the lower classes: the same combination of what is said of each class."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.explain.attribution import METHODS
from dlnlp.explain.log_odds import log_odds
from dlnlp.explain.targets import class_of, quantity, target_names, target_values, value_of
from dlnlp.explain.text_attribution import METHODS_OF, attribute
from dlnlp.inference import HanPredictor, KimCnnPredictor, TextPredictor
from dlnlp.inference.class_order import upper_less_lower
from dlnlp.scoring.explain_rows import explain_rows, needs_gradients
from dlnlp.tables.reader import Row
from tests.tiny_han import STARS, write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn

TEXT = "The film is very good. But I love it, not great! Bad price."
# Explained is a logit, not its log odds, so that targets are linear in each other.
LINEAR = {"written", "evidence", "gradient_x_input", "integrated_gradients"}
LEFT_OUT = ("delete", "unknown")


def methods_of(predictor: TextPredictor) -> list[str]:
    """The methods that need no Keras; tests/tasks/test_han_gradients.py has the others."""
    return [name for name in METHODS_OF[predictor.model] if not needs_gradients(predictor, name)]


@pytest.fixture(scope="module", params=["han", "kim_cnn"])
def predictor(request, tmp_path_factory) -> TextPredictor:
    folder: Path = tmp_path_factory.mktemp("weights") / request.param
    if request.param == "han":
        write_tiny_han(folder)
        return HanPredictor.load(folder)
    write_tiny_kim_cnn(folder, class_names=STARS)
    return KimCnnPredictor.load(folder)


def test_linear_methods_give_the_same_combination_of_their_classes(predictor) -> None:
    result, weights = predictor.predict(TEXT), upper_less_lower(5)
    assert result.ordered
    methods = LINEAR & {*methods_of(predictor)}
    assert methods
    for method in methods:
        each = [attribute(predictor, result, method, target) for target in range(5)]
        upper = attribute(predictor, result, method, 5)
        for name in ("words", "sentences"):
            per_class = np.stack([getattr(one, name) for one in each], axis=1)
            np.testing.assert_allclose(getattr(upper, name), per_class @ weights, atol=1e-5)
        assert upper.words.any()
        assert upper.additive is not None
        totals = [one.additive.total for one in each if one.additive]
        assert upper.additive.total == pytest.approx(float(np.array(totals) @ weights), abs=1e-5)
        assert upper.additive.total == pytest.approx(value_of(result, 5), abs=1e-5)
        assert upper.gap == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("method", LEFT_OUT)
def test_leaving_words_out_is_measured_on_fresh_predictions(predictor, method: str) -> None:
    result = predictor.predict(TEXT)
    found, ids = attribute(predictor, result, method, 5), result.sentence_ids
    place = 0
    for number, sentence in enumerate(ids):
        for word in range(len(sentence)):
            changed = np.delete(sentence, word) if method == "delete" else sentence.copy()
            if method == "unknown":
                changed[word] = 1
            document = [*ids[:number], changed, *ids[number + 1 :]]
            logits = predictor.logits([[part for part in document if len(part)]])[0]
            after = logits[3:].mean() - logits[:2].mean()
            assert found.words[place] == pytest.approx(value_of(result, 5) - after, abs=1e-4)
            place += 1


def test_every_method_that_knows_classes_knows_the_target(predictor) -> None:
    result = predictor.predict(TEXT)
    for method in methods_of(predictor):
        found = attribute(predictor, result, method, 5)
        assert found.target_name == ("4–5 over 1–2 stars" if METHODS[method].signed else "")


def test_rows_of_a_table_are_explained_by_it(predictor) -> None:
    row = Row(2, (TEXT,))
    (found,) = explain_rows(predictor, [row], 0, "delete", 5)
    assert found.explanation is not None
    assert found.explanation.target == "4–5 over 1–2 stars"
    expected = attribute(predictor, predictor.predict(TEXT), "delete", 5)
    words = found.explanation.words
    np.testing.assert_allclose(words, expected.words, atol=1e-5)


def test_words_for_it(predictor) -> None:
    result = predictor.predict(TEXT)
    assert quantity(result, 4) == "the log odds of 5 stars"
    assert quantity(result, 5) == "the mean logit of 4–5 stars less that of 1–2 stars"
    assert class_of(result, 5) == result.predicted and class_of(result, 0) == 0
    assert target_names(["bad", "good"], False) == ("bad", "good")
    assert target_names(STARS[:3], True)[-1] == "3 stars over 1 star"


def test_unordered_classes_have_no_further_target() -> None:
    logits = np.random.default_rng(0).normal(size=(4, 5))
    np.testing.assert_array_equal(target_values(logits, False), log_odds(logits))
    assert target_values(logits, True).shape == (4, 6)
