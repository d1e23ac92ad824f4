"""From a table of one's own to a prepared corpus, with what its card says of the texts."""

import argparse
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dlnlp.corpus import Corpus
from dlnlp.corpus.bucketing import LENGTHS
from dlnlp.corpus.near_duplicates import near_duplicates, signatures
from dlnlp.datasets import DatasetError
from train.checkpoints import claimed
from train.corpora.own_source import OwnSource, OwnTexts
from train.corpora.own_survey import Survey, in_order, refusal, survey, warnings
from train.corpora.own_vectors import start
from train.corpora.preparation import Settings, chosen, prepare_source, refuse_existing
from train.progress import ProgressBar
from train.texts.own_recipes import corpus_settings

EXAMPLES = 5  # test texts that the pages offer
LEAST = {"train": 2, "validation": 1, "test": 3}  # texts; those of test span a map
FEW = 10_000  # rows: more are tested on a tenth, fewer on a fifth
# Above this size, comparing all documents with all others takes longer than it tells.
_COMPARED = 1_000_000
Say = Callable[[str], None]


def own_texts(options: argparse.Namespace) -> tuple[OwnTexts, OwnTexts | None]:
    """Where the texts are, and those to test with, as a command was told."""
    columns = options.text_column, options.label_column
    texts = OwnTexts(options.texts, *columns, options.group_column, options.reading)
    test = OwnTexts(options.test, *columns, None, options.reading) if options.test else None
    return texts, test


def own_corpus(options: argparse.Namespace, say: Say) -> tuple[Corpus, dict[str, Any]]:
    """The prepared corpus of a table, in the folder of the work, and what its card says of it.

    Raises:
        DatasetError: nothing can be learned from the texts.
    """
    output = options.work / "corpus"
    texts, test = own_texts(options)
    found, notes, known = _surveyed(options, texts, test, say)
    if output.exists():
        corpus = Corpus(output)
        stored = {name: corpus.info["settings"].get(name) for name in known}
        if json.loads(json.dumps(known)) != stored or "table" not in corpus.info:
            raise DatasetError(
                f"{options.work} holds the work on other texts: delete it, or choose another --work"
            )
    else:
        settings = corpus_settings(found.rows, options.seed)
        corpus = _prepared(options, output, settings, (texts, test), found, notes, known)
    _tell(corpus, notes, say)
    for name, least in LEAST.items():
        if (there := corpus.info["splits"][name]["documents"]) < least:
            raise DatasetError(
                f"{options.texts}: {there} of the texts fall to {name}, and at least {least} are "
                "needed there: give more rows, or name a table of its own with --test"
            )
    return corpus, corpus.info["table"]


def prepare_table(options: argparse.Namespace) -> None:
    """The work of ``python -m train.prepare --table``.

    Args:
        options: of the command; what they leave out follows from the number of rows.
    """
    refuse_existing(options.output)
    say = ProgressBar.write
    texts, test = own_texts(options)
    found, notes, known = _surveyed(options, texts, test, say)
    settings = chosen(corpus_settings(found.rows), options)
    with claimed(options.output):
        corpus = _prepared(options, options.output, settings, (texts, test), found, notes, known)
    _tell(corpus, notes, say)


def _surveyed(
    options: argparse.Namespace, texts: OwnTexts, test: OwnTexts | None, say: Say
) -> tuple[Survey, dict[str, Any], dict[str, Any]]:
    """What the texts hold, what is to be told of them, and what tells them from others."""
    told = _Limited(say)
    found = survey(texts, told)
    told.end()
    if reason := refusal(found):
        raise DatasetError(f"{options.texts}: {reason}")
    _, ordered = in_order(found.class_names, options.class_order)
    notes: dict[str, Any] = {
        "file": options.texts.name, "rows": found.rows, "warnings": warnings(found),
        "ordered_classes": ordered,
    }  # fmt: skip
    if test is not None:
        notes["warnings"] += _test_warnings(found, survey(test, lambda where, reason: None))
    for sentence in notes["warnings"]:
        say(sentence)
    return found, notes, {
        "texts_sha256": hashlib.sha256(np.sort(found.digests).tobytes()).hexdigest(),
        "columns": [options.text_column, options.label_column, options.group_column],
        "class_order": options.class_order,
        "test": str(options.test) if options.test else None,
        "vectors": str(options.vectors),
    }  # fmt: skip


def _prepared(
    options: argparse.Namespace,
    output: Path,
    settings: Settings,
    read: tuple[OwnTexts, OwnTexts | None],
    found: Survey,
    notes: dict[str, Any],
    known: dict[str, Any],
) -> Corpus:
    texts, test = read
    shares = (0.1, 0.2 if found.rows < FEW else 0.1)
    names, _ = in_order(found.class_names, options.class_order)
    source = OwnSource(options.name, texts, names, test, shares, lambda sentence: None)
    some = (item.text for item in texts.items(lambda where, reason: None))
    vectors, words = start(options.vectors, some)

    def about(corpus: Corpus) -> dict[str, Any]:
        told = [*notes["warnings"], *_corpus_warnings(corpus)]
        return {"table": {**notes, "warnings": told, "examples": examples(corpus, test or texts)}}

    return prepare_source(
        source, output, workers=options.workers, settings=settings, known=known,
        vectors=vectors, words=words, about=about,
    )  # fmt: skip


