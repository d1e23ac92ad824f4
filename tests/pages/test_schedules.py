"""The schedules page without a browser; the worker is a stand-in where it is not the point."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts
from dlnlp.schedules import Cyclical
from dlnlp.ui.schedules import controls
from dlnlp.ui.schedules import race as schedule_race
from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.kinds import KINDS
from dlnlp.ui.schedules.playback import Race
from dlnlp.ui.schedules.view import View
from dlnlp.ui.shell import worker_jobs
from dlnlp.worker.worker import Job, QueueFull
from tests.ui.drawn_tables import tables

ROOT = Path(__file__).resolve().parents[2]
# Three kinds, whatever a new visitor finds.
THREE = {
    0: Choice("constant", {"peak": 0.05}),
    1: Choice("cosine", {"peak": 0.1, "warmup": 1.0}),
    2: Choice("onecycle", {"peak": 0.15}),
}


class StandIn:
    """Takes jobs as the worker does, and never runs them."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.before = 0
        self.full = False

    def submit(self, task: str, arguments: dict[str, Any], **more: Any) -> Job:
        if self.full:
            raise QueueFull("6 others are waiting for this server already: try again in a minute.")
        self.jobs.append(Job(len(self.jobs), task, arguments, "", lambda: True))
        return self.jobs[-1]

    def place(self, job: Job) -> int:
        return self.before

    def cancel(self, job: Job) -> None:
        job.state, job.started, job.ended = "cancelled", 1.0, 3.5

    def close(self) -> None:
        pass


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    made = StandIn()
    monkeypatch.setattr(worker_jobs, "shared_worker", lambda: made)
    return made


@pytest.fixture
def schedules(
    app: AppTest, worker: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AppTest]:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.session_state[controls._VIEW] = View(choices=THREE)
    app.session_state[schedule_race._SPEED] = "as fast as it runs"
    app.switch_page("pages/schedules.py").run()
    assert not app.exception
    yield app
    assert not app.exception


def view(app: AppTest) -> View:
    found: View = app.session_state[controls._VIEW]
    return found


def field(app: AppTest, label: str) -> Any:
    return next(f for f in app.number_input if f.label == label)


def button(app: AppTest, label: str) -> Any:
    return next(b for b in app.button if b.label.startswith(label))


def summary(app: AppTest) -> list[str]:
    return [str(name) for name in tables(app)[0]["schedule"]]


def code(app: AppTest) -> list[str]:
    return [block.value for block in app.code]


def test_a_new_visitor_finds_three_schedules(app: AppTest, worker: StandIn) -> None:
    app.switch_page("pages/schedules.py").run()
    assert summary(app) == [
        "A · Cosine 0.3, warm-up",
        "B · Cosine 0.3, no warm-up",
        "C · Cosine 1, warm-up",
    ]
    assert any("**645 steps**" in caption.value for caption in app.caption)
    app.session_state[controls.PART] = "Live race"
    app.run()
    assert any("Which of the three learn?" in text.value for text in app.markdown)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_chosen(schedules: AppTest, kind: str) -> None:
    schedules.selectbox[0].set_value(kind).run()
    assert summary(schedules)[0].startswith(f"A · {KINDS[kind].title}")
    assert not schedules.exception
    assert any("dlnlp.schedules" in block for block in code(schedules))


def test_a_parameter_changes_summary_and_code(schedules: AppTest) -> None:
    field(schedules, "Learning rate").set_value(0.125).run()
    assert tables(schedules)[0]["peak"][0] == "0.125"
    assert any("Constant(value=0.125)" in block for block in code(schedules))
    field(schedules, "Warm-up (epochs)").set_value(2.0).run()
    assert any("Warmup(after=Constant(value=0.125), steps=86" in block for block in code(schedules))


