"""A lesson as it is written in a file, and the checks that a file passes before it is shown.

A lesson belongs to one page. Each step is a state of that page, a question with choices, and what
there is to see; the page may go on to a second state (``then``) when the visitor has chosen::

    page = "han"
    title = "Which word carries it?"
    about = "One sentence for the list of lessons."

    [[papers]]
    title = "Yang et al. (2016)"
    url = "https://aclanthology.org/N16-1174/"

    [[steps]]
    question = "Which word matters most?"
    choices = ["lamp", "terrible"]
    answer = 2                                # counted from 1
    reveal = "It is “terrible”."
    state = { text = "A terrible lamp.", shading = "within" }
    then = { text = "A terrible lamp.", shading = "delete" }
    facts = { strongest_word = "terrible" }   # what tests hold against the shipped networks
    then_facts = { strongest_word = "terrible" }

A state holds the parameters of the page's links, texts in plain words; or it is a link, as "Share
and export" writes it: ``state = { link = "https://.../han?text=eN..." }``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from dlnlp.ui.lessons.fields import Fields, LessonError
from dlnlp.ui.shell.permalink import LONGEST_OWN, MAX_TEXT, Query, encode_text

FOLDER = Path(__file__).resolve().parent
MOST_STEPS, CHOICES = 12, (2, 5)
# Longer ones make the bar more than two lines high, or no lesson.
LONGEST = {"question": 200, "choice": 60, "reveal": 700}
_TEXTS = ("model", "target", "text", "kept", "part", "beside", "removal", "both", "until")
# What a state may set on each page: the parameters of the page's own links.
PARAMETERS: Mapping[str, frozenset[str]] = {
    "han": frozenset({*_TEXTS, "shading"}),
    "kim_cnn": frozenset({*_TEXTS, "method"}),
    "mnist_cnn": frozenset({"drawing", "test", "off", "inside", "record"}),
    "schedules": frozenset(
        {*("data", "batch", "epochs", "unit", "s", "race", "log", "part"), "go"}
    ),
}
# What can be claimed of a state, and of the one that follows it. Tests hold every claim against the
# shipped networks (`tests/ui/lessons/claims.py` says how), since networks may be trained again.
FACTS = frozenset(
    {
        # any network: class names, probabilities by class, and what they were in the state before
        *("predicted", "probability_above", "probability_below", "highest_probability_below"),
        *("raised", "lowered", "like_before"),
        # texts: by the method and target of the state
        *("strongest_word", "strongest_sentence", "word_above", "word_below", "adds_up"),
        # digits
        *("label", "out_of_distribution", "same_without", "test_error_below"),
        # schedules, by their letters: how a race ends; and bounds of what a range test suggests
        *("learned", "diverged", "best", "worst_that_learned", "range_test_maximum"),
    }
)


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        question: What is asked.
        choices: What can be chosen.
        answer: Index of the right choice.
        reveal: What there is to see, shown after a choice; paragraphs stand between empty lines.
        state: Parameters of the page when the question is asked.
        then: Parameters after a choice; None leaves the page as it is.
        facts: What must be true of `state`.
        then_facts: What must be true of `then`.
    """

    question: str
    choices: tuple[str, ...]
    answer: int
    reveal: str
    state: Query
    then: Query | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    then_facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper and its address."""

    title: str
    url: str


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Attributes:
        name: In links; the file's name without ``.toml``.
        page: The page that it leads through.
        title: Its title.
        about: A sentence for the list of lessons.
        steps: Its steps.
        papers: Where to read on.
    """

    name: str
    page: str
    title: str
    about: str
    steps: tuple[Step, ...]
    papers: tuple[Paper, ...]


def read_lesson(text: str, name: str) -> Lesson:
    """Read a lesson.

    Args:
        text: What its file holds (TOML).
        name: The file's name, for links and errors.

    Raises:
        LessonError: One sentence that names the file, the place, and the remedy.
    """
    if len(text) > MAX_TEXT:
        raise LessonError(f"{name}: a lesson holds at most {MAX_TEXT:,} characters; shorten it.")
    try:
        top = Fields(name, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise LessonError(f"{name} is not valid TOML: {error}. Correct that line.") from error
    top.only({"page", "title", "about", "papers", "steps"})
    page = top.one_of("page", PARAMETERS)
    tables = top.tables("steps", (1, MOST_STEPS))
    return Lesson(
        name.removesuffix(".toml"),
        page,
        top.text("title", 60),
        top.text("about", 200),
        tuple(_step(table, page) for table in tables),
        tuple(_paper(table) for table in top.tables("papers", (0, 8))),
    )


def _paper(table: Fields) -> Paper:
    table.only({"title", "url"})
    url = table.text("url", 300)
    if not url.startswith("https://"):
        raise table.error(f"url {url!r} does not begin with https://; write the whole address")
    return Paper(table.text("title", 120), url)


def _step(table: Fields, page: str) -> Step:
    table.only({f for f in Step.__dataclass_fields__})
    choices = table.texts("choices", CHOICES, LONGEST["choice"])
    answer = table.number("answer", 1, len(choices), "the number of the right choice")
    state = table.table("state")
    if state is None:
        raise table.error("state is missing; write what the page shows, such as { text = ... }")
    then = table.table("then")
    return Step(
        table.text("question", LONGEST["question"]),
        choices,
        answer - 1,
        table.text("reveal", LONGEST["reveal"]),
        _query(state, page),
        None if then is None else _query(then, page),
        _facts(table.table("facts")),
        _facts(table.table("then_facts")),
    )


def _facts(table: Fields | None) -> Mapping[str, Any]:
    if table is None:
        return {}
    table.only(FACTS)
    return table.values


def _query(table: Fields, page: str) -> Query:
    """A state as the parameters of a link, texts compressed."""
    if "link" in table.values:
        table.only({"link"})
        query = parse_qs(urlsplit(table.text("link", LONGEST_OWN)).query)
        return {name: values for name, values in query.items() if name in PARAMETERS[page]}
    table.only(PARAMETERS[page])
    query = {}
    for name in table.values:
        values = (
            [table.text(name, MAX_TEXT)] if name != "s" else list(table.texts(name, (1, 4), 400))
        )
        if name in ("text", "kept"):
            like = table.text("text", MAX_TEXT) if name == "kept" else ""
            code = encode_text(values[0], like=like, longest=LONGEST_OWN)
            if code is None:
                raise table.error(f"{name} is too long for a link; shorten it")
            values = [code]
        query[name] = values
    return query


@cache
def shipped() -> Mapping[str, Lesson]:
    """The lessons that come with the app, by name, in the order of their files' names.

    Raises:
        LessonError: A file cannot be read.
    """
    files = sorted(FOLDER.glob("*.toml"))
    lessons = (read_lesson(file.read_text(encoding="utf-8"), file.name) for file in files)
    return {lesson.name: lesson for lesson in lessons}
