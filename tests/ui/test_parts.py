"""Tabs whose contents are made when they are opened."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from dlnlp.ui.parts import parts

    views = {name: lambda name=name: st.text(f"This is {name}.") for name in ("one", "two")}
    parts("part", views)


def test_only_the_open_part_is_computed() -> None:
    app = AppTest.from_function(page).run()
    assert [tab.label for tab in app.tabs] == ["one", "two"]
    assert [text.value for text in app.text] == ["This is one."]
    app.session_state["part"] = "two"
    app.run()
    assert [text.value for text in app.text] == ["This is two."]
