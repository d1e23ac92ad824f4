"""What lies on a page: texts, boxes and rules at their places, in points from its top left."""

from dataclasses import dataclass, replace

from dlnlp.figures.colours import INK, Colour


@dataclass(frozen=True, slots=True)
class Text:
    """A text on one line, at most as wide as `width`.

    Attributes:
        x: Where it begins.
        y: Its baseline.
        content: What it says.
        size: Of the font.
        width: As the font has it.
        colour: Of the ink.
    """

    x: float
    y: float
    content: str
    size: float
    width: float
    colour: Colour = INK


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle.

    Attributes:
        x: Its left edge.
        y: Its upper edge.
        width: Its width.
        height: Its height.
        fill: Its colour.
        edge: Colour of a thin frame; None draws none.
    """

    x: float
    y: float
    width: float
    height: float
    fill: Colour
    edge: Colour | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line.

    Attributes:
        x: Its left end.
        y: Its height on the page.
        width: Its length.
        colour: Of the ink.
        thickness: Of the line.
        dotted: Whether it is a row of dots.
    """

    x: float
    y: float
    width: float
    colour: Colour
    thickness: float
    dotted: bool = False


Mark = Text | Box | Rule


@dataclass(frozen=True, slots=True)
class Strip:
    """Marks that no page break may part; places are counted from its top.

    Attributes:
        height: How much of the page it takes.
        marks: What lies on it; what comes later lies above.
    """

    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page with everything at its place.

    Attributes:
        width: In points.
        height: In points.
        marks: What lies on it.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]


def moved(mark: Mark, down: float, right: float = 0.0) -> Mark:
    """The same mark at another place."""
    return replace(mark, y=mark.y + down, x=mark.x + right)


def beside(left: list[Strip], right: list[Strip], offset: float) -> list[Strip]:
    """Two columns of strips as one, the second moved to the right by `offset`."""
    strips = []
    nothing = Strip(0.0, ())
    for index in range(max(len(left), len(right))):
        one = left[index] if index < len(left) else nothing
        two = right[index] if index < len(right) else nothing
        marks = (*one.marks, *(moved(mark, 0.0, offset) for mark in two.marks))
        strips.append(Strip(max(one.height, two.height), marks))
    return strips


def paginated(strips: list[Strip], width: float, tallest: float, margin: float) -> list[Page]:
    """Strips one below the other, on as many pages as they need.

    Args:
        strips: From the top to the bottom.
        width: Of the pages.
        tallest: Height that no page exceeds, but for one strip that is higher.
        margin: Above the first strip and below the last one of each page.
    """
    pages, marks, at = [], list[Mark](), margin
    for strip in strips:
        if marks and at + strip.height + margin > tallest:
            pages.append(Page(width, at + margin, tuple(marks)))
            marks, at = [], margin
        marks += (moved(mark, at) for mark in strip.marks)
        at += strip.height
    pages.append(Page(width, at + margin, tuple(marks)))
    return pages
