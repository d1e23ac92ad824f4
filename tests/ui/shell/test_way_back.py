"""Along the texts of a table on the page that explains them; a browser test goes there and back."""

import os
from contextlib import suppress

import pytest
import streamlit as st

from dlnlp.ui.shell import way_back
from dlnlp.ui.shell.permalink import LONGEST_OWN, decode_text
from dlnlp.ui.shell.way_back import Step, Trail

TEXTS = ("A wonderful film.", "too long", "Dull and bad.")


@pytest.fixture
def trail(monkeypatch: pytest.MonkeyPatch) -> Trail:
    """Of three texts, of which the second is too long for an address."""
    long = os.urandom(20_000).hex()
    steps = tuple(Step(f"line {n}", long if text == "too long" else text)
                  for n, text in enumerate(TEXTS, 2))  # fmt: skip
    monkeypatch.setattr(st, "query_params", {})
    monkeypatch.setattr(st, "session_state", {})
    return Trail("batch", "kim_cnn", "kim_cnn", "Error", steps)


def opened(monkeypatch: pytest.MonkeyPatch, trail: Trail) -> dict[str, str]:
    """The parameters that a trail opens its page with; {} where it does not."""
    found: dict[str, str] = {}

    def switch(page: str, query_params: dict[str, str]) -> None:
        assert page == "pages/kim_cnn.py"
        found.update(query_params)
        raise InterruptedError  # the script ends here

    monkeypatch.setattr(st, "switch_page", switch)
    with suppress(InterruptedError):
        assert not way_back.lay(trail)
    return found


def test_a_trail_opens_the_page_at_its_step(monkeypatch: pytest.MonkeyPatch, trail: Trail) -> None:
    query = opened(monkeypatch, trail)
    assert query["model"] == "kim_cnn" and decode_text(query["text"]) == TEXTS[0]
    way_back._go(1)
    assert decode_text(st.query_params["text"]) == TEXTS[2], "the long one is left out"
    assert st.session_state["way_back"].at == 2
    way_back._go(1)
    assert st.session_state["way_back"].at == 2, "there is no other"
    way_back._go(-1)
    assert decode_text(st.query_params["text"]) == TEXTS[0]
    way_back.forget()
    assert st.session_state == {}


def test_a_text_that_is_too_long_opens_nothing(
    monkeypatch: pytest.MonkeyPatch, trail: Trail
) -> None:
    long = Trail("batch", "kim_cnn", "kim_cnn", "Error", trail.steps, at=1)
    assert opened(monkeypatch, long) == {} and st.session_state == {}


def test_a_text_is_a_parameter_or_too_long() -> None:
    code = Step("", "wörter " * 1000).code
    assert code is not None and decode_text(code) == "wörter " * 1000
    assert Step("", os.urandom(LONGEST_OWN).hex()).code is None
