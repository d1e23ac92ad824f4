"""Links that people have: written by earlier versions, they still open what they were made of.

Never change a link here; where a page changes, what it shows may be found elsewhere.
"""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.ui.mnist_cnn.examples import EXAMPLES

REVIEW = "A film of great charm. 2 hours flew by."
KEPT = "A film of great charm. 2 hours dragged on."
TEXT = "eNpzVEjLzMlVyE9TSC9KTSxRSM5ILMrVUzBSyMgvLSpWSMtJLVdIqtQDAATCDSU"
TEXT_BESIDE = "ePkEwg0lc8SvLKUoMT09NUUhP08PAC9sDkc"
SEVEN = "eNpjZLLhmcOyhukA0wym24zTmdYxC3MJ72DewmbD8oS1gfUFuzoAnv8JhQ"

Opener = Callable[..., AppTest]


@pytest.fixture
def opened(app: AppTest) -> Opener:
    """Opens a page by a link with the shipped networks."""

    def opened(page: str, **query: str | list[str]) -> AppTest:
        for name, value in query.items():
            app.query_params[name] = value
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception and not app.error and not app.warning
        return app

    return opened


@pytest.mark.parametrize(("page", "model"), [("han", "han_imdb"), ("kim_cnn", "kim_cnn")])
def test_a_review_and_the_version_kept_beside_it(opened: Opener, page: str, model: str) -> None:
    state = opened(page, model=model, text=TEXT, kept=TEXT_BESIDE).session_state
    assert state[f"{page}_text"] == REVIEW
    assert state[f"{page}_kept"] == KEPT
    assert state[f"{page}_model"] == model


def test_a_drawing(opened: Opener) -> None:
    state = opened("mnist_cnn", drawing=SEVEN, off="crop").session_state
    assert state["digit_drawing"] == EXAMPLES[0].drawing
    assert state["digit_off"] == ("crop",)


def test_schedules(opened: Opener) -> None:
    schedules = ["constant~peak_0.07", "cosine~warmup_1"]
    app = opened("schedules", data="1000", epochs="4", s=schedules, race="15-32-5")
    view = app.session_state["schedules_view"]
    assert [(c.kind, c.get("peak")) for c in view.choices.values()] == [
        ("constant", 0.07),
        ("cosine", 0.1),
    ]
    assert (view.run.examples, view.run.epochs) == (1000, 4)


@pytest.mark.parametrize("page", ["score", "batch"])
def test_batch_prediction_also_under_its_former_address(opened: Opener, page: str) -> None:
    app = opened(page, table="ours", model="kim_cnn", column="about", delimiter="comma")
    chosen = {box.label: box.value for box in app.selectbox}
    assert chosen["Column with the texts"] == "about" and chosen["Network"] == "kim_cnn"
    assert chosen["Between columns"] == "comma"


def test_a_network_on_the_page_of_models(opened: Opener) -> None:
    app = opened("models", network="kim_cnn")
    assert app.segmented_control(key="models_network").value == "kim_cnn"
