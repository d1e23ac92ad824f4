"""Live examples: made by the shipped networks, inert as HTML, and their links lead to them."""

import html
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts
from dlnlp.inference import load_predictor
from dlnlp.ui.han.live_example import IRONY, PLAIN
from dlnlp.ui.home import examples as home_examples
from dlnlp.ui.kim_cnn.live_example import BUT
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.navigation import PAGES
from dlnlp.worker.worker import Job

IDLE = Job(0, "", {}, "", lambda: True)
TAG = re.compile(r"<[^>]*>")


@pytest.fixture
def home(app: AppTest) -> AppTest:
    """The home page before its examples are there."""
    return app.run()


def test_the_page_is_there_before_its_examples_and_they_follow(home: AppTest) -> None:
    assert not home.exception and not home.main.get("html")
    home.run()
    assert not home.exception
    assert len(home.main.get("html")) == len(PAGES), "one picture a card"
    assert set(home_examples.ready() or ()) == {entry.stem for entry in PAGES}


def test_answers_are_those_of_the_networks(home: AppTest) -> None:
    home.run()
    examples = home_examples.ready()
    assert examples is not None
    stars = load_predictor(artifacts.WEIGHTS / "han_stars")
    for text in (IRONY, PLAIN):
        shares = stars.predict(text).probabilities
        said = f"**{shares @ np.arange(1, 6):.1f} stars expected; most likely"
        assert f"{said} {stars.class_names[shares.argmax()]}" in examples["han"].answer
    films = load_predictor(artifacts.WEIGHTS / "kim_cnn")
    assert f"({100 * films.predict(BUT).probabilities.max():.1f} %)" in examples["kim_cnn"].answer
    assert html.unescape(TAG.sub("", examples["han"].picture)) == IRONY


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.stem)
def test_its_link_restores_what_the_card_shows(
    home: AppTest, entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs: list[dict] = []
    monkeypatch.setattr(worker_jobs, "submit", lambda task, given: jobs.append(given) or IDLE)
    home.run()
    example = (home_examples.ready() or {})[entry.stem]
    page = AppTest.from_file(Path(__file__).resolve().parents[3] / "streamlit_app.py")
    page.default_timeout = 60
    for name, value in example.query.items():
        page.query_params[name] = value
    page.switch_page(f"pages/{entry.stem}.py").run()
    assert not page.exception and not page.error and not page.warning
    if entry.stem in ("han", "kim_cnn"):
        assert page.session_state[f"{entry.stem}_text"] == (IRONY if entry.stem == "han" else BUT)
    elif entry.stem == "batch":
        assert "score_start" in {button.key for button in page.button}
    elif entry.stem == "models":
        assert page.segmented_control(key="models_network").value == example.query["network"]
    elif entry.stem == "schedules":
        assert page.selectbox[0].value == "cosine"
        (job,) = jobs
        assert len(job["schedules"]) == 3, "the race has begun"


def test_without_weights_the_cards_say_what_they_are_about(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.run()
    app.run()
    assert not app.exception
    assert set(home_examples.ready() or ()) == {"schedules"}
    assert any(PAGES[0].invitation in element.value for element in app.markdown)