def test_lengths_follow_unit_and_batch_size(schedules: AppTest) -> None:
    schedules.segmented_control(key=controls.SELECTED).set_value(1).run()
    unit = next(s for s in schedules.segmented_control if s.label == "Lengths in")
    unit.set_value("steps").run()
    assert field(schedules, "Warm-up (steps)").value == 43
    field(schedules, "Batch size").set_value(64).run()
    assert field(schedules, "Warm-up (steps)").value == 22
    field(schedules, "Warm-up (steps)").set_value(33).run()
    assert view(schedules).choices[1].number("warmup") == pytest.approx(1.5)
    assert field(schedules, "Decay ends after (steps)").value is None


def said(app: AppTest, start: str) -> list[str]:
    return [text.value for text in app.text if text.value.startswith(start)]


def test_a_number_out_of_range_is_said_at_field_and_chart(schedules: AppTest) -> None:
    field(schedules, "Learning rate").set_value(0.125).run()
    field(schedules, "Learning rate").set_value(2_000.0).run()
    sentence = "Learning rate must be from 1e-09 to 1000: the chart keeps 0.125."
    assert said(schedules, "Learning rate") == [sentence] * 2
    assert view(schedules).choices[0].number("peak") == 0.125
    assert tables(schedules)[0]["peak"][0] == "0.125"
    field(schedules, "Learning rate").set_value(0.25).run()
    assert said(schedules, "Learning rate") == []
    assert tables(schedules)[0]["peak"][0] == "0.25"


def test_a_run_out_of_range_is_said_at_field_and_chart(schedules: AppTest) -> None:
    epochs = [f for f in schedules.number_input if f.label == "Epochs"]
    epochs[0].set_value(0).run()
    sentence = "Epochs must be from 1 to 10,000: the chart keeps 15."
    assert said(schedules, "Epochs") == [sentence] * 2
    assert view(schedules).run.epochs == 15
    epochs[0].set_value(9_000).run()
    assert said(schedules, "Epochs") == [] and view(schedules).run.epochs == 9_000
    field(schedules, "Examples").set_value(1_000_000_000).run()
    assert len(said(schedules, "100,000,000 steps are the most")) == 2
    schedules.session_state[controls.PART] = "Live race"
    schedules.run()
    race = [f for f in schedules.number_input if f.label == "Epochs"][1]
    race.set_value(500).run()
    assert said(schedules, "Epochs") == ["Epochs must be from 1 to 200: the race keeps 3."]


def test_lengths_out_of_range_are_said_in_their_unit(schedules: AppTest) -> None:
    schedules.selectbox[0].set_value("triangular").run()
    field(schedules, "step_size_down (epochs)").set_value(-1.0).run()
    sentence = "step_size_down (epochs) must be from 1e-06 to 10000: the chart keeps as long as up."
    assert said(schedules, "step_size") == [sentence] * 2
    next(s for s in schedules.segmented_control if s.label == "Lengths in").set_value("steps").run()
    assert said(schedules, "step_size") == []
    field(schedules, "step_size_up (steps)").set_value(0).run()
    sentence = "step_size_up (steps) must be from 1 to 430,000: the chart keeps 86."
    assert said(schedules, "step_size") == [sentence] * 2


@pytest.mark.parametrize("unit", ["epochs", "steps"])
def test_an_empty_length_says_what_it_means(schedules: AppTest, unit: str) -> None:
    next(s for s in schedules.segmented_control if s.label == "Lengths in").set_value(unit).run()
    schedules.selectbox[0].set_value("triangular").run()
    down = field(schedules, f"step_size_down ({unit})")
    assert down.placeholder == "as long as up" and down.value is None
    assert any("step_size_up=86)" in block for block in code(schedules))
    down.set_value(1.0 if unit == "epochs" else 43).run()
    assert any("step_size_up=86, step_size_down=43" in block for block in code(schedules))
    schedules.selectbox[0].set_value("cosine").run()
    assert field(schedules, f"Decay ends after ({unit})").placeholder == "end of run"
    assert field(schedules, "Learning rate").placeholder == ""


