"""A digit taken away holds what the network read and said."""

import csv
import io
import json

import numpy as np
from PIL import Image

from dlnlp import artifacts
from dlnlp.inference.digits import DigitPredictor
from dlnlp.ui.mnist_cnn import loading, strokes
from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.mnist_cnn.exports import reading_csv, reading_json, reading_png


def test_files_hold_the_answer_and_the_picture() -> None:
    predictor = DigitPredictor.load(artifacts.WEIGHTS / "mnist_cnn")
    drawing = EXAMPLES[0].drawing
    reading = loading.read_picture(strokes.encode(drawing), (), strokes.rasterize(drawing))
    content = json.loads(reading_json(reading, predictor))
    assert content["label"] == "7" and content["is_digit"] is True
    assert abs(sum(content["probabilities"].values()) - 1) < 1e-4
    np.testing.assert_allclose(content["pixels"], reading.image, atol=1e-4)
    pixels = np.asarray(Image.open(io.BytesIO(reading_png(reading))))
    assert pixels.shape == (28, 28)
    np.testing.assert_array_equal(pixels, np.rint(255 * reading.image))
    table = reading_csv(reading, predictor).decode("utf-8-sig")
    rows = {row["digit"]: float(row["probability"]) for row in csv.DictReader(io.StringIO(table))}
    assert len(rows) == 10 and max(rows, key=lambda digit: rows[digit]) == "7"


def test_the_step_of_a_drawing_is_true_in_light_and_dark_mode() -> None:
    pixels = strokes.rasterize(EXAMPLES[0].drawing)
    drawn = loading.read_picture("a drawing", (), pixels, drawn=True)
    uploaded = loading.read_picture("the same as a file", (), pixels)
    assert "darker" not in drawn.steps[0].explanation and "paper" not in drawn.steps[0].explanation
    assert "darker than the paper" in uploaded.steps[0].explanation
    assert [step.explanation for step in drawn.steps[1:]] == [
        step.explanation for step in uploaded.steps[1:]
    ]
