"""An n-gram in its sentences, one below the other (KWIC): a component whose lines can be opened."""

import unicodedata
from collections.abc import Sequence
from typing import Any, TypedDict

from dlnlp.ui.batch.words import Place
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.shell.picked import picked_place

# Characters of the sentence that are shown before and behind the n-gram.
BEFORE, BEHIND = 60, 80
_ONE_LINE = dict.fromkeys(map(ord, "\t\n\r\v\f\x85\u2028\u2029"), " ")


class PieceData(TypedDict):
    """A word with its shade from -1 to 1, or characters between words with 0."""

    text: str
    shade: float


class LineData(TypedDict):
    """A place of the n-gram."""

    label: str  # which row of the table it is
    value: str  # effect of the n-gram here
    sign: float  # below 0 where that speaks against the class
    right_to_left: bool
    before: list[PieceData]
    match: list[PieceData]
    behind: list[PieceData]


class ContextsData(TypedDict):
    """All that is drawn, as plain JSON."""

    title: str
    against: str  # what the colours mean
    towards: str
    lines: list[LineData]


HTML = '<div class="contexts hued"><div class="legend"></div><ol class="lines"></ol></div>'

_mount = component(__file__, HTML)


def contexts_data(title: str, target: str, shown: Sequence[Place], column: int) -> ContextsData:
    """What the component draws of some places; all shades are on one scale.

    Args:
        title: name of the list.
        target: name of the class that was explained.
        shown: the places.
        column: index of the texts in the rows.
    """
    largest = max(
        (abs(float(place.explained.explanation.words[n])) for place in shown for n in _near(place)),
        default=0.0,
    )
    return ContextsData(
        title=title,
        against=f"{signed(-largest, 2)} against {target}",
        towards=f"{signed(largest, 2)} for {target}",
        lines=[_line(place, largest or 1.0, column) for place in shown],
    )


def _near(place: Place) -> range:
    """The words of the sentence that are shown, those of the n-gram among them."""
    explanation = place.explained.explanation
    spans, owners = explanation.spans, explanation.token_sentence
    last = place.first + place.size - 1
    begin, end = place.first, last
    while begin > 0 and owners[begin - 1] == owners[place.first]:
        if spans[place.first, 0] - spans[begin - 1, 0] > BEFORE:
            break
        begin -= 1
    while end + 1 < len(owners) and owners[end + 1] == owners[last]:
        if spans[end + 1, 1] - spans[last, 1] > BEHIND:
            break
        end += 1
    return range(begin, end + 1)


def _line(place: Place, largest: float, column: int) -> LineData:
    each, near = place.explained, _near(place)
    text, explanation = each.row.fields[column], each.explanation
    spans, owners = explanation.spans.tolist(), explanation.token_sentence
    start, end = explanation.sentence_spans[owners[place.first]].tolist()
    behind = place.first + place.size
    cut_before = near.start > 0 and owners[near.start - 1] == owners[near.start]
    cut_behind = near.stop < len(owners) and owners[near.stop] == owners[near.stop - 1]

    def pieces(words: range, at: int, until: int) -> list[PieceData]:
        found: list[PieceData] = []
        for word in words:
            first, last = spans[word]
            if first > at:
                found.append(PieceData(text=text[at:first], shade=0.0))
            shade = round(float(explanation.words[word]) / largest, 3)
            found.append(PieceData(text=text[first:last], shade=shade))
            at = last
        if until > at:
            found.append(PieceData(text=text[at:until], shade=0.0))
        return [
            PieceData(text=piece["text"].translate(_ONE_LINE), shade=piece["shade"])
            for piece in found
        ]

    first, last = spans[place.first][0], spans[behind - 1][1]
    left = spans[near.start][0] if cut_before else min(start, first)
    right = spans[near.stop - 1][1] if cut_behind else max(end, last)
    ellipsis = PieceData(text="…", shade=0.0)
    before = pieces(range(near.start, place.first), left, first)
    rest = pieces(range(behind, near.stop), last, right)
    return LineData(
        label=f"line {each.row.line:,}, predicted {explanation.label}",
        value=signed(place.effect, 2),
        sign=place.effect,
        right_to_left=_right_to_left(text[left:right]),
        before=[ellipsis, *before] if cut_before else before,
        match=pieces(range(place.first, behind), first, last),
        behind=[*rest, ellipsis] if cut_behind else rest,
    )


def _right_to_left(text: str) -> bool:
    """Whether the first letter is of a script that is written from right to left."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"


def contexts(data: ContextsData, *, key: str) -> int | None:
    """Draw the places; returns the one that was clicked, in the run that follows the click.

    Args:
        data: what to draw.
        key: Streamlit key.
    """
    result: Any = _mount(key=key, data=data, on_open_change=_nothing)
    return picked_place(result and result.get("open"), data["title"], len(data["lines"]))


def _nothing() -> None:
    pass
