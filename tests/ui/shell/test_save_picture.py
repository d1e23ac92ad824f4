"""The row that saves a drawing: the light theme's colours, and a PDF of what the browser sends."""

from streamlit.testing.v1 import AppTest

from dlnlp.ui.shell.save_picture import light_theme


def script() -> None:
    from dlnlp.ui.shell.save_picture import save_picture

    save_picture("flow", "svg", "network", "A network")


def test_colours_have_the_names_that_components_use() -> None:
    found = light_theme()
    assert found["--st-background-color"] == "#ffffff"
    assert all(name.startswith("--st-") and name == name.lower() for name in found)


def test_a_drawing_that_is_none_is_told_and_not_kept() -> None:
    app = AppTest.from_function(script).run()
    assert not app.exception
    assert "save flow made" not in app.session_state
