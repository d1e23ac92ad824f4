"""The worker's task of the page that trains: the command's own training, reported and stopped."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from dlnlp.artifacts import open_artifact
from dlnlp.cards import AT_CHANCE
from dlnlp.inference import load_predictor
from dlnlp.inference.class_order import are_ordered
from dlnlp.inference.recording import FILE, load_recording
from dlnlp.worker.process import TaskError
from tests.train import tables
from train.corpora.own_look import look
from train.own import main
from train.texts.own_page import learn


class Page:
    """Keeps the reports; stops after some steps."""

    def __init__(self, stop_after: int = 10_000) -> None:
        self.reports: list[dict[str, Any]] = []
        self.stop_after = stop_after

    def report(self, message: dict[str, Any]) -> None:
        self.reports.append(message)

    def cancelled(self) -> bool:
        return max((m["step"] for m in self.reports if "step" in m), default=0) >= self.stop_after

    def all(self, name: str) -> list[Any]:
        return [message[name] for message in self.reports if name in message]


def arguments(folder: Path, rows: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
    work, made = folder / "work", folder / "networks"
    work.mkdir(parents=True)
    made.mkdir()
    table = tables.write(work / "tweets.csv", rows)
    asked = {"watch": ["-- so happy 🎉 & sad <b>"], "epochs": 3, "max_lr": None, "schedule": None}
    return {
        "table": str(table), "name": "tweets", "work": str(work),
        "outputs": {"kim_cnn": str(made / "tweets~1")}, **asked, **more,
    }  # fmt: skip


ROWS = tables.phrases(tables.TWEETS, 250, seed=4)


def test_the_page_trains_what_the_command_trains(tmp_path: Path) -> None:
    page = Page()
    order = ["negative", "neutral", "positive"]
    asked = arguments(tmp_path, ROWS, class_order=order)
    assert learn(asked, page.report, page.cancelled) == {"networks": ["tweets~1"]}
    output = tmp_path / "networks" / "tweets~1"
    assert load_predictor(output).class_names == ("negative", "neutral", "positive")
    assert are_ordered(order, open_artifact(output).card)
    assert not (tmp_path / "work").exists(), "the visitor's table and checkpoints are gone"

    (plan,) = page.all("plan")
    losses = [loss for part in page.all("losses") for loss in part]
    steps = [m["step"] for m in page.reports if "losses" in m]
    assert len(losses) == steps[-1] == plan["steps"] == sum(r["steps"] for r in page.all("epoch"))
    assert losses[-1] < losses[0] and page.all("ended") == [plan["steps"]]
    (watched,) = page.all("watched")
    assert watched[0]["text"] == "-- so happy 🎉 & sad <b>"
    points = [point["step"] for point in page.all("point")]
    assert points[0] == 0 and points[-1] == plan["steps"] and points == sorted(set(points))
    recording = load_recording(output / FILE)
    assert recording is not None and [p["step"] for p in recording["points"]] == points

    table = tables.write(tmp_path / "tweets.csv", ROWS)
    again = [str(table), "--model", "kim_cnn", "--workers", "1", "--epochs", "3"]
    again += ["--output", str(tmp_path / "own"), "--work", str(tmp_path / "run"), "--watch=happy"]
    assert main(again) == 0
    files = (open_artifact(path).card["files"] for path in (output, tmp_path / "own" / "tweets"))
    first, second = ({n: f[n] for n in ("network.onnx", "vocabulary.txt")} for f in files)
    assert first == second


def test_a_stop_keeps_a_network_and_a_schedule_is_followed(tmp_path: Path) -> None:
    page = Page(stop_after=2)
    constant = '{"rate": {"kind": "constant", "value": 0.3}, "steps": 10}'
    asked = arguments(tmp_path, ROWS, max_lr=0.002, schedule=constant)
    learn(asked, page.report, page.cancelled)
    assert page.all("ended")[0] < page.all("plan")[0]["steps"]
    assert page.all("rate") == pytest.approx([0.002] * len(page.all("rate")))
    card = open_artifact(tmp_path / "networks" / "tweets~1").card
    assert card["training"]["schedule"]["steps"] == 10 and card["training"]["max_lr"] == 0.002


def test_shuffled_labels_are_said_to_be_at_chance(tmp_path: Path) -> None:
    texts = [text for text, _ in ROWS]
    labels = [label for _, label in ROWS]
    rows = list(zip(texts, labels[7:] + labels[:7], strict=True))
    page = Page()
    learn(arguments(tmp_path, rows), page.report, page.cancelled)
    assert AT_CHANCE in page.all("said")
    card = open_artifact(tmp_path / "networks" / "tweets~1").card
    assert card["limits"][0] == AT_CHANCE


def test_a_range_test_uses_the_recipe_and_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from train.texts import own_range_test

    monkeypatch.setattr(own_range_test, "STEPS", 40)
    page = Page()
    asked = arguments(tmp_path, ROWS, seeds=2)
    found = own_range_test.own_range_test(asked, page.report, lambda: len(page.reports) > 12)
    assert found["notes"] == ["The rate reached max_lr.", "Stopped before the end."]
    assert not (tmp_path / "work").exists(), "the visitor's table is gone"
    (planned, *reports) = page.reports
    assert planned == {"steps": 40, "seeds": 2}
    rates = [rate for r in reports if r["seed"] == 1 for rate in r["rates"]]
    losses = [loss for r in reports if r["seed"] == 1 for loss in r["losses"]]
    assert len(rates) == 40 and rates[0] == pytest.approx(1e-5) and rates[-1] == pytest.approx(1)
    # AdamW learns at rates where SGD would not move at all, and diverges far below 1.
    assert min(losses[:30]) < 0.7 * losses[0]
    second = [loss for r in reports if r["seed"] == 2 for loss in r["losses"]]
    assert second and second != losses[: len(second)], "another seed is another start"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"schedule": "{}"}, "The schedule cannot be read"),
        ({"name": "a/b"}, "choose another name"),
        ({"epochs": 0}, "choose another name"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(TaskError, match=sentence) as caught:
        learn(arguments(tmp_path, ROWS, **change), lambda message: None, lambda: False)
    assert str(tmp_path) not in str(caught.value)


def test_a_table_that_teaches_nothing_is_told_without_the_servers_folders(tmp_path: Path) -> None:
    asked = arguments(tmp_path, [("the same", "one")] * 30)
    with pytest.raises(TaskError, match="all rows have the label 'one'") as caught:
        learn(asked, lambda message: None, lambda: False)
    assert str(tmp_path) not in str(caught.value)
    found = look(asked, lambda message: None, lambda: False)
    assert "all rows have the label 'one'" in found["refusal"]
    assert "29 rows repeat the text of another; copies stay in one split." in found["warnings"]
    shutil.rmtree(tmp_path / "work")
    with pytest.raises(TaskError, match="there is no file tweets.csv"):
        look(asked, lambda message: None, lambda: False)
