"""The comparison of the shipped networks: what stands in it is what their cards say."""

import csv
import io
import json
from pathlib import Path

import pytest

from dlnlp import artifacts
from dlnlp.artifacts import open_artifact
from dlnlp.cards import ModelSummary, summarize
from dlnlp.ui.models.comparison import (
    cards_json,
    comparison_csv,
    comparison_rows,
    errors_figure,
    errors_in_words,
)
from dlnlp.ui.shell.charts import calibration_figure, calibration_in_words

SHIPPED = Path(__file__).resolve().parents[3] / "weights"


@pytest.fixture(scope="module")
def summaries() -> list[ModelSummary]:
    names = artifacts.available_models(SHIPPED)
    return [summarize(open_artifact(SHIPPED / name)) for name in names]


def test_every_network_has_a_row(summaries: list[ModelSummary]) -> None:
    rows = comparison_rows(summaries)
    assert [row["network"] for row in rows] == [f"**{found.title}**" for found in summaries]
    (kim,) = (row for row in rows if "Kim" in row["network"])
    accuracy = open_artifact(SHIPPED / "kim_cnn").card["metrics"]["test"]["accuracy"]
    low, high = (f"{100 * (1 - accuracy[end]):.1f}" for end in ("high", "low"))
    assert kim["test error"] == f"{100 * (1 - accuracy['value']):.1f} % ({low} to {high})"
    baselines = open_artifact(SHIPPED / "kim_cnn").card["baselines"]
    best = max(found["accuracy"] for found in baselines.values())
    assert kim["best simpler model"].startswith(f"{100 * (1 - best):.1f} %, NB-SVM")
    assert comparison_rows([]) == []


def test_errors_and_intervals_are_those_of_the_cards(summaries: list[ModelSummary]) -> None:
    figure = errors_figure(summaries)
    baselines, network = figure.data
    for place, found in enumerate(summaries):
        accuracy = found.measures["accuracy"]
        assert network.y[place] == found.title
        assert network.x[place] == pytest.approx(1 - accuracy.value)
        right, left = network.error_x.array[place], network.error_x.arrayminus[place]
        assert network.x[place] + right == pytest.approx(1 - accuracy.low)
        assert network.x[place] - left == pytest.approx(1 - accuracy.high)
    sizes = errors_figure(summaries, summaries[1].name).data[1].marker.size
    assert max(sizes) == sizes[1] > sizes[0]
    assert len(baselines.x) == sum(len(found.baselines) for found in summaries)
    words = errors_in_words(summaries)
    assert all(found.title in words for found in summaries)


def test_calibration_shows_every_group_that_has_cases(summaries: list[ModelSummary]) -> None:
    for found in summaries:
        curve = calibration_figure(found.calibration).data[1]
        assert list(curve.customdata) == [part.cases for part in found.calibration if part.cases]
        assert calibration_in_words(found.calibration).count("says ") == len(curve.customdata)


def test_downloads_hold_the_numbers(summaries: list[ModelSummary]) -> None:
    table = comparison_csv(summaries).decode("utf-8-sig")
    rows = {row["network"]: row for row in csv.DictReader(io.StringIO(table))}
    for found in summaries:
        row = rows[found.name]
        assert float(row["accuracy"]) == pytest.approx(found.measures["accuracy"].value, abs=1e-6)
        assert row["card_sha256"] == found.sha256 and int(row["parameters"]) == found.parameters
        assert row["seeds"] == str(found.over_seeds.seeds if found.over_seeds else 1)
    assert rows["kim_cnn"]["within_one"] == ""
    whole = json.loads(cards_json(summaries))
    assert whole == {found.name: found.card for found in summaries}
