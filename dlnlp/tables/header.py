"""Columns by name: whether the first row names them, and which one is meant."""

import re
from collections.abc import Callable, Sequence

from dlnlp.tables.reader import TableError, column_name

TEXT_NAMES = ("text", "review", "reviews", "review_text", "comment", "content", "body", "sentence")
_NAMES = frozenset(TEXT_NAMES) | frozenset(
    "id index title label labels name date stars rating ratings score sentiment category class "
    "author user username product source url language lang message tweet polarity timestamp "
    "comments texts summary reviewid userid productid review_id user_id product_id".split()
)
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")
_BEGINS_WITH_DIGIT = re.compile(r"[^\w]*\d")
_LONG = 80  # characters of a cell that is hardly a name
_MOSTLY = 0.8


def column_labels(header: Sequence[str]) -> tuple[str, ...]:
    """Distinct names for the columns of any header: ``text``, ``column 2``, ``text (column 3)``."""
    labels: list[str] = []
    for place, name in enumerate(header):
        label = name.strip() or column_name(place)
        while label in labels:
            label += f" ({column_name(place)})"
        labels.append(label)
    return tuple(labels)


def find_column(header: Sequence[str], name: str, option: str = "--text-column") -> int:
    """Index of a column by its name in the header, or by its place as in ``column 2``.

    Args:
        header: names of the columns.
        name: the column's.
        option: that named it, for the error.

    Raises:
        TableError: there is none, or more than one.
    """
    places = [place for place, column in enumerate(header) if column == name]
    if len(places) > 1:
        listed = " or ".join(repr(column_name(place)) for place in places[:5])
        raise TableError(
            f"{len(places)} columns are called {name!r}: choose one by its place, as {listed}",
            option,
        )
    if not places:
        places = [place for place in range(len(header)) if column_name(place) == name]
    if not places:
        known = ", ".join(repr(label[:40]) for label in column_labels(header[:20]))
        more = " and more" if len(header) > 20 else ""
        raise TableError(f"it has no column {name!r}: choose one of {known}{more}", option)
    return places[0]


def guess_text_column(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Index of the column that most likely holds the texts: by its name, else by its length.

    Args:
        header: names of the columns.
        rows: some rows of the table.
    """
    names = [name.strip().lower() for name in header]
    for name in TEXT_NAMES:
        if name in names:
            return names.index(name)
    sizes = [sum(len(row[place]) for row in rows) for place in range(len(names))]
    return sizes.index(max(sizes))


def header_evidence(
    first: Sequence[str], rows: Sequence[Sequence[str]], text_column: str | None = None
) -> int:
    """1 where the first row seems to name the columns, -1 where it seems to be data, 0 else.

    Names: a usual one, or a word above numbers. Data: a number above numbers, a cell that comes
    again further down in its column, a sentence.

    Args:
        first: cells of the first row.
        rows: cells of rows below it.
        text_column: the name that one of the columns should have.
    """
    cells = [cell.strip() for cell in first]
    numbered = cells[1:] if cells and not cells[0] else cells
    if text_column in first or (numbered and numbered == [*map(str, range(len(numbered)))]):
        return 1  # the latter: as pandas writes a table without names
    names = data = False
    for place, cell in enumerate(cells):
        if not cell:
            continue
        filled = [row[place].strip() for row in rows if row[place].strip()]
        if filled and _NUMBER.fullmatch(cell):
            data = data or _mostly(_NUMBER.fullmatch, filled)
        elif len(filled) > 1 and cell in filled:
            data = True
        elif re.sub(r"\W+", "_", cell.lower()) in _NAMES:
            names = True
        elif _is_sentence(cell):
            data = True
        elif filled and not re.search(r"\d", cell):
            names = names or _mostly(_BEGINS_WITH_DIGIT.match, filled)
    return 1 if names else -1 if data else 0


def _mostly(test: Callable[[str], object], cells: Sequence[str]) -> bool:
    return sum(bool(test(cell)) for cell in cells) >= _MOSTLY * len(cells)


def _is_sentence(cell: str) -> bool:
    """Whether a cell reads like a text; questions and prompts are names in surveys."""
    if cell.endswith(("?", ":")):
        return False
    words = len(cell.split())
    return words > 2 and (len(cell) > _LONG or cell.rstrip("\"'”’)").endswith((".", "!", "…")))
