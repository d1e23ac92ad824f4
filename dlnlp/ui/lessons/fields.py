"""The fields of a lesson's file, each checked when it is read."""

from collections.abc import Collection
from typing import Any


class LessonError(ValueError):
    """A lesson that cannot be read; the message is one sentence for its author."""


class Fields:
    """A table of a lesson's file.

    Attributes:
        values: What it holds.
    """

    def __init__(self, file: str, place: str, values: dict[str, Any]) -> None:
        self.values = values
        self._file, self._place = file, place

    def error(self, problem: str) -> LessonError:
        """An error that names the file and the place."""
        return LessonError(f"{self._file}: {self._place}{problem}.")

    def only(self, known: Collection[str]) -> None:
        """Raises LessonError where the table holds a name that nobody reads."""
        for name in self.values:
            if name not in known:
                raise self.error(f"{name!r} is not known here; use {', '.join(sorted(known))}")

    def text(self, name: str, longest: int) -> str:
        """A text that is not empty."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f'{name} is missing or no text; write {name} = "..."')
        if len(value) > longest:
            raise self.error(f"{name} has {len(value)} characters; shorten it to {longest}")
        return value.strip()

    def one_of(self, name: str, known: Collection[str]) -> str:
        """A text among those that are known."""
        value = self.text(name, 40)
        if value not in known:
            raise self.error(f"{name} is {value!r}; it must be one of {', '.join(known)}")
        return value

    def number(self, name: str, low: int, high: int, what: str) -> int:
        """A whole number within bounds."""
        value = self.values.get(name)
        if type(value) is not int or not low <= value <= high:
            raise self.error(f"{name} is {value!r}; write {what}, {low} to {high}")
        return value

    def texts(self, name: str, bounds: tuple[int, int], longest: int) -> tuple[str, ...]:
        """A list of texts."""
        values = self.values.get(name)
        low, high = bounds
        if not isinstance(values, list) or not low <= len(values) <= high:
            raise self.error(f'{name} is no list of {low} to {high} texts; write ["...", "..."]')
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise self.error(f'{name} holds {value!r}; write each of its texts as "..."')
            if len(value) > longest:
                raise self.error(f"{name} holds {len(value)} characters; shorten it to {longest}")
        return tuple(value.strip() for value in values)

    def table(self, name: str) -> "Fields | None":
        """A table within this one; None where it is absent."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.error(f"{name} is no table; write {name} = {{ ... }}")
        return Fields(self._file, f"{self._place}{name}: ", value)

    def tables(self, name: str, bounds: tuple[int, int]) -> list["Fields"]:
        """A list of tables; each names its place from 1."""
        values = self.values.get(name, [])
        low, high = bounds
        if (
            not isinstance(values, list)
            or not low <= len(values) <= high
            or not all(isinstance(value, dict) for value in values)
        ):
            raise self.error(f"{name} must be {low} to {high} tables; begin each with [[{name}]]")
        one = name.removesuffix("s")
        return [
            Fields(self._file, f"{one} {number}: ", value)
            for number, value in enumerate(values, start=1)
        ]
