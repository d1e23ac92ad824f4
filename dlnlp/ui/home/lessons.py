"""The lessons on the home page: those that come with the app, and a teacher's own file."""

import streamlit as st

from dlnlp.ui.lessons.bar import own_start, start_of
from dlnlp.ui.lessons.fields import LessonError
from dlnlp.ui.lessons.lesson import FOLDER, Lesson, read_lesson, shipped
from dlnlp.ui.shell.navigation import PAGES
from dlnlp.ui.shell.permalink import Query

_MODEL, _FIRST = "kim_maximum", "han_attention"


_ENTRIES = {entry.stem: entry for entry in PAGES}


def first_lesson() -> None:
    """Draw a link to the lesson to begin with."""
    lesson = shipped()[_FIRST]
    st.page_link(
        _ENTRIES[lesson.page].path,
        label=":blue[**New here? Begin with a lesson →**]",
        query_params=start_of(lesson),
        width="content",
    )


def lesson_list() -> None:
    """Draw a link to each lesson, by page."""
    places = [*_ENTRIES]
    lessons = sorted(shipped().values(), key=lambda lesson: places.index(lesson.page))
    for column, part in zip(
        st.columns(2, gap="medium"), (lessons[::2], lessons[1::2]), strict=True
    ):
        with column:
            for lesson in part:
                with st.container(gap="xxsmall"):
                    _link(lesson, start_of(lesson))
                    st.caption(lesson.about)


def _link(lesson: Lesson, query: Query) -> None:
    entry = _ENTRIES[lesson.page]
    st.page_link(
        entry.path,
        label=f":blue[**{lesson.title}**]",
        icon=entry.icon,
        query_params=query,
    )


def own_lesson() -> None:
    """Draw what opens a lesson of somebody's own, and an example of such a file."""
    with st.expander("Teach with a lesson of your own"):
        st.markdown(
            "A lesson is a small text file: states of a page, a question each, and what there is "
            "to see. Start from one of ours, change it, and open it here. Its link then holds the "
            "whole lesson: pass it on."
        )
        st.download_button(
            "A lesson to start from (TOML)",
            (FOLDER / f"{_MODEL}.toml").read_bytes(),
            f"{_MODEL}.toml",
            "text/plain",
            on_click="ignore",
        )
        file = st.file_uploader("Your lesson", ("toml",), key="home_own_lesson")
        if file is None:
            return
        try:
            text = file.getvalue().decode("utf-8")
            lesson = read_lesson(text, file.name[:80])
        except UnicodeDecodeError:
            st.error("This lesson cannot be opened.")
            st.text(f"{file.name[:80]} is not UTF-8 text; save it as UTF-8.")
            return
        except LessonError as error:
            st.error("This lesson cannot be opened.")
            st.text(str(error))
            return
        query = own_start(text)
        if query is None:
            st.error("This lesson is too long for a link: shorten its texts.")
        elif st.button("Open the lesson", type="primary", key="home_open_lesson"):
            st.switch_page(f"pages/{lesson.page}.py", query_params=query)
