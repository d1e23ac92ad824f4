"""Tabs whose contents are made when they are opened."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from dlnlp.ui.shell.parts import parts

    names = ("one", *st.session_state.get("more", ()), "two")
    views = {name: lambda name=name: st.text(f"This is {name}.") for name in names}
    if st.session_state.get("elsewhere"):
        return
    missing = {"three": None}
    parts("part", views | missing, "a text", lambda: st.session_state.update(told=True))


def test_only_the_open_part_is_computed() -> None:
    app = AppTest.from_function(page).run()
    assert [tab.label for tab in app.tabs] == ["one", "two", "three"]
    assert [text.value for text in app.text] == ["This is one."]
    app.session_state["part"] = "two"
    app.run()
    assert [text.value for text in app.text] == ["This is two."]


def test_the_open_part_stays_open_while_another_page_is_shown() -> None:
    app = AppTest.from_function(page).run()
    drawn = "part, one, two, three"
    app.session_state[drawn] = "two"  # as a click does
    app.session_state["part"] = "two"
    app.run()
    app.session_state["elsewhere"] = True
    app.run()
    assert not app.tabs and drawn not in app.session_state
    app.session_state["elsewhere"] = False
    app.run()
    assert [text.value for text in app.text] == ["This is two."]


def test_the_open_part_stays_open_where_others_come_and_go() -> None:
    app = AppTest.from_function(page).run()
    app.session_state["part"] = "two"
    app.run()
    for more in (("one and a half",), ()):
        app.session_state["more"] = more
        app.run()
        assert [text.value for text in app.text] == ["This is two."]
        assert [tab.label for tab in app.tabs] == ["one", *more, "two", "three"]


def test_a_part_without_its_subject_says_what_it_needs() -> None:
    app = AppTest.from_function(page).run()
    app.session_state["part"] = "three"
    app.run()
    assert "as soon as there is a text" in app.caption[0].value


def test_an_unknown_part_gives_way_to_the_first() -> None:
    app = AppTest.from_function(page).run()
    app.session_state["part"] = "<script>"
    app.run()
    assert [text.value for text in app.text] == ["This is one."]
