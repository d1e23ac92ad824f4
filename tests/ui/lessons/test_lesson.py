"""Reading lessons: what a file may hold, and what its author is told."""

from pathlib import Path
from typing import Any

import pytest

from dlnlp.ui.han.methods import HAN
from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.lessons.bar import Opened, bar_data, own_start
from dlnlp.ui.lessons.fields import LessonError
from dlnlp.ui.lessons.lesson import FOLDER, PARAMETERS, read_lesson, shipped
from dlnlp.ui.mnist_cnn import state as digits
from dlnlp.ui.schedules import controls as schedules
from dlnlp.ui.shell.permalink import MAX_TEXT, Query, decode_text

GOOD = """
page = "han"
title = "A title"
about = "A sentence."
[[papers]]
title = "A paper"
url = "https://example.org/paper"
[[steps]]
question = "Which?"
choices = ["this", "that"]
answer = 2
reveal = "That one.\\n\\nYes."
state = { text = "Good <b>lamp</b>.", kept = "Bad lamp.", shading = "delete" }
then = { link = "http://localhost:8501/han?text=abc&shading=within&lesson=x" }
facts = { predicted = "4 stars" }
"""


def test_a_lesson_is_read() -> None:
    lesson = read_lesson(GOOD, "mine.toml")
    assert (lesson.name, lesson.page, lesson.papers[0].title) == ("mine", "han", "A paper")
    (step,) = lesson.steps
    assert (step.answer, step.choices) == (1, ("this", "that"))
    assert decode_text(step.state["text"][0]) == "Good <b>lamp</b>."
    assert decode_text(step.state["kept"][0], like="Good <b>lamp</b>.") == "Bad lamp."
    # A link is taken as it is; what is no parameter of the page, a lesson for instance, is not.
    assert step.then == {"text": ["abc"], "shading": ["within"]}
    assert step.facts == {"predicted": "4 stars"} and step.then_facts == {}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("answer = 2", "answer = 3", "step 1: answer is 3; write the number of the right choice, "),
        ("answer = 2", "answer = true", "step 1: answer is True"),
        ('page = "han"', 'page = "home"', "page is 'home'; it must be one of han, kim_cnn"),
        ('title = "A title"', "", 'title is missing or no text; write title = "..."'),
        ('title = "A title"', "title = ", "not valid TOML"),
        ('["this", "that"]', '["this"]', "step 1: choices is no list of 2 to 5 texts"),
        ('["this", "that"]', '["this", 2]', "step 1: choices holds 2"),
        ('"Which?"', f'"{"x" * 201}"', "step 1: question has 201 characters; shorten it to 200"),
        ("shading =", "shade =", "step 1: state: 'shade' is not known here; use beside"),
        ('{ predicted = "4 stars" }', "{ stars = 4 }", "step 1: facts: 'stars' is not known"),
        ("https://", "javascript://", "paper 1: url 'javascript://example.org/paper' does not"),
        ("state = {", "begin = {", "step 1: 'begin' is not known here"),
        ("[[steps]]", "[steps]", "steps must be 1 to 12 tables; begin each with [[steps]]"),
        ("Bad lamp.", "x" * MAX_TEXT, f"at most {MAX_TEXT:,} characters"),
    ],
)
def test_an_error_names_the_file_the_place_and_the_remedy(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(LessonError) as caught:
        read_lesson(GOOD.replace(old, new), "mine.toml")
    assert str(caught.value).startswith("mine.toml") and told in str(caught.value)


def test_a_lesson_of_ones_own_fits_into_a_link() -> None:
    for file in FOLDER.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        query = own_start(text)
        assert query is not None, file.name
        assert decode_text(query["own"][0]) == text


def test_there_are_seven_lessons_of_five_steps() -> None:
    pages = sorted(lesson.page for lesson in shipped().values())
    assert pages == [*["han"] * 2, *["kim_cnn"] * 2, *["mnist_cnn"] * 2, "schedules"]
    for lesson in shipped().values():
        assert len(lesson.steps) == 5 and lesson.papers, lesson.name
        rights = {step.answer for step in lesson.steps}
        assert len(rights) > 1, f"{lesson.name}: the right choice is always the same one"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("han", {"model", "text", "kept", *HAN.settings}),
        ("kim_cnn", {"model", "text", "kept", *KIM.settings}),
        ("mnist_cnn", {*digits.LINK.names}),
        ("schedules", {*schedules.LINK.names, "go"}),
    ],
)
def test_a_state_may_set_what_the_links_of_its_page_set(page: str, names: set[str]) -> None:
    assert PARAMETERS[page] == names


def _settings(lesson_page: str) -> dict[str, Any]:
    return dict({"han": HAN, "kim_cnn": KIM}[lesson_page].settings)


def test_the_states_of_texts_name_what_their_pages_have() -> None:
    """A page drops what it does not know, and would show something else than the lesson says."""
    for lesson in shipped().values():
        if lesson.page not in ("han", "kim_cnn"):
            continue
        states: list[Query] = [s for step in lesson.steps for s in (step.state, step.then) if s]
        for state in states:
            for name, values in _settings(lesson.page).items():
                assert state.get(name, [values[0]])[0] in values, (lesson.name, name)


def test_nothing_is_revealed_before_a_choice() -> None:
    lesson = shipped()["han_attention"]
    asked = bar_data(Opened(lesson, ("lesson", lesson.name), at=4))
    assert (asked["chosen"], asked["answer"], asked["reveal"], asked["papers"]) == (-1, -1, [], [])
    told = bar_data(Opened(lesson, ("lesson", lesson.name), at=4, chosen=0))
    assert told["answer"] == 2 and len(told["reveal"]) == 2 and len(told["papers"]) == 3


def test_the_files_are_packed() -> None:
    packed = (Path(__file__).resolve().parents[3] / "pyproject.toml").read_text(encoding="utf-8")
    assert '"*.toml"' in packed
