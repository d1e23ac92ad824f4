"""What is told of recalibration is what was measured on other folds."""

import json

import numpy as np
import pytest

from dlnlp.scoring.evaluation import evaluate
from dlnlp.scoring.recalibration import HIGHEST, LOWEST, Recalibration, out_of_fold
from dlnlp.scoring.recalibration_report import as_json, confidence, in_words, numbers, trials


def over_confident(rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    positive = np.where(rng.random(rows) < 0.5, 0.98, 0.02)
    labels = ((rng.random(rows) < 0.8) == (positive > 0.5)).astype(int)
    return labels, np.stack([1 - positive, positive], axis=1)


def test_the_measures_are_of_rows_left_out_of_the_fit() -> None:
    labels, said = over_confident()
    found = evaluate(labels, said, ["bad", "good"])
    tried = trials(found)
    written = json.loads(json.dumps(as_json(tried), allow_nan=False))
    for trial in tried:
        expected = evaluate(labels, out_of_fold(said, labels, trial.kind), ["bad", "good"])
        told = written[trial.kind]["cross_validated"]
        assert told["log_loss"] == expected.log_loss
        assert told["calibration_error"] == expected.calibration_error
        change = told["log_loss_change"]
        assert change["value"] == pytest.approx(expected.log_loss - found.log_loss)
        assert change["low"] < change["value"] < change["high"] < 0 and trial.helps
    lines = in_words(found, tried)
    assert any(f"{tried[0].evaluation.log_loss:.4f}" in line for line in lines)
    assert lines[-2] == f"fitted: {numbers(tried[0].fitted, ['bad', 'good'])}"


def test_confidence_is_said_to_be_too_high_too_low_or_right() -> None:
    labels, said = over_confident()
    right = (said.argmax(axis=1) == labels).mean()
    told = confidence(evaluate(labels, said, ["bad", "good"]))
    assert f"98.0 % and is right in {100 * right:.1f} %" in told
    assert told.endswith(f"it is over-confident by {100 * (0.98 - right):.1f} points.")
    timid = np.where(said > 0.5, 0.6, 0.4)
    assert "under-confident by" in confidence(evaluate(labels, timid, ["bad", "good"]))
    fitting = np.where(said > 0.5, 0.8, 0.2)
    assert "agree within" in confidence(evaluate(labels, fitting, ["bad", "good"]))


def test_a_temperature_at_the_end_of_what_is_tried_is_said_to_be_one() -> None:
    def told(temperature: float) -> str:
        return numbers(Recalibration(temperature, (1.0, 1.0)), ["bad", "good"])

    assert "the highest that is tried: the probabilities hardly tell" in told(HIGHEST)
    assert "the lowest that is tried" in told(LOWEST)
    assert told(2.5) == "temperature 2.50"
