"""The table of minimal pairs, by a network that counts letters."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import minimal_pairs
from train.texts.minimal_pairs import Pair


def test_a_row_for_each_kind_and_all_of_the_testing_half(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = [Pair("a", "bad", "good"), Pair("b", "bad", "bad"), Pair("b", "good", "good")]
    opened = []

    def answers(texts: list[str]) -> list[SimpleNamespace]:
        right = [np.array([0.1, 0.9]) if "good" in text else np.array([0.9, 0.1]) for text in texts]
        return [SimpleNamespace(probabilities=p) for p in right]

    def load(path: Path) -> SimpleNamespace:
        opened.append(path)
        return SimpleNamespace(predict_batch=answers)

    monkeypatch.setattr(minimal_pairs, "minimal_pairs", lambda half: pairs * (half == "testing"))
    monkeypatch.setattr(minimal_pairs, "load_predictor", load)
    minimal_pairs.main(["--weights", "W", "--models", "kim_cnn"])
    assert opened == [Path("W/kim_cnn").absolute()] or opened == [Path("W/kim_cnn")]
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| `kim_cnn` | a | 1 | 100.0% | 100.0% |",
        "| `kim_cnn` | b | 2 | 0.0% | 0.0% |",
        "| `kim_cnn` | all | 3 | 33.3% | 33.3% |",
    ]
