"""Cards side by side: read whole, and nothing made up where they are silent."""

from pathlib import Path

import pytest

from dlnlp.artifacts import json_bytes, open_artifact, write_artifact
from dlnlp.cards import Measure, OverSeeds, summarize

CARD = {
    "architecture": "A network",
    "dataset": "toys",
    "confusion": [[3, 1], [2, 4]],
    "metrics": {
        "validation": {"accuracy": {"value": 0.5}},
        "test": {
            "accuracy": {"value": 0.7, "low": 0.4, "high": 0.9},
            "calibration_error": {"value": 0.03},
        },
    },
    "over_seeds": {"accuracy": {"seeds": 3, "mean": 0.71, "standard_deviation": 0.02}},
    "baselines": {"a line": {"accuracy": 0.6}, "without a number": "unknown"},
    "reliability": [{"documents": 10, "probability": 0.9, "positive": 0.7}],
    "parameters": {"embeddings": 100, "network": 23},
}


def summary(path: Path, card: dict):
    write_artifact(path / "toy", {"config.json": json_bytes({"model": "toy"})}, card)
    return summarize(open_artifact(path / "toy"))


def test_a_card_is_read_whole(tmp_path: Path) -> None:
    found = summary(tmp_path, CARD)
    assert (found.name, found.architecture, found.dataset) == ("toy", "A network", "toys")
    assert found.test_cases == 10 and found.parameters == 123
    assert found.measures == {
        "accuracy": Measure(0.7, 0.4, 0.9),
        "calibration_error": Measure(0.03),
    }
    assert found.over_seeds == OverSeeds(3, 0.71, 0.02)
    assert found.baselines == {"a line": 0.6}
    (part,) = found.calibration
    assert (part.cases, part.probability, part.came_true) == (10, 0.9, 0.7)
    size = sum(file.stat().st_size for file in (tmp_path / "toy").iterdir())
    assert found.megabytes == pytest.approx(size / 1e6)
    assert found.sha256 == found.card["card_sha256"]


def test_what_a_card_lacks_is_left_out(tmp_path: Path) -> None:
    found = summary(tmp_path, {"parameters": 7})
    assert found.measures == {} and found.baselines == {} and found.calibration == ()
    assert found.over_seeds is None and found.test_cases == 0 and found.parameters == 7


def test_numbers_for_people() -> None:
    assert Measure(0.9186, 0.91519, 0.92196).percent == "91.9 % (91.5 to 92.2)"
    assert Measure(0.9964, 0.99502, 0.9974).percent == "99.64 % (99.50 to 99.74)"
    assert Measure(0.006).percent == "0.6 %"
    assert OverSeeds(5, 0.9964, 0.00037).percent == "99.64 ± 0.04 % (5 seeds)"
