"""From a table to the page that explains a text, along the others, and back."""

import os

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.ui.shell.permalink import LONGEST_OWN, decode_text
from dlnlp.ui.shell.way_back import Step, Trail

TEXTS = ("A wonderful film.", "long", "Dull and bad.")


@pytest.fixture
def kim(app: AppTest) -> AppTest:
    """The page of Kim's CNN at the first of three texts; the second is too long for a link."""
    long = os.urandom(20_000).hex()
    steps = tuple(
        Step(f"line {n}", long if text == "long" else text) for n, text in enumerate(TEXTS, 2)
    )
    app.run()
    app.session_state["way_back"] = Trail("batch", "kim_cnn", "kim_cnn", "Error", steps)
    app.query_params["model"] = "kim_cnn"
    app.query_params["text"] = steps[0].code or ""
    app.switch_page("pages/kim_cnn.py").run()
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    return next(text.value for text in app.text if text.value.startswith("Error "))


def test_the_line_leads_along_the_texts_and_past_one_that_is_too_long(kim: AppTest) -> None:
    assert told(kim) == "Error 1 of 3: line 2"
    assert kim.session_state["kim_cnn_text"] == TEXTS[0]
    assert kim.button(key="way_back_Previous").disabled
    kim.button(key="way_back_Next").click().run()
    assert told(kim) == "Error 3 of 3: line 4"
    assert kim.session_state["kim_cnn_text"] == TEXTS[2]
    assert kim.button(key="way_back_Next").disabled
    kim.button(key="way_back_Previous").click().run()
    assert kim.session_state["kim_cnn_text"] == TEXTS[0]


def test_other_pages_have_no_line_and_the_table_ends_the_trail(kim: AppTest) -> None:
    kim.switch_page("pages/han.py").run()
    assert not any(text.value.startswith("Error ") for text in kim.text)
    kim.switch_page("pages/batch.py").run()
    kim.switch_page("pages/kim_cnn.py").run()
    assert not kim.exception
    assert not any(text.value.startswith("Error ") for text in kim.text)


def test_a_text_is_a_parameter_or_too_long() -> None:
    code = Step("", "wörter " * 1000).code
    assert code is not None and decode_text(code) == "wörter " * 1000
    assert Step("", os.urandom(LONGEST_OWN).hex()).code is None
