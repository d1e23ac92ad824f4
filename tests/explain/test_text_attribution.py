"""Attributions without Keras: leaving out is what the network says of the changed text."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.explain.attribution import METHODS
from dlnlp.explain.log_odds import log_odds
from dlnlp.explain.text_attribution import HAN_GRADIENTS, METHODS_OF, attribute
from dlnlp.inference import HanPredictor, TextPredictor, load_predictor
from dlnlp.inference.kim_cnn_network import of_target
from tests.tiny_han import write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn

SENTENCES = [["good", "film"], ["not", "an", "awful", "phone"]]


@pytest.fixture(scope="module", params=["han", "kim", "kim_topics"])
def predictor(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> object:
    folder: Path = tmp_path_factory.mktemp("weights") / request.param
    if request.param == "han":
        write_tiny_han(folder)
    else:
        topics = {"class_names": ("sports", "news", "science")}
        write_tiny_kim_cnn(folder, **(topics if request.param == "kim_topics" else {}))
    return load_predictor(folder)


def documents() -> list[list[list[str]]]:
    """The text without each of its words."""
    return [
        [*SENTENCES[:row], words[:place] + words[place + 1 :], *SENTENCES[row + 1 :]]
        for row, words in enumerate(SENTENCES)
        for place in range(len(words))
    ]


def test_leave_one_out_is_the_loss_of_the_changed_text(predictor: TextPredictor) -> None:
    def scores(sentences: list[list[str]], target: int) -> float:
        logits = predictor.logits([[predictor.vocabulary.encode(words) for words in sentences]])[0]
        han = isinstance(predictor, HanPredictor)
        return float(log_odds(logits)[target] if han else of_target(logits, target))

    result = predictor.predict("\n\n".join(" ".join(words) for words in SENTENCES))
    assert result.tokens == tuple(word for words in SENTENCES for word in words)
    for target in range(len(predictor.class_names)):
        found = attribute(predictor, result, "delete", target)
        whole = scores(SENTENCES, target)
        expected = [whole - scores(document, target) for document in documents()]
        np.testing.assert_allclose(found.words, expected, atol=1e-5)


def test_every_method_has_a_record_and_an_unknown_one_is_refused(predictor: TextPredictor) -> None:
    result = predictor.predict("good film")
    han = predictor.model == "han"
    elsewhere = HAN_GRADIENTS if han else ()
    for method in METHODS_OF[predictor.model]:
        if method not in elsewhere:
            assert attribute(predictor, result, method, 0).method is METHODS[method]
    for other in ("evidence" if han else "written", *elsewhere):
        with pytest.raises(ValueError, match=f"'{other}' is no method of a {predictor.model}"):
            attribute(predictor, result, other, 0)