def test_schedules_are_added_up_to_four_and_removed(schedules: AppTest) -> None:
    button(schedules, "Add").click().run()
    assert len(summary(schedules)) == 4 and not any(b.label == "Add" for b in schedules.button)
    assert schedules.selectbox[0].value == "restarts", "the new one is open"
    for left in (3, 2, 1):
        button(schedules, "Remove").click().run()
        assert len(summary(schedules)) == left
    assert not any(b.label == "Remove" for b in schedules.button)


def test_settings_survive_a_change_of_page(schedules: AppTest) -> None:
    field(schedules, "Learning rate").set_value(0.2).run()
    button(schedules, "Add").click().run()
    schedules.selectbox[0].set_value("triangular").run()
    field(schedules, "Maximum learning rate (max_lr)").set_value(0.7).run()
    before = view(schedules)
    schedules.switch_page("pages/home.py").run()
    schedules.switch_page("pages/schedules.py").run()
    assert view(schedules) == before and len(summary(schedules)) == 4
    schedules.segmented_control(key=controls.SELECTED).set_value(3).run()
    assert field(schedules, "Maximum learning rate (max_lr)").value == 0.7


def test_a_link_restores_and_leaves_once_something_changes(app: AppTest, worker: StandIn) -> None:
    app.query_params.update(
        {
            "data": "1000",
            "batch": "10",
            "epochs": "3",
            "unit": "steps",
            "s": ["triangular~peak_0.9~up_0.5", "noam"],
            "race": "4-64-2",
            "part": "Live race",
        }
    )
    app.switch_page("pages/schedules.py").run()
    assert not app.exception
    assert summary(app) == ["A · Triangular", "B · Inverse square root"]
    assert field(app, "step_size_up (steps)").value == 50
    race = [f.value for f in app.number_input if f.label in ("Epochs", "Batch size", "Seeds")]
    assert race == [10, 3, 4, 64, 2]
    assert "s" in app.query_params
    field(app, "Seeds").set_value(3).run()
    app.run()
    assert "s" not in app.query_params and view(app).race.seeds == 3


def test_a_nonsensical_link_gives_a_sensible_page(app: AppTest, worker: StandIn) -> None:
    app.query_params.update({"data": "x", "s": ["<script>", "cosine~peak_nan"], "race": "?"})
    app.switch_page("pages/schedules.py").run()
    assert not app.exception
    assert summary(app) == ["A · Cosine"]


def start_race(schedules: AppTest) -> None:
    button(schedules, "Let these race").click().run()


def test_a_race_gets_what_is_on_the_page(schedules: AppTest, worker: StandIn) -> None:
    schedules.session_state[controls.PART] = "Live race"
    schedules.run()
    field(schedules, "Seeds").set_value(2).run()
    start_race(schedules)
    (job,) = worker.jobs
    assert job.task == "dlnlp.tasks.race:race"
    assert job.arguments["steps"] == 645 and job.arguments["seeds"] == 2
    kinds = [pair["rate"]["kind"] for pair in job.arguments["schedules"]]
    assert kinds == ["constant", "warmup", "one_cycle"]


def test_a_link_that_says_so_starts_the_race_once(app: AppTest, worker: StandIn) -> None:
    app.query_params.update({"s": ["constant", "noam"], "go": "1"})
    app.switch_page("pages/schedules.py").run()
    assert not app.exception and len(worker.jobs) == 1
    assert len(worker.jobs[0].arguments["schedules"]) == 2
    assert view(app).part == "Live race" and "go" not in app.query_params
    app.run()
    assert len(worker.jobs) == 1


def message(step: int) -> dict[str, Any]:
    numbers = [[0.9 - 0.01 * k] * 5 for k in range(3)]
    return {"step": step, "train_loss": numbers, "loss": numbers, "accuracy": numbers}


def progress(schedules: AppTest) -> tuple[int, str]:
    (bar,) = schedules.get("progress")
    return bar.proto.value, bar.proto.text


