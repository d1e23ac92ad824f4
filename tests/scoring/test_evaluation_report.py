"""The printed measures and those in the JSON file are the same."""

import json

import numpy as np
import pytest

from dlnlp.scoring.evaluation import evaluate, operating_point
from dlnlp.scoring.evaluation_report import as_json, in_words, point_in_words, threshold_curve


def answers(rows: int, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, classes, rows), rng.dirichlet(np.ones(classes), rows)


def test_as_json_and_in_words_say_the_same() -> None:
    labels, said = answers(30, 3, 1)
    labels[labels == 2] = 0  # a class that does not occur
    found = evaluate(labels, said, ["1 stars", "2 stars", "3 stars"])
    written = json.loads(json.dumps(as_json(found), allow_nan=False))
    assert written["rows"] == 30 and np.sum(written["confusion"]) == 30
    assert written["per_class"][2]["recall"] is None
    lines = in_words(found)
    assert lines[0].startswith(f"accuracy               {100 * written['accuracy']['value']:.1f} %")
    assert any(line.startswith("3 stars") and "–" in line for line in lines)
    assert written["thresholds"] == []


def test_the_curve_over_thresholds_holds_every_operating_point() -> None:
    labels, said = answers(50, 2, 3)
    found = evaluate(labels, said, ["bad", "good"])
    curve = threshold_curve(found)
    assert [point.threshold for point in curve] == pytest.approx(np.linspace(0, 1, 101))
    assert curve[62] == operating_point(found, curve[62].threshold)
    written = json.loads(json.dumps(as_json(found), allow_nan=False))["thresholds"]
    assert written[62]["recall"] == curve[62].recall and written[100]["precision"] is None
    told = point_in_words(curve[100], "good")
    assert told.startswith("From 100 % on “good”: accuracy") and "precision none" in told
