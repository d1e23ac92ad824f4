"""Gradients of a HAN from processes: those of the page for one text, for many texts at once."""

from pathlib import Path

import keras
import numpy as np
import pytest

from dlnlp.explain.text_attribution import HAN_GRADIENTS
from dlnlp.inference import HanPredictor
from dlnlp.scoring.explain_rows import ExplainedRow, explain_rows
from dlnlp.scoring.gradient_processes import GradientProcesses, GradientsFailed
from dlnlp.tables.reader import Row
from dlnlp.tasks.han_saliency import saliency
from tests.keras_han import write_keras_han
from tests.tiny_han import POLARITY, WORDS

pytestmark = pytest.mark.skipif(keras.backend.backend() != "jax", reason="the worker's backend")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "han_tiny"
    write_keras_han(path, class_names=POLARITY, max_words=50, max_sentences=64)
    return path


def random_texts(count: int) -> list[str]:
    rng = np.random.default_rng(11)
    return [
        ". ".join(" ".join(rng.choice(WORDS.split(), 2 + n % 9)) for _ in range(1 + n % 4))
        for n in range(count)
    ]


def test_many_texts_have_the_gradients_of_each_alone(directory: Path) -> None:
    predictor, texts = HanPredictor.load(directory), random_texts(5)
    rows = [Row(2 + number, (text,)) for number, text in enumerate(texts)]
    alone = []
    for text in texts:
        sentences = [ids.tolist() for ids in predictor.predict(text).sentence_ids]
        given = {"weights": str(directory), "sentences": sentences, "seed": None}
        alone.append(saliency(given, lambda report: None, lambda: False))
    with GradientProcesses(directory, 1) as gradients:
        for method in HAN_GRADIENTS:
            for target in (None, 1):
                found = explain_rows(
                    predictor, rows, 0, method, target, workers=2, gradients=gradients
                )
                for row, text, page in zip(found, texts, alone, strict=True):
                    assert isinstance(row, ExplainedRow) and row.explanation is not None
                    label = predictor.predict(text).predicted if target is None else target
                    expected = np.array(page[method])[label]
                    np.testing.assert_allclose(row.explanation.words, expected, atol=1e-5)
                    if method == "integrated_gradients":
                        assert row.explanation.gap == pytest.approx(page["gap"][label], abs=1e-5)


def test_a_process_that_cannot_is_one_sentence(tmp_path: Path) -> None:
    with GradientProcesses(tmp_path / "nowhere", 1) as gradients:
        for _ in range(2):  # the process is free again
            with pytest.raises(GradientsFailed, match="These texts cannot be explained"):
                gradients([[np.array([1, 2], np.int32)]], [0], "gradient_x_input")
