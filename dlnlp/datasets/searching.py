"""Reviews of a split, to look words up in them, fetch one by its row or draw one.

SQLite's full-text search (FTS5) does the work, in memory.
"""

import random
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dlnlp.datasets.records import Review

MAX_TERMS = 5
_SNIPPET = 32  # words around what was found
_TERM = re.compile(r'"([^"]*)"?|(\S+)')


@dataclass(frozen=True, slots=True)
class Hit:
    """A review that holds what was looked for.

    Attributes:
        row: `Review.row`.
        label: Class index.
        snippet: The text around the terms, on one line.
    """

    row: int
    label: int
    snippet: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        total: Reviews that hold all terms.
        hits: The first of them.
    """

    total: int
    hits: tuple[Hit, ...]


class ReviewStore:
    """Reviews in a table with a full-text index. May be shared by threads.

    They are shuffled once, always alike, so that what a search shows first does not depend on the
    order of the archive.

    Args:
        reviews: For example those of a test split.
    """

    def __init__(self, reviews: Iterable[Review]) -> None:
        # SQLite itself takes one statement at a time (its serialized mode).
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        run = self._database.execute
        run("CREATE TABLE reviews (place INTEGER PRIMARY KEY, number INTEGER UNIQUE, label, text)")
        run(
            "CREATE VIRTUAL TABLE words USING fts5(text, content=reviews, content_rowid=place, "
            "tokenize='unicode61 remove_diacritics 0')"
        )
        texts = sorted((review.row, review.label, _stored(review.text)) for review in reviews)
        random.Random(0).shuffle(texts)
        self._rows = [row for row, _, _ in texts]
        self._database.executemany(
            "INSERT INTO reviews (number, label, text) VALUES (?, ?, ?)", texts
        )
        run("INSERT INTO words(words) VALUES ('rebuild')")
        self._database.commit()

    def __len__(self) -> int:
        """Number of reviews."""
        return len(self._rows)

    def __contains__(self, row: int) -> bool:
        """Whether there is a review of this `Review.row`."""
        found = self._database.execute("SELECT 1 FROM reviews WHERE number = ?", (row,))
        return found.fetchone() is not None

    def review(self, row: int) -> Review:
        """The review of a row, with line breaks for IMDB's tags; raises KeyError."""
        found = self._database.execute("SELECT text, label FROM reviews WHERE number = ?", (row,))
        for text, label in found:
            return Review(text, label, "", row)
        raise KeyError(row)

    def draw(self) -> Review:
        """A review at random; raises IndexError when there is none."""
        return self.review(random.SystemRandom().choice(self._rows))

    def search(self, query: str, limit: int = 20) -> Found:
        """The reviews that hold all terms of a query as whole words.

        Args:
            query: Words, and phrases in double quotes; case and punctuation do not matter. Terms of
                one letter and those after the first MAX_TERMS are left out.
            limit: Hits to return at most.

        Returns:
            How many there are, and the first of them.
        """
        terms = " AND ".join(f'"{term}"' for term in _terms(query))
        if not terms:
            return Found(0, ())
        run = self._database.execute
        (total,) = run("SELECT count(*) FROM words WHERE words MATCH ?", (terms,)).fetchone()
        rows = run(
            "SELECT number, label, snippet(words, 0, '', '', '…', ?) "
            "FROM words JOIN reviews ON place = words.rowid "
            "WHERE words MATCH ? ORDER BY words.rowid LIMIT ?",
            (_SNIPPET, terms, limit),
        )
        hits = (Hit(number, label, " ".join(text.split())) for number, label, text in rows)
        return Found(total, tuple(hits))


def _stored(text: str) -> str:
    text = text.replace("<br />", "\n").replace("\0", " ")
    return text.encode("utf-8", errors="replace").decode()  # without lone surrogates


def _terms(query: str) -> list[str]:
    """The words and phrases of a query that hold more than one letter or digit."""

    def found() -> Iterator[str]:
        for match in _TERM.finditer(_stored(query)):
            words = re.findall(r"[^\W_]+", match[1] or match[2] or "")
            if sum(map(len, words)) > 1:
                yield " ".join(words)

    return list(found())[:MAX_TERMS]