def _tell(corpus: Corpus, notes: dict[str, Any], say: Say) -> None:
    """What the prepared corpus adds to what the survey told."""
    for sentence in corpus.info["table"]["warnings"][len(notes["warnings"]) :]:
        say(sentence)
    for sentence in split_report(corpus):
        say(sentence)


def split_report(corpus: Corpus) -> list[str]:
    """How many texts of each class each split holds, a line for each split."""
    told = []
    for name, split in corpus.info["splits"].items():
        counts = [split["labels"].get(str(n), 0) for n in range(len(corpus.class_names))]
        shares = "  ".join(
            f"{label[:40]} {count:,} ({count / max(split['documents'], 1):.0%})"
            for label, count in zip(corpus.class_names, counts, strict=True)
        )
        told.append(f"{name}: {split['documents']:,} texts  {shares}")
    return told


def examples(corpus: Corpus, texts: OwnTexts) -> list[dict[str, str]]:
    """Test texts of usual length, one for each of the first classes, for the pages.

    Args:
        corpus: prepared from `texts`.
        texts: where they are.

    Returns:
        A dictionary with ``label`` and ``text`` for each example, in class order.
    """
    test = corpus.split("test")
    chosen: dict[int, str] = {}
    for label, name in enumerate(corpus.class_names[:EXAMPLES]):
        members = np.flatnonzero(test.labels == label)
        if len(members):
            order = members[np.argsort(test.token_counts[members], kind="stable")]
            chosen[int(test.rows[order[len(order) // 2]])] = name
    found: dict[str, str] = {}
    for number, item in enumerate(texts.items(lambda where, reason: None)):
        if number in chosen:
            found[chosen[number]] = item.text
    return [{"label": name, "text": found[name]} for name in chosen.values() if name in found]


class _Limited:
    """Says the first few of many."""

    def __init__(self, say: Say, most: int = 10) -> None:
        self._say, self._most, self._count = say, most, 0

    def __call__(self, where: str, reason: str) -> None:
        self._count += 1
        if self._count <= self._most:
            self._say(f"skipped {where}: {reason}")

    def end(self) -> None:
        if self._count > self._most:
            self._say(f"... and {self._count - self._most:,} more")


def _test_warnings(train: Survey, test: Survey) -> list[str]:
    known = set(train.class_names)
    told = []
    other = sum(n for name, n in test.labels.items() if name and name not in known)
    if other:
        told.append(
            f"{other:,} of the rows of the test table have a label that the table lacks: left out."
        )
    if missing := known - set(test.labels):
        names = ", ".join(repr(name[:40]) for name in sorted(missing)[:5])
        told.append(f"The test table holds no row with the label {names}.")
    shared = int(np.isin(test.digests, train.digests).sum())
    if shared:
        told.append(f"{shared:,} of the rows of the test table repeat a text of the table.")
    return told


def _corpus_warnings(corpus: Corpus) -> list[str]:
    """What the prepared corpus tells: cut texts, unknown words, classes and copies by split."""
    told = []
    splits = corpus.info["splits"]
    if cut := sum(split["longer_than_max_sentences"] for split in splits.values()):
        limit = corpus.preprocessor.max_sentences
        told.append(f"{cut:,} of the texts have more than {limit} sentences, and are read so far.")
    counts = [corpus.split(name).token_counts for name in splits]
    if cut := sum(int(np.count_nonzero(of_split > LENGTHS[-1])) for of_split in counts):
        told.append(
            f"{cut:,} of the texts have more than {LENGTHS[-1]:,} words: a Kim CNN reads so far."
        )
    share = splits["test"]["unknown_share"]
    told.append(f"{share:.1%} of the words of the test texts are unknown to the network.")
    for name, split in splits.items():
        missing = [c for n, c in enumerate(corpus.class_names) if str(n) not in split["labels"]]
        if missing:
            names = ", ".join(repr(label[:40]) for label in missing[:5])
            told.append(f"No text of {name} has the label {names}{' ...' * (len(missing) > 5)}.")
    train = corpus.split("train")
    if len(train) <= _COMPARED:
        known = signatures(train)
        if count := int(np.count_nonzero(near_duplicates(known, known, earlier=True) >= 0)):
            told.append(f"{count:,} of the texts of train nearly repeat another of train.")
        for name in ("validation", "test"):
            alike = near_duplicates(signatures(corpus.split(name)), known)
            if count := int(np.count_nonzero(alike >= 0)):
                told.append(f"{count:,} of the texts of {name} nearly repeat a text of train.")
    return told
