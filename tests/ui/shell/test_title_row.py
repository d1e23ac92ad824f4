"""The title and what stands beside it."""

from streamlit.testing.v1 import AppTest


def test_the_title_and_its_controls_are_one_row() -> None:
    def script() -> None:
        import streamlit as st

        from dlnlp.ui.shell.title_row import title_row

        with title_row("A network", "*Somebody* (2016)"):
            st.button("Beside it")

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.title[0].value == "A network"
    assert app.title[0].proto.help == "*Somebody* (2016)"
    (row,) = [block for block in app.main.children.values() if len(getattr(block, "children", ()))]
    assert {child.type for child in row.children.values()} >= {"title", "button"}