def running(schedules: AppTest, worker: StandIn) -> Job:
    """A race with three reports."""
    start_race(schedules)
    (job,) = worker.jobs
    job.state = "running"
    job.messages = [{"steps": 129}, {**message(0), "train_loss": None}, message(43), message(86)]
    return job


def test_place_progress_and_stop_are_shown(schedules: AppTest, worker: StandIn) -> None:
    worker.before = 2
    start_race(schedules)
    assert progress(schedules) == (0, "In the queue: 2 jobs are before yours.")
    worker.before = 0
    (job,) = worker.jobs
    job.state = "running"
    job.messages = [{"steps": 645}, {**message(0), "train_loss": None}, message(129)]
    schedules.run()
    assert progress(schedules) == (20, "Step 129 of 645")
    button(schedules, "Stop").click().run()
    assert job.state == "cancelled" and not schedules.get("progress")
    assert any("Stopped before the end" in caption.value for caption in schedules.caption)
    assert [str(v) for v in tables(schedules)[0]["accuracy (median)"]] == [
        "90.0 %",
        "89.0 %",
        "88.0 %",
    ]


def test_a_race_is_paused_stepped_and_goes_on(schedules: AppTest, worker: StandIn) -> None:
    schedules.session_state[schedule_race._SPEED] = "slow"
    job = running(schedules, worker)
    race: Race = schedules.session_state[schedule_race._STATE]
    button(schedules, "Pause").click().run()
    race.shown = 0.0
    schedules.run()
    assert progress(schedules) == (0, "Paused. Step 0 of 129")
    button(schedules, "Step").click().run()
    assert progress(schedules) == (0, "Paused. Step 0 of 129"), "the first report is step 0"
    button(schedules, "Step").click().run()
    assert progress(schedules) == (33, "Paused. Step 43 of 129")
    job.state, job.started, job.ended = "done", 1.0, 2.0
    schedules.run()
    assert progress(schedules)[1].startswith("Paused"), "what has come is shown at one's own speed"
    button(schedules, "Step").click().run()
    assert race.over and button(schedules, "Step").disabled
    assert any("Lines are medians" in caption.value for caption in schedules.caption)
    button(schedules, "Replay").click().run()
    assert race.playing and not race.over


def test_what_diverges_is_said_and_explained(app: AppTest, worker: StandIn) -> None:
    app.session_state[schedule_race._SPEED] = "as fast as it runs"
    app.switch_page("pages/schedules.py").run()
    job = running(app, worker)
    for report, high in zip(job.messages[1:], (3.0, 20.0, 30.0), strict=True):
        report["loss"] = [[3.0 if high == 3.0 else 0.2] * 5, [high] * 5, [2 * high] * 5]
        report["accuracy"] = [[0.97] * 5, [0.1] * 5, [0.1] * 5]
        if high == 3.0:
            report["loss"][2] = [3.0] * 5
    job.state, job.started, job.ended = "done", 1.0, 2.0
    app.run()
    assert not app.exception
    told = " ".join(text.value for text in app.markdown)
    assert "**diverged** at epoch 1.0, loss 3 → 30; now 10.0 % right" in told
    assert "A and B differ in the warm-up alone" in told
    assert "A and C differ in the peak alone: a rate of 1 is too high" in told


def test_a_race_is_still_there_after_a_change_of_page(schedules: AppTest, worker: StandIn) -> None:
    start_race(schedules)
    worker.jobs[0].messages = [{"steps": 645}, {**message(0), "train_loss": None}, message(129)]
    schedules.switch_page("pages/home.py").run()
    schedules.switch_page("pages/schedules.py").run()
    assert progress(schedules)[0] == 20


def test_a_failed_race_says_why_and_can_be_started_again(
    schedules: AppTest, worker: StandIn
) -> None:
    start_race(schedules)
    worker.jobs[0].state, worker.jobs[0].error = "failed", "It ended unexpectedly: start again."
    schedules.run()
    assert any("It ended unexpectedly" in text.value for text in schedules.text)
    start_race(schedules)
    assert len(worker.jobs) == 2


