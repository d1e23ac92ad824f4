"""The bar of a lesson above the page that it leads through.

A step sets the page by the parameters of the page's own link; the page follows them as it follows
any link, and knows nothing of lessons. The address is then the link to the step::

    /han?lesson=han_attention&step=2     a lesson that comes with the app
    /han?own=eNp...&step=2               one that somebody wrote, within the link
"""

from dataclasses import dataclass, replace
from typing import Any, TypedDict

import streamlit as st

from dlnlp.ui.lessons.fields import LessonError
from dlnlp.ui.lessons.lesson import Lesson, Step, read_lesson, shipped
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.permalink import (
    LONGEST_OWN,
    LinkError,
    PageLink,
    Query,
    decode_text,
    encode_text,
)

LINK = PageLink("lesson", ("lesson", "own", "step"))
_OPENED, _PROBLEM, _FINISHED = "lesson_opened", "lesson_problem", "lesson_finished"
_KEY = "lesson_bar"


@dataclass(frozen=True)
class Opened:
    """A lesson that leads through its page.

    Attributes:
        lesson: The lesson.
        source: Its parameter in the address: ``("lesson", name)`` or ``("own", code)``.
        at: Index of the step.
        chosen: Index of what was chosen at the step; None before.
    """

    lesson: Lesson
    source: tuple[str, str]
    at: int = 0
    chosen: int | None = None

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self.lesson.steps[self.at]

    @property
    def query(self) -> Query:
        """Its parameters in the address."""
        name, value = self.source
        return {name: [value], "step": [str(self.at + 1)]}


class PaperData(TypedDict):
    """A paper."""

    title: str
    url: str


class BarData(TypedDict):
    """What the component draws; what is not to be seen before a choice is not sent before it."""

    title: str
    step: int  # counted from 1
    steps: int
    question: str
    choices: list[str]
    chosen: int  # index; -1 before
    answer: int  # index; -1 before
    reveal: list[str]  # paragraphs
    papers: list[PaperData]


_HTML = """
<section class="lesson" aria-label="Lesson">
  <p class="ask"><span class="where"></span> <strong class="question" tabindex="-1"></strong></p>
  <div class="row">
    <div class="choices" role="group" aria-label="Choices"></div>
    <div class="ways"></div>
  </div>
  <div class="reveal" role="status"></div>
</section>
"""
_mount = component(__file__, _HTML)


def bar_data(opened: Opened) -> BarData:
    """What the bar shows."""
    lesson, step, chosen = opened.lesson, opened.step, opened.chosen
    revealed = chosen is not None
    last = opened.at == len(lesson.steps) - 1
    return BarData(
        title=lesson.title,
        step=opened.at + 1,
        steps=len(lesson.steps),
        question=step.question,
        choices=list(step.choices),
        chosen=-1 if chosen is None else chosen,
        answer=step.answer if revealed else -1,
        reveal=step.reveal.split("\n\n") if revealed else [],
        papers=[PaperData(title=p.title, url=p.url) for p in lesson.papers]
        if revealed and last
        else [],
    )


def start_of(lesson: Lesson) -> Query:
    """The parameters that open a lesson that comes with the app at its first step."""
    return {"lesson": [lesson.name], "step": ["1"]}


def own_start(text: str) -> Query | None:
    """The parameters that open a lesson of somebody's own; None when it is too long for a link."""
    code = encode_text(text, longest=LONGEST_OWN)
    return None if code is None else {"own": [code], "step": ["1"]}


def line(page: str) -> None:
    """Draw the bar of the lesson that leads through a page, before the page; else nothing.

    Args:
        page: File in ``pages/`` without ``.py``.
    """
    state = st.session_state
    if state.pop(_FINISHED, False):
        st.switch_page("pages/home.py")
    if query := LINK.new():
        _follow({name: values[0] for name, values in query.items()}, page)
    if state.get(_PROBLEM):
        st.warning("This lesson cannot be opened. The home page lists the lessons.")
        st.text(state.pop(_PROBLEM))
    opened: Opened | None = state.get(_OPENED)
    if opened is None:
        return
    if opened.lesson.page != page:
        LINK.leave()  # the same link opens the lesson anew
        return
    LINK.show(opened.query)
    _mount(
        key=_KEY,
        data=bar_data(opened),
        on_choose_change=_take_choice,
        on_go_change=_take_way,
    )


def _follow(link: dict[str, str], page: str) -> None:
    """Open what the address names."""
    try:
        if "own" in link:
            source = ("own", link["own"])
            lesson = read_lesson(decode_text(link["own"]), "this lesson")
        else:
            source = ("lesson", link.get("lesson", ""))
            lesson = shipped()[source[1]]
    except KeyError:
        st.session_state[_PROBLEM] = f"No lesson has the name {source[1][:60]!r}."
    except (LessonError, LinkError) as error:
        st.session_state[_PROBLEM] = str(error)
    else:
        number = link.get("step", "1")
        at = int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < 4 else 0
        opened = Opened(lesson, source, min(max(at, 0), len(lesson.steps) - 1))
        if lesson.page != page:
            LINK.leave()  # it is followed there
            st.switch_page(f"pages/{lesson.page}.py", query_params=opened.query)
        _show(opened, opened.step.state)
        return
    st.session_state.pop(_OPENED, None)
    LINK.leave()


def _show(opened: Opened, parameters: Query | None) -> None:
    """Show a step, and let the page follow some parameters; None leaves the page as it is."""
    st.session_state[_OPENED] = opened
    if parameters is not None:
        st.query_params.from_dict({**opened.query, **parameters})
    LINK.show(opened.query)


def _sent(name: str) -> Any:
    return (st.session_state.get(_KEY) or {}).get(name)


def _take_choice() -> None:
    opened: Opened = st.session_state[_OPENED]
    index = _sent("choose")
    if type(index) is not int or not 0 <= index < len(opened.step.choices):
        return
    first = opened.chosen is None
    _show(replace(opened, chosen=index), opened.step.then if first else None)


def _take_way() -> None:
    opened: Opened = st.session_state[_OPENED]
    way = _sent("go")
    at = opened.at + {"next": 1, "back": -1}.get(str(way), 0)
    if way == "leave" or at == len(opened.lesson.steps):
        del st.session_state[_OPENED]
        LINK.leave()
        st.session_state[_FINISHED] = way != "leave"
    elif at != opened.at and at >= 0:
        opened = Opened(opened.lesson, opened.source, at)
        _show(opened, opened.step.state)
