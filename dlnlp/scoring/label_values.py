"""Which class a value in a column of true labels means: a guess that people can correct."""

import re
from collections.abc import Iterable, Mapping, Sequence

LABEL_NAMES = (
    *("label", "labels", "class", "sentiment", "polarity", "stars", "rating", "ratings"),
    *("target", "true", "gold", "category", "score", "y"),
)
# More distinct values than this are no labels.
MOST_VALUES = 50
_LOW = frozenset("neg negative bad false no n - 0 -1 rotten dislike thumbs_down".split())
_HIGH = frozenset("pos positive good true yes y + 1 +1 fresh like thumbs_up".split())
_STARS = re.compile(r"[★⭐]+")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]0+)?")


def _plain(value: str) -> str:
    return "_".join(value.strip().casefold().split())


def _number(value: str) -> int | None:
    """The whole number that a value is or begins with, as "4 stars"; stars are counted."""
    plain = value.strip().replace("\ufe0f", "")
    if _STARS.fullmatch(plain):
        return len(plain)
    match = _NUMBER.match(plain)
    if match is None or (plain[match.end() :].strip()[:4].casefold() not in ("", "star")):
        return None
    return int(float(match[0].replace(",", ".")))


def guess_classes(values: Iterable[str], class_names: Sequence[str]) -> dict[str, int | None]:
    """The class that each distinct value means, as far as it can be told.

    A class's own name decides, or the number that it begins with ("4" is "4 stars"). Of two
    classes, usual words do (pos, neg, yes, no, 0, 1), and ratings: one to five stars, or one to
    ten points, where those in the middle mean neither. Of five classes, each is two of ten points.
    As many numbers in a row as there are classes are the classes in their order.

    Args:
        values: as they stand in the table.
        class_names: names of the classes in their order, the worst first.

    Returns:
        The index of a class for each value, in the order of their first occurrence; None where
        nothing tells, and where a cell is empty.
    """
    distinct = list(dict.fromkeys(values))
    names = {_plain(name): place for place, name in enumerate(class_names)}
    numbers = {value: _number(value) for value in distinct}
    known = [number for number in numbers.values() if number is not None]
    by_number = _classes_of_numbers(sorted(set(known)), class_names)
    found: dict[str, int | None] = {}
    for value in distinct:
        plain, number = _plain(value), numbers[value]
        if plain in names:
            found[value] = names[plain]
        elif number is not None:
            found[value] = by_number.get(number)
        elif len(class_names) == 2 and plain in _LOW | _HIGH:
            found[value] = int(plain in _HIGH)
        else:
            found[value] = None
    return found


def _classes_of_numbers(numbers: Sequence[int], class_names: Sequence[str]) -> Mapping[int, int]:
    """What numbers mean, from the whole set of those that occur, in ascending order."""
    if not numbers:
        return {}
    classes, low, high = len(class_names), numbers[0], numbers[-1]
    named = {_number(name): place for place, name in enumerate(class_names)}
    if None not in named and len(named) == classes and set(numbers) <= set(named):
        return {number: place for number, place in named.items() if number is not None}
    if classes == 2 and set(numbers) <= {-1, 0, 1}:
        return {-1: 0, 1: 1} if -1 in numbers else {0: 0, 1: 1}
    if classes == 2 and (low, high) == (1, 2):
        return {1: 0, 2: 1}
    if classes == 2 and low >= 1 and high <= 5:
        return {1: 0, 2: 0, 4: 1, 5: 1}
    if classes == 2 and low >= 0 and high <= 10:
        return {n: int(n >= 7) for n in range(11) if n <= 4 or n >= 7}
    if classes == 5 and low >= 1 and 5 < high <= 10:
        return {n: (n - 1) // 2 for n in range(1, 11)}
    if low in (0, 1) and high - low < classes:
        return {low + place: place for place in range(classes)}
    return {}


def guess_label_column(
    header: Sequence[str], rows: Sequence[Sequence[str]], class_names: Sequence[str]
) -> int | None:
    """Index of the column that most likely holds true labels; None where none seems to.

    It has a usual name, and nearly all of its cells mean a class.

    Args:
        header: names of the columns.
        rows: rows of the table.
        class_names: names of the classes.
    """
    names = [_plain(name) for name in header]
    for name in LABEL_NAMES:
        if name not in names or not rows:
            continue
        place = names.index(name)
        cells = [row[place] for row in rows]
        if len(set(cells)) > MOST_VALUES:
            continue
        classes = guess_classes(cells, class_names)
        meant = sum(classes[cell] is not None for cell in cells)
        if meant >= 0.5 * len(cells) and len({c for c in classes.values() if c is not None}) > 1:
            return place
    return None