def test_a_full_queue_is_told(schedules: AppTest, worker: StandIn) -> None:
    worker.full = True
    start_race(schedules)
    assert any("6 others are waiting" in text.value for text in schedules.text)


def test_range_test_suggests_and_sends_bounds(schedules: AppTest, worker: StandIn) -> None:
    schedules.session_state[controls.PART] = "LR range test"
    schedules.run()
    button(schedules, "Start the range test").click().run()
    (job,) = worker.jobs
    assert job.task == "dlnlp.tasks.race:range_test" and job.arguments["momentum"] == 0.9
    rates = np.geomspace(1e-4, 2, 100)
    losses = 2 - 1.8 / (1 + (0.01 / rates) ** 2) + 5 * np.maximum(rates - 0.3, 0)
    assert job.arguments["seeds"] == 3
    job.messages = [{"steps": 100, "seeds": 3}] + [
        {"seed": seed, "rates": rates.tolist(), "losses": np.roll(losses, seed).tolist()}
        for seed in range(3)
    ]
    job.state, job.result = "done", {"notes": ["The rate reached max_lr."] * 3}
    schedules.run()
    assert tables(schedules)[0]["lowest to highest seed"][0].count(" to ") == 1
    assert any("differs most: by a factor of" in text.value for text in schedules.markdown)
    assert any("reached max_lr" in text.value for text in schedules.text)
    button(schedules, "Send to A").click().run()
    sent = view(schedules).choices[0]
    assert sent.kind == "constant" and 0.01 < sent.number("peak") < 0.3
    assert field(schedules, "Learning rate").value == sent.number("peak")
    button(schedules, "Send both bounds to D").click().run()
    cycle = view(schedules).choices[3]
    assert (cycle.kind, cycle.number("divisor")) == ("triangular", 4.0)
    assert schedules.selectbox[0].value == "triangular"


def test_settings_of_a_range_test_out_of_range_are_said(
    schedules: AppTest, worker: StandIn
) -> None:
    schedules.session_state[controls.PART] = "LR range test"
    schedules.run()
    field(schedules, "Steps").set_value(200).run()
    field(schedules, "Steps").set_value(10).run()
    assert said(schedules, "Steps") == ["Steps must be from 50 to 1,000: the test keeps 200."]
    field(schedules, "Lowest learning rate").set_value(0.5).run()
    field(schedules, "Highest learning rate").set_value(0.2).run()
    assert said(schedules, "The highest rate is below twice the lowest")
    button(schedules, "Start the range test").click().run()
    (job,) = worker.jobs
    numbers = [job.arguments[name] for name in ("steps", "min_lr", "max_lr")]
    assert numbers == [200, 0.5, 1.0]


def test_own_log_is_analysed_or_refused_in_one_sentence(schedules: AppTest) -> None:
    schedules.session_state[controls.PART] = "LR range test"
    schedules.run()
    next(s for s in schedules.segmented_control if s.label == "Source").set_value("my log").run()
    (uploader,) = schedules.get("file_uploader")
    rates = np.geomspace(1e-4, 1, 60)
    losses = 2 - 1.8 / (1 + (0.01 / rates) ** 2)
    rows = "".join(f"{r},{lo}\n" for r, lo in zip(rates, losses, strict=True))
    uploader.set_value(("log.csv", f"rate,loss\n{rows}".encode(), "text/csv")).run()
    assert any(b.label.startswith("Send to A") for b in schedules.button)
    schedules.switch_page("pages/home.py").run()
    schedules.switch_page("pages/schedules.py").run()
    assert any("log.csv: 60 rows, kept in this tab." in text.value for text in schedules.text)
    assert any(b.label.startswith("Send to A") for b in schedules.button)
    (uploader,) = schedules.get("file_uploader")
    uploader.set_value(("log.csv", b"rate,loss\n0.1,x\n", "text/csv")).run()
    assert any("Line 2: the loss “x” is no number." in text.value for text in schedules.text)
    (uploader,) = schedules.get("file_uploader")
    falling = "".join(f"{20 - k},1\n" for k in range(15)).encode()
    uploader.set_value(("log.csv", b"rate,loss\n" + falling, "text/csv")).run()
    assert any("raises the rate at every step" in text.value for text in schedules.text)


