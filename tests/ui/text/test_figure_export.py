"""The figure in "Share and export": it follows the choices, and the file is what was chosen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dlnlp.ui.han.methods import HAN
from dlnlp.ui.text import figure_export
from tests.pages.review_editor import write

Saved = Callable[[], tuple[str, bytes]]


@pytest.fixture
def opened(app: AppTest, tiny_weights: Path) -> AppTest:
    """The page of a HAN with a short text and "Share and export" open."""
    app.switch_page("pages/han.py").run()
    app.session_state[HAN.key("take_away")] = True
    write(app, HAN, "A good phone. Not bad.")
    return app


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> Saved:
    """What the button would save now: its name and its content."""
    buttons: dict[str, dict[str, Any]] = {}
    draw = st.download_button

    def recorded(*given: Any, **options: Any) -> bool:
        if options.get("key") == HAN.key("save_figure"):
            buttons[options["key"]] = {"data": given[1], **options}
        return draw(*given, **options)

    monkeypatch.setattr(st, "download_button", recorded)

    def saved() -> tuple[str, bytes]:
        button = buttons[HAN.key("save_figure")]
        return button["file_name"], button["data"]()

    return saved


def choose(app: AppTest, name: str, value: str) -> None:
    app.selectbox(key=HAN.key(f"figure_{name}")).set_value(value).run()
    assert not app.exception


def test_every_format_can_be_saved(saved: Saved, opened: AppTest) -> None:
    starts = {"svg": b"<svg", "pdf": b"%PDF", "tex": b"% Compiles", "png": b"\x89PNG"}
    for kind, start in starts.items():
        choose(opened, "format", kind)
        name, content = saved()
        assert name == f"figure.{kind}" and content.startswith(start)
    assert opened.selectbox(key=HAN.key("figure_width")).value == 1_600


def test_numbers_and_a_second_method_are_drawn_when_asked_for(
    saved: Saved, opened: AppTest
) -> None:
    plain = saved()[1].decode()
    assert ">phone<" in plain and plain.count(">good<") == 1
    opened.toggle(key=HAN.key("figure_numbers")).set_value(True).run()
    assert len(saved()[1]) > len(plain)
    choose(opened, "beside", "delete")
    assert saved()[1].decode().count(">good<") == 2


def test_the_kept_version_is_the_text_before(saved: Saved, opened: AppTest) -> None:
    def names() -> list[str]:
        return list(opened.selectbox(key=HAN.key("figure_beside")).options)

    assert "A kept version of the text" not in names()
    opened.session_state[HAN.key("kept")] = "A good phone. Not bad."
    write(opened, HAN, "A nice phone. Not bad.")
    assert "A kept version of the text" in names()
    choose(opened, "beside", "kept")
    drawn = saved()[1].decode()
    assert drawn.index(">good<") < drawn.index(">nice<")
    assert ">Before:<" in drawn and ">After:<" in drawn


def test_a_long_text_makes_a_narrower_picture(
    saved: Saved, opened: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_export, "widest", lambda figure: 300)
    choose(opened, "format", "png")
    assert any("the picture is 300 pixels wide" in each.value for each in opened.caption)


def test_without_a_word_there_is_no_figure(opened: AppTest) -> None:
    write(opened, HAN, "  ")
    assert not [each for each in opened.selectbox if each.key == HAN.key("figure_format")]
