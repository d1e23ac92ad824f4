"""A table of our own to try."""

import functools

from dlnlp.examples.texts import FILMS, STARS
from dlnlp.tables.csv_writing import csv_record


@functools.cache
def template_csv() -> bytes:
    """Reviews of our own writing as a table, with their stars: three films and five products."""
    # Two paragraphs, quotes and commas: what a field may hold.
    films = [example.text.replace(". ", ".\n", 1) for example in FILMS]
    texts = [
        *(("film", stars, text) for stars, text in zip((1, 3, 5), films, strict=True)),
        *(("product", stars, example.text) for stars, example in enumerate(STARS, 1)),
    ]
    rows = [("id", "about", "stars", "text")]
    rows += [(str(n), about, str(stars), text) for n, (about, stars, text) in enumerate(texts, 1)]
    return "".join(csv_record(row, ",", "\r\n") for row in rows).encode("utf-8-sig")
