"""Texts and tables of our own writing, to try things with.

The tables are invented from the first to the last row, each row written by hand: nobody stayed in
these hotels, and nobody asked these questions. They are small, as a first table usually is, and
meant to show a training from end to end within a minute. A figure reached on them says nothing of
other texts.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """A table that ships.

    Attributes:
        name: shown to the visitor.
        about: what its rows are, in a sentence.
        path: a CSV file with the columns ``text`` and ``label``.
        class_names: all labels that occur.
    """

    name: str
    about: str
    path: Path
    class_names: tuple[str, ...]


_FOLDER = Path(__file__).parent
HOTEL_REMARKS = ExampleTable(
    "Hotel remarks",
    "315 invented remarks of hotel guests: good, mixed or bad.",
    _FOLDER / "hotel_remarks.csv",
    ("bad", "good", "mixed"),
)
QUESTIONS = ExampleTable(
    "Questions",
    "328 invented questions: one can look up the answer (fact), or one has to ask somebody what "
    "they think (opinion).",
    _FOLDER / "questions.csv",
    ("fact", "opinion"),
)
TABLES = (HOTEL_REMARKS, QUESTIONS)