def test_columns_of_an_own_log_that_no_name_tells_are_chosen(schedules: AppTest) -> None:
    schedules.session_state[controls.PART] = "LR range test"
    schedules.run()
    next(s for s in schedules.segmented_control if s.label == "Source").set_value("my log").run()
    rates = np.geomspace(1e-4, 1, 60)
    losses = 2 - 1.8 / (1 + (0.01 / rates) ** 2)
    rows = "".join(f"{k},{r},{lo}\n" for k, (r, lo) in enumerate(zip(rates, losses, strict=True)))
    (uploader,) = schedules.get("file_uploader")
    uploader.set_value(("log.csv", f"n,η,<b>J</b>\n{rows}".encode(), "text/csv")).run()
    assert any(
        "learning rate and which the loss: choose above" in text.value for text in schedules.text
    )
    boxes = {box.label: box for box in schedules.selectbox}
    assert boxes["Column of the loss"].options == ["n", "η", "<b>J</b>"]
    boxes["Column of the learning rate"].set_value(1).run()
    assert any("which is the loss: choose above" in text.value for text in schedules.text)
    next(b for b in schedules.selectbox if b.label == "Column of the loss").set_value(2).run()
    assert any(b.label.startswith("Send to A") for b in schedules.button)


def test_without_a_record_of_a_real_run_the_page_says_so(schedules: AppTest) -> None:
    schedules.session_state[controls.PART] = "Training log of a HAN"
    schedules.run()
    assert any("No network on this machine has a record" in c.value for c in schedules.caption)


def test_real_run_is_drawn_where_a_model_has_a_record(
    app: AppTest, worker: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    steps = np.arange(400)
    rate = Cyclical(0.1, 0.6, 100)(steps)
    record = {"step": steps, "learning_rate": rate, "momentum": 0.95 - rate / 6, "loss": 1 / rate}
    test = {"rates": np.geomspace(1e-3, 1, 50), "losses": np.geomspace(2, 1, 50)}
    history = {"cyclical": record, "range_test": test}
    text = json.dumps(history, default=lambda array: array.tolist())
    files = {"config.json": b"{}", "history.json": text.encode()}
    artifacts.write_artifact(tmp_path / "han_stars", files, {})
    app.switch_page("pages/schedules.py").run()
    app.session_state[controls.PART] = "Training log of a HAN"
    app.run()
    assert not app.exception
    assert any("400 steps with 2 peaks" in caption.value for caption in app.caption)
    assert [e.label for e in app.expander] == ["The range test that its bounds came from"]
    charts = len(app.get("plotly_chart"))
    app.session_state["real_range_test"] = True
    app.run()
    assert not app.exception and len(app.get("plotly_chart")) == charts + 1


def test_a_race_keeps_keras_out_of_the_process_that_serves() -> None:
    """The worker is a real one; its race is not, as the worker would need half a minute for it.

    That a race as the page asks for it can be run is tested with the task itself.
    """
    script = """
import sys, time
from streamlit.testing.v1 import AppTest
from dlnlp.ui.schedules import race
race.TASK = "tests.toy_tasks:race"
app = AppTest.from_file("streamlit_app.py", default_timeout=60)
app.switch_page("pages/schedules.py").run()
next(b for b in app.button if b.label == "Let these race").click().run()
job = app.session_state["schedules_race"].job
while job.active:
    time.sleep(0.02)
app.session_state["schedules_speed"] = "as fast as it runs"
app.run()
drawn = [each for each in app.markdown if each.value.startswith("| ")]
assert len(drawn) == 3, "the results are drawn"
print(job.state, job.error, len(job.messages), {"keras", "jax", "sklearn"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.stdout.split("\n")[-2:-1] == ["done  4 set()"], done.stderr
