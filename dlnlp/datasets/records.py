"""What reading a data set yields: reviews, and the rows that could not be read."""

import logging
from dataclasses import dataclass

from dlnlp.tables.reader import BadRow

MAX_FIELD_CHARACTERS = 131_072
"""Longer titles and texts are malformed: the limit of Python's csv module."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Review:
    """One labelled text.

    Attributes:
        text: Title and text joined by a newline, or the text alone when there is no title;
            IMDB texts are as published, with their `<br />`.
        label: Class index: stars - 1 (0..4); for IMDB 0 negative, 1 positive; -1 unlabelled.
        group: reviews5: the source's name; IMDB: the film, such as "tt0453418"; else "".
        row: Star reviews: zero-based position of the record in its split, malformed records
            counted. IMDB: the review's ID, plus 12,500 for negative reviews of train and test, so
            that it does not depend on the order of the archive.
    """

    text: str
    label: int
    group: str
    row: int


def log_bad_row(bad_row: BadRow) -> None:
    """Log a bad row as a warning: what happens when the caller does not ask for bad rows."""
    _LOGGER.warning("%s: %s", bad_row.where, bad_row.problem)
