"""Which words decide over the rows of a table: counted once, ranked for what is asked, found again.

Nothing here draws.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dlnlp.scoring.word_effects import WordEffects
from dlnlp.tables.csv_writing import table_csv
from dlnlp.ui.batch.explain_job import Explained, ExplainJob

ALL, RIGHT, CLASSES = "All rows", "Right against wrong", "Two classes"
# The true class of each row by its number; rows without one are left out.
Labels = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows are looked at, and for which class.

    Attributes:
        target: name of the class that was explained.
        rows: ALL, RIGHT or CLASSES.
        classes: the two classes whose rows are compared; by true label where there are labels.
        least: rows that must hold an n-gram.
    """

    target: str
    rows: str = ALL
    classes: tuple[str, str] = ("", "")
    least: int = 5

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups of rows: one, or two that are compared."""
        if self.rows == RIGHT:
            return "right rows", "wrong rows"
        if self.rows == CLASSES:
            return self.classes
        return ("all rows",)


@dataclass(frozen=True, slots=True)
class Decider:
    """An n-gram and its mean effect, or the difference of its means in two groups of rows.

    Attributes:
        ngram: its words.
        size: how many.
        rows: that hold it, of each group.
        mean: mean effect, or the difference.
        low: lower end of its 95 % interval.
        high: upper end.
    """

    ngram: str
    size: int
    rows: tuple[int, ...]
    mean: float
    low: float
    high: float


def group_of(question: Question, each: Explained, labels: Labels) -> str | None:
    """The group of an explained row; None for rows that are not looked at."""
    if each.explanation.target != question.target:
        return None
    if question.rows == ALL:
        return question.groups[0]
    said = each.explanation.label
    true = labels.get(each.number)
    if question.rows == RIGHT:
        return None if true is None else question.groups[true != said]
    label = true if labels else said
    return label if label in question.classes else None


def deciders(job: ExplainJob, question: Question, labels: Labels) -> list[Decider]:
    """The n-grams of one, two and three words, by size, the largest mean first; kept by the job.

    Args:
        job: that has ended.
        question: what is asked.
        labels: true labels; empty without.
    """
    key = question, tuple(labels.items())
    if key not in job.kept:
        if len(job.kept) > 8:  # a visitor tries things out
            job.kept.clear()
        job.kept[key] = _deciders(job, question, labels)
    found: list[Decider] = job.kept[key]
    return found


def _deciders(job: ExplainJob, question: Question, labels: Labels) -> list[Decider]:
    effects = WordEffects()
    for each in job.found:
        group = group_of(question, each, labels)
        if group is not None:
            part = each.explanation
            effects.add(part.tokens, part.token_sentence, part.words, group)
    if len(question.groups) == 1:
        return [
            Decider(e.ngram, e.size, (e.texts,), e.mean, e.low, e.high)
            for e in effects.ranked(question.groups[0], question.least)
        ]
    first, second = question.groups
    return [
        Decider(
            c.first.ngram,
            c.first.size,
            (c.first.texts, c.second.texts),
            c.difference,
            c.low,
            c.high,
        )
        for c in effects.contrasts(first, second, question.least)
    ]


def deciders_csv(found: list[Decider], question: Question) -> bytes:
    """All of them as a table; a cell that a spreadsheet would run is disarmed."""
    counts = [f"rows: {group}" for group in question.groups]
    effect = "mean effect" if len(counts) == 1 else "difference of mean effects"
    header = ("class", "words", "n-gram", *counts, effect, "low", "high")
    rows = (
        (
            question.target,
            str(each.size),
            each.ngram,
            *map(str, each.rows),
            *(f"{value:.6g}" for value in (each.mean, each.low, each.high)),
        )
        for each in found
    )
    return table_csv(header, rows)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an n-gram stands.

    Attributes:
        explained: the row.
        first: index of its first word.
        size: how many words it has.
        group: of the row.
        effect: sum of its words there.
    """

    explained: Explained
    first: int
    size: int
    group: str
    effect: float


def places(job: ExplainJob, ngram: str, question: Question, labels: Labels) -> list[Place]:
    """Every place of an n-gram in the rows that are looked at, the largest effect first."""
    words = tuple(ngram.split(" "))
    found = [
        Place(each, first, len(words), group, float(values.sum()))
        for each in job.found
        if (group := group_of(question, each, labels)) is not None
        for first in _starts(each, words)
        for values in [each.explanation.words[first : first + len(words)]]
    ]
    return sorted(found, key=lambda place: -abs(place.effect))


def _starts(each: Explained, words: tuple[str, ...]) -> Iterator[int]:
    tokens, owners = each.explanation.tokens, each.explanation.token_sentence
    at = -1
    while True:
        try:
            at = tokens.index(words[0], at + 1)
        except ValueError:
            return
        end = at + len(words)
        if tokens[at:end] == words and owners[at] == owners[end - 1]:
            yield at
