"""Records of a real run: read when they fit together, else the section is absent."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlnlp import artifacts
from dlnlp.artifacts import json_bytes, write_artifact
from dlnlp.schedules import Cyclical
from dlnlp.ui.schedules import real_run
from dlnlp.ui.schedules.real_run import (
    histories,
    read_range_test,
    read_record,
    record_figure,
    shipped_run,
    validation,
    what_to_see,
)

STEPS = np.arange(200)
RATE = Cyclical(0.1, 0.6, 50)(STEPS)
RECORD = {
    "step": STEPS.tolist(),
    "learning_rate": RATE.tolist(),
    "momentum": (0.95 - 0.2 * (RATE - 0.1)).tolist(),
    "loss": np.linspace(2, 1, 200).tolist(),
}


@pytest.mark.parametrize("objects", [False, True])
def test_lists_or_objects_are_read(objects: bool) -> None:
    content: Any = RECORD
    if objects:
        keys = ("step", "rate", "momentum", "loss")
        content = [dict(zip(keys, row, strict=True)) for row in zip(*RECORD.values(), strict=True)]
    record = read_record({"cyclical": content})
    assert record is not None and record.accuracy is None
    np.testing.assert_allclose(record.rate, RATE)
    figure = record_figure(record)
    assert {trace.name for trace in figure.data} >= {"each batch", "averaged", "learning rate"}
    assert "200 steps with 2 peaks" in what_to_see(record)


@pytest.mark.parametrize(
    "history",
    [
        {},
        {"cyclical": None},
        {"cyclical": []},
        {"cyclical": [1, 2]},
        {"cyclical": {**RECORD, "loss": [1.0]}},
        {"cyclical": {**RECORD, "loss": ["much"] * 200}},
        {"cyclical": {"step": RECORD["step"]}},
    ],
)
def test_what_does_not_fit_together_is_no_record(history: dict[str, Any]) -> None:
    assert read_record(history) is None


def test_range_test_beside_it_is_analysed() -> None:
    rates = np.geomspace(1e-4, 1, 60)
    losses: list[float | None] = (2 / (1 + rates * 100)).tolist()
    losses[-1] = None
    assert read_range_test({"range_test": {"rates": rates.tolist(), "losses": losses}}) is not None
    assert read_range_test({"range_test": {"rates": [1.0], "losses": [1.0]}}) is None
    assert read_range_test({}) is None


def test_validation_is_a_sentence_or_nothing() -> None:
    run = {"validation_after_each_epoch": [{"accuracy": 0.6}, {"accuracy": 0.6354}]}
    assert validation({"cyclical_run": run}).endswith("60.0 %, 63.5 %.")
    assert validation({}) == validation({"cyclical_run": {}}) == ""


def test_only_models_with_a_record_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    for name, history in (("with", {"cyclical": RECORD}), ("without", {}), ("damaged", {})):
        files = {"config.json": b"{}", "history.json": json_bytes(history)}
        write_artifact(tmp_path / name, files, {})
    (tmp_path / "damaged" / "history.json").write_text(json.dumps({"cyclical": RECORD}))
    real_run._history.clear()
    found, damaged = histories()
    assert list(found) == ["with"]
    assert (
        len(damaged) == 1 and f"{tmp_path / 'damaged' / 'history.json'} has changed" in damaged[0]
    )


def test_the_shipped_run_stands_beside_it_and_odd_records_are_left_out() -> None:
    epochs = [{"validation_accuracy": 0.9214}, {"validation_accuracy": 0.9244}]
    assert "92.1 %, 92.4 %" in str(shipped_run({"epochs": epochs}))
    for odd in ({}, {"epochs": []}, {"epochs": [{}]}, {"epochs": 3}, {"epochs": [[1]]}):
        assert shipped_run(odd) is None
