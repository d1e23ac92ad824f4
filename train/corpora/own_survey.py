"""A look at texts of one's own before anything is learned from them: what is wrong is told."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from dlnlp.datasets import DatasetError
from dlnlp.inference.class_order import counts_stars
from train.corpora.own_source import (
    MAX_CLASSES,
    Item,
    OwnTexts,
    class_order,
    normalised,
    number_in,
)

FEW_ROWS = 10  # of a class: too few to learn it, or to tell whether it is learned
IMBALANCE = 20  # times as many rows in the largest class as in the smallest
# Labels that are counted before a column is taken for something else, such as dates.
_MOST_LABELS = 1_000
_SCRIPT_TEXTS = 2_000
# Scripts that put no spaces between words: prefix of their letters' Unicode names, language.
_NAMES = (
    ("CJK ", "Chinese or Japanese"),
    ("HIRAGANA", "Japanese"),
    ("KATAKANA", "Japanese"),
    ("THAI", "Thai"),
    ("LAO ", "Lao"),
    ("KHMER", "Khmer"),
    ("MYANMAR", "Burmese"),
)


@dataclass(frozen=True, eq=False)
class Survey:
    """What one pass over the texts found.

    Attributes:
        rows: rows that were read.
        labels: rows of each label, the empty one for rows without.
        words: words of the texts, all together, roughly: stretches without a space.
        longest: words of the longest text.
        empty: texts without a letter or a digit.
        digests: uint64 ``[rows]``, a hash of each text without case and punctuation.
        codes: int32 ``[rows]``, number of each row's label in the order of appearance.
        bad: rows that could not be read.
        no_spaces: name of a script that writes no spaces between words, where most texts use it.
    """

    rows: int
    labels: Counter[str]
    words: int
    longest: int
    empty: int
    digests: NDArray[np.uint64]
    codes: NDArray[np.int32]
    bad: int
    no_spaces: str = ""

    @property
    def class_names(self) -> tuple[str, ...]:
        """The labels: numbers by size, then words by the alphabet."""
        return tuple(sorted((label for label in self.labels if label), key=class_order))

    @property
    def duplicates(self) -> int:
        """Rows whose text occurs in an earlier row."""
        return self.rows - len(np.unique(self.digests))

    @property
    def contradictions(self) -> int:
        """Distinct texts that have more than one label."""
        pairs = np.unique(np.stack([self.digests, self.codes.astype(np.uint64)]), axis=1)
        return int(pairs.shape[1]) - len(np.unique(self.digests))


def survey(texts: OwnTexts, report: Callable[[str, str], None]) -> Survey:
    """Read all rows once.

    Args:
        texts: where they are.
        report: is given place and reason of each row that cannot be read.

    Raises:
        DatasetError: there is no row, or the labels are too many to be classes.
    """
    labels: Counter[str] = Counter()
    numbers: dict[str, int] = {}
    words = longest = empty = bad = 0
    scripts: Counter[str] = Counter()

    def unreadable(where: str, reason: str) -> None:
        nonlocal bad
        bad += 1
        report(where, reason)

    def facts() -> Iterator[tuple[int, int]]:
        nonlocal words, longest, empty
        for number, item in enumerate(texts.items(unreadable)):
            labels[item.label] += 1
            if len(labels) > _MOST_LABELS:
                raise _too_many(texts, f"more than {_MOST_LABELS:,}")
            plain = normalised(item.text)
            count = len(item.text.split())
            words, longest = words + count, max(longest, count)
            empty += not plain
            if number < _SCRIPT_TEXTS:
                scripts[_script(item)] += 1
            digest = hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8).digest()
            yield int.from_bytes(digest, "little"), numbers.setdefault(item.label, len(numbers))

    pairs = facts()
    blocks = [
        np.array(block, np.uint64) for block in iter(lambda: list(islice(pairs, 1 << 16)), [])
    ]
    if not blocks:
        raise DatasetError(f"{texts.path} holds no row that can be read: check the file")
    table = np.concatenate(blocks)
    if (classes := len([label for label in labels if label])) > MAX_CLASSES:
        raise _too_many(texts, f"{classes:,}")
    without = {script: count for script, count in scripts.items() if script}
    most = 2 * sum(without.values()) > sum(scripts.values())
    spaceless = max(without, key=lambda script: without[script]) if most else ""
    digests, codes = table[:, 0], table[:, 1].astype(np.int32)
    return Survey(len(table), labels, words, longest, empty, digests, codes, bad, spaceless)


def in_order(names: Sequence[str], asked: Sequence[str] | None) -> tuple[tuple[str, ...], bool]:
    """The classes as a network counts them, and whether that is an order, such as that of stars.

    Args:
        names: the labels, as :attr:`Survey.class_names`.
        asked: all of them, the lowest first; nothing: they have no order; None: they have one where
            all are numbers, or count stars.

    Raises:
        DatasetError: `asked` lacks a label, or has one that does not occur.
    """
    if asked is None:
        numbers = all(number_in(name) is not None for name in names)
        return tuple(names), len(names) > 2 and (numbers or counts_stars(names))
    if not asked:
        return tuple(names), False
    for given, wanted, fault in ((asked, names, "lacks"), (names, asked, "names")):
        if other := [name for name in wanted if name not in given]:
            raise DatasetError(
                f"the order of the classes {fault} {other[0][:40]!r}"
                + (", which no row has as its label" if fault == "names" else "")
                + ": give every label once, the lowest first (--class-order)"
            )
    return tuple(dict.fromkeys(asked)), len(names) > 2


def _too_many(texts: OwnTexts, count: str) -> DatasetError:
    column = f" {texts.label_column!r}" if texts.label_column else ""
    return DatasetError(
        f"the label column{column} of {texts.path} holds {count} different values where 2 to "
        f"{MAX_CLASSES} classes are needed: name another column (--label-column)"
    )


def _script(item: Item) -> str:
    """Language group of most letters of a text if it is written without spaces, else ""."""
    letters = [character for character in item.text[:200] if character.isalpha()]
    found: Counter[str] = Counter()
    for letter in letters:
        name = unicodedata.name(letter, "")
        found[next((title for start, title in _NAMES if name.startswith(start)), "")] += 1
    return found.most_common(1)[0][0] if found else ""


def refusal(found: Survey) -> str:
    """Why nothing can be learned from the texts, as a sentence; "" where something can."""
    if found.no_spaces:
        return (
            f"most texts are written in {found.no_spaces}, without spaces between words: the "
            "networks read words, so separate them with spaces first"
        )
    if len(found.class_names) < 2:
        only = (
            f"all rows have the label {found.class_names[0]!r}"
            if found.class_names
            else ("no row has a label")
        )
        return f"{only}: at least two classes are needed"
    if found.empty == found.rows:
        return "no text holds a letter or a digit"
    return ""


def warnings(found: Survey) -> list[str]:
    """What a reader should know before training, a sentence each."""
    told: list[str] = []

    def tell(count: int, one: str, many: str) -> None:
        if count:
            told.append(one if count == 1 else many.format(f"{count:,}"))

    tell(found.bad, "One row cannot be read and is left out.",
         "{} rows cannot be read and are left out.")  # fmt: skip
    tell(found.labels[""], "One row has no label and is left out.",
         "{} rows have no label and are left out.")  # fmt: skip
    tell(found.empty, "One text holds no word and is left out.",
         "{} texts hold no word and are left out.")  # fmt: skip
    tell(found.duplicates, "One row repeats the text of another; copies stay in one split.",
         "{} rows repeat the text of another; copies stay in one split.")  # fmt: skip
    tell(found.contradictions, "One text has more than one label.",
         "{} texts have more than one label.")  # fmt: skip
    counts = {name: found.labels[name] for name in found.class_names}
    rare = [name for name, count in counts.items() if count < FEW_ROWS]
    if rare:
        names = ", ".join(repr(name[:40]) for name in rare[:5]) + (" ..." if len(rare) > 5 else "")
        told.append(
            f"Fewer than {FEW_ROWS} rows have the label {names}: too few to learn or to judge."
        )
    if counts and max(counts.values()) > IMBALANCE * min(counts.values()):
        told.append(
            f"The largest class has {max(counts.values()):,} rows and the smallest "
            f"{min(counts.values()):,}: rare classes weigh more in training."
        )
    return told
