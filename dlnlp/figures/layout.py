"""Where everything of a figure stands: lines of words, scales, caption."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from dlnlp.explain.shading import Legend
from dlnlp.figures import typeface
from dlnlp.figures.colours import FAINT, HUES, INK, tint
from dlnlp.figures.directions import direction, levels, mirrored, visual_order
from dlnlp.figures.figure import Figure, Hue, Panel, Piece, Row, side
from dlnlp.figures.marks import Box, Mark, Page, Rule, Strip, Text, beside, paginated

WIDTH = 480.0
TALLEST = 760.0
_MARGIN, _GUTTER = 8.0, 18.0
_SIZE, _SMALL, _TINY = 10.0, 8.0, 5.5
_LINE, _NUMBERED = 17.0, 24.0
_LABEL = 40.0
# Below this a shade is white to the eye, and a sign would be read into nothing.
FAINTEST = 0.02
_LEGEND_STEPS, _LEGEND_WIDTH = 9, 99.0


@dataclass(frozen=True, slots=True)
class _Atom:
    """A stretch of a line that is never parted."""

    piece: Piece
    width: float
    space: bool = False


def pages(figure: Figure, width: float = WIDTH, tallest: float = TALLEST) -> list[Page]:
    """The pages of a figure.

    Args:
        figure: What is shown.
        width: Of each page, in points.
        tallest: Height of a page that none exceeds, in points.
    """
    inner = width - 2 * _MARGIN
    strips = _panels(figure, inner)
    strips.append(Strip(5.0, ()))
    for legend, hue in figure.legends():
        strips += _legend(legend, hue, inner)
    strips.append(Strip(3.0, ()))
    notes = " ".join([*figure.notes(), *boxes_note(figure)])
    for paragraph in filter(None, (notes, figure.caption)):
        strips += _paragraph(paragraph, inner, _SMALL)
    placed = [Strip(each.height, tuple(_shifted(each, _MARGIN))) for each in strips]
    return paginated(placed, width, tallest, _MARGIN)


def boxes_note(figure: Figure) -> list[str]:
    """What the font lacks, as a sentence; nothing where it has all."""
    texts = [piece.text for panel in figure.panels for row in panel.rows for piece in row.pieces]
    told = [panel.heading + panel.prediction for panel in figure.panels]
    lacking = typeface.missing(clean("".join([*texts, *told, figure.caption])))
    if not lacking:
        return []
    shown = ", ".join(f"U+{ord(character):04X}" for character in lacking[:8])
    more = f" and {len(lacking) - 8} more" if len(lacking) > 8 else ""
    return [f"Drawn as boxes, since {typeface.FAMILY} lacks them: {shown}{more}."]


_UNDRAWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def clean(text: str) -> str:
    """A text without what no file may hold, and without what would turn its neighbours round."""
    return _STEERING.sub("", _UNDRAWABLE.sub("\ufffd", text))


def _shifted(strip: Strip, right: float) -> Iterator[Mark]:
    return (replace(mark, x=mark.x + right) for mark in strip.marks)


def _panels(figure: Figure, inner: float) -> list[Strip]:
    if len(figure.panels) == 1:
        return [strip for row in _rows(figure.panels[0], inner, figure.numbers) for strip in row]
    column = (inner - _GUTTER) / 2
    sides = [_rows(panel, column, figure.numbers) for panel in figure.panels]
    strips: list[Strip] = []
    for left, right in zip_longest(*sides, fillvalue=[]):
        strips += beside(left, right, column + _GUTTER)
    return strips


def _rows(panel: Panel, width: float, numbers: bool) -> list[list[Strip]]:
    head = _paragraph(panel.heading, width, _SIZE) + _paragraph(
        panel.prediction, width, _SMALL, after=4.0
    )
    return [head, *(_row(row, panel, width, numbers) for row in panel.rows)]


def _paragraph(content: str, width: float, size: float, after: float = 1.5) -> list[Strip]:
    """A text in lines."""
    piece = Piece(" ".join(clean(content).split()))
    lines = list(_lines(list(_atoms([piece], width, size, False)), width))
    colour = INK if size == _SIZE else FAINT
    base = direction(piece.text) or "L"
    strips = []
    for index, line in enumerate(lines):
        height = 1.35 * size + (after if index == len(lines) - 1 else 0.0)
        marks = []
        for atom, x, drawn in _placed(line, width, base):
            if not atom.space:
                marks.append(Text(x, 1.05 * size, drawn, size, atom.width, colour))
        strips.append(Strip(height, tuple(marks)))
    return strips


def _legend(legend: Legend, hue: Hue, inner: float) -> list[Strip]:
    """A bar of shades, and what its ends mean."""
    step = _LEGEND_WIDTH / _LEGEND_STEPS
    first = -1.0 if legend.kind == "diverging" else 0.0
    marks: list[Mark] = []
    for index in range(_LEGEND_STEPS):
        shade = first + (1 - first) * index / (_LEGEND_STEPS - 1)
        marks += _shaded(index * step, step, shade, legend, hue, 0.0, 10.0)
    beside_it = _paragraph(in_words(legend), inner - _LEGEND_WIDTH - 8, _SMALL)
    text = [Strip(each.height, tuple(_shifted(each, _LEGEND_WIDTH + 8))) for each in beside_it]
    text[-1] = replace(text[-1], height=text[-1].height + 3.0)
    return [replace(text[0], marks=(*marks, *text[0].marks)), *text[1:]]


def in_words(legend: Legend) -> str:
    """What the shades of a scale mean, as a sentence."""
    if legend.kind == "diverging":
        return f"{legend.title}: {legend.low} (line above) to {legend.high} (line below)."
    return f"{legend.title}: {legend.low} to {legend.high}."


def _shaded(
    x: float, width: float, shade: float, legend: Legend, hue: Hue, top: float, height: float
) -> list[Mark]:
    """A shade, with the line that tells its sign where colours are not seen."""
    shown = side(legend, shade, hue)
    marks: list[Mark] = [Box(x, top, width, height, tint(shown, shade))]
    if legend.kind == "diverging" and abs(shade) >= FAINTEST:
        y = top + (0.4 if shown == "against" else height - 0.4)
        marks.append(Rule(x, y, width, HUES[shown], 0.9))
    return marks


def _atoms(
    pieces: list[Piece] | tuple[Piece, ...], width: float, size: float, numbers: bool
) -> Iterator[_Atom]:
    """Pieces cut where a line may break, and where they would be longer than a line."""
    for piece in pieces:
        text = clean(piece.text)
        parts = [text] if piece.shade is not None else re.findall(r"\s+|\S+", text)
        for part in parts:
            if not part.strip():
                yield _Atom(Piece(" "), typeface.width(" ", size), True)
                continue
            for index, chunk in enumerate(_chunks(part, width, size)):
                one = replace(piece, text=chunk, number=piece.number if index == 0 else "")
                taken = typeface.width(chunk, size)
                if numbers and one.number:
                    taken = max(taken, typeface.width(one.number, _TINY) + 2)
                yield _Atom(one, taken)


def _chunks(text: str, width: float, size: float) -> Iterator[str]:
    start = 0
    while typeface.width(text[start:], size) > width and len(text) - start > 1:
        length = max(1, int(width / (1.1 * size)))
        while typeface.width(text[start : start + length + 1], size) <= width:
            length += 1
        yield text[start : start + length]
        start += length
    yield text[start:]


def _lines(atoms: list[_Atom], width: float) -> Iterator[list[_Atom]]:
    """Atoms in lines: broken at spaces, elsewhere only where no space is in reach."""
    line: list[_Atom] = []
    taken, last_space = 0.0, -1
    for atom in atoms:
        if atom.space and not line:
            continue
        while line and taken + atom.width > width and not atom.space:
            cut = last_space if last_space > 0 else len(line)
            yield line[:cut]
            line = line[cut + 1 :] if last_space > 0 else []
            taken, last_space = sum(each.width for each in line), -1
        if atom.space:
            last_space = len(line)
        line.append(atom)
        taken += atom.width
    while line and line[-1].space:
        line.pop()
    if line:
        yield line


def _placed(line: list[_Atom], width: float, base: str) -> Iterator[tuple[_Atom, float, str]]:
    """The atoms of a line in the order in which they are read, each with its place and its text."""
    found = levels([atom.piece.text for atom in line], "R" if base == "R" else "L")
    taken = sum(atom.width for atom in line)
    at = width - taken if base == "R" else 0.0
    places = {}
    for index in visual_order(found):
        places[index] = at
        at += line[index].width
    for index, atom in enumerate(line):
        text = atom.piece.text
        turned = found[index] % 2 == 1 and direction(text) is None
        yield atom, places[index], mirrored(text) if turned else text


def _row(row: Row, panel: Panel, width: float, numbers: bool) -> list[Strip]:
    """A sentence: its number, then its words in lines."""
    room = width - _LABEL - 6
    base = direction("".join(piece.text for piece in row.pieces)) or "L"
    height = _NUMBERED if numbers else _LINE
    lines = list(_lines(list(_atoms(row.pieces, room, _SIZE, numbers)), room)) or [[]]
    strips = []
    for index, line in enumerate(lines):
        marks: list[Mark] = []
        if index == 0:
            marks += _label(row, panel)
        for atom, x, drawn in _placed(line, room, base):
            if not atom.space:
                marks += _word(atom, x + _LABEL + 6, drawn, panel, numbers)
        last = index == len(lines) - 1
        strips.append(Strip(height + (3.0 if last else 0.0), tuple(marks)))
    return strips


def _label(row: Row, panel: Panel) -> list[Mark]:
    marks = _shaded(0.0, _LABEL, row.shade, panel.sentences, "sentence", 1.0, 14.0)
    taken = typeface.width(row.label, _SMALL)
    size = _SMALL if taken <= _LABEL - 4 else _SMALL * (_LABEL - 4) / taken
    taken = typeface.width(row.label, size)
    return [*marks, Text(_LABEL - 2 - taken, 11.0, row.label, size, taken)]


def _word(atom: _Atom, x: float, drawn: str, panel: Panel, numbers: bool) -> list[Mark]:
    piece = atom.piece
    taken = typeface.width(drawn, _SIZE)
    start = x + (atom.width - taken) / 2
    text = Text(start, 11.5, drawn, _SIZE, taken)
    if piece.shade is None:
        return [text]
    marks = _shaded(x - 0.6, atom.width + 1.2, piece.shade, panel.words, "word", 1.0, 14.0)
    if piece.change == "new":
        marks[0] = replace(marks[0], edge=INK) if isinstance(marks[0], Box) else marks[0]
    marks.append(text)
    if piece.unknown:
        marks.append(Rule(start, 13.2, taken, FAINT, 0.8, dotted=True))
    if piece.change == "gone":
        marks.append(Rule(start, 8.0, taken, INK, 0.8))
    if numbers and piece.number:
        size = _TINY
        below = typeface.width(piece.number, size)
        marks.append(Text(x + (atom.width - below) / 2, 20.5, piece.number, size, below, FAINT))
    return marks
