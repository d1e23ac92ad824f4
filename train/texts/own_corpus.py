"""From a table of one's own to a prepared corpus, with what its card says of the texts."""

import argparse
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dlnlp import artifacts, catalogue
from dlnlp.corpus import Corpus
from dlnlp.corpus.near_duplicates import near_duplicates, signatures
from dlnlp.datasets import DatasetError
from dlnlp.text.vocabulary import Vocabulary
from train.corpora.own_source import OwnSource, OwnTexts
from train.corpora.own_survey import Survey, refusal, survey, warnings
from train.corpora.own_vectors import ENGLISH, covered, vectors_from, vectors_of
from train.corpora.preparation import Settings, Vectors, learned_vectors, prepare_source
from train.texts.own_recipes import corpus_settings

VECTORS_OF = "han_imdb"  # whose word vectors English texts begin with
EXAMPLES = 5  # test texts that the pages offer
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
    """The prepared corpus of a table, and what its card says of the texts.

    Raises:
        DatasetError: nothing can be learned from the texts.
    """
    texts, test = own_texts(options)
    told = _Limited(say)
    found = survey(texts, told)
    told.end()
    if reason := refusal(found):
        raise DatasetError(f"{options.texts}: {reason}")
    notes: dict[str, Any] = {"rows": found.rows, "warnings": warnings(found)}
    if test is not None:
        notes["warnings"] += _test_warnings(found, survey(test, lambda where, reason: None))
    for sentence in notes["warnings"]:
        say(sentence)
    say("  ".join(f"{name[:40]} {found.labels[name]:,}" for name in found.class_names))
    shares = (0.1, 0.2 if found.rows < FEW else 0.1)
    source = OwnSource(options.name, texts, found.class_names, test, shares, lambda sentence: None)
    known = {
        "texts_sha256": hashlib.sha256(np.sort(found.digests).tobytes()).hexdigest(),
        "columns": [options.text_column, options.label_column, options.group_column],
        "test": str(options.test) if options.test else None,
        "vectors": str(options.vectors),
    }
    output = options.work / "corpus"
    if output.exists():
        corpus = Corpus(output)
        stored = {name: corpus.info["settings"].get(name) for name in known}
        if json.loads(json.dumps(known)) != stored:
            raise DatasetError(
                f"{options.work} holds the work on other texts: delete it, or choose another --work"
            )
    else:
        settings = corpus_settings(found.rows, options.seed)
        corpus = prepare_source(
            source, output, workers=options.workers, settings=settings, known=known,
            vectors=_vectors(options.vectors),
        )  # fmt: skip
    notes["warnings"] += (more := _corpus_warnings(corpus))
    for sentence in more:
        say(sentence)
    return corpus, notes


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
        told.append(f"{other:,} rows of the test table have labels that the table lacks; left out.")
    if missing := known - set(test.labels):
        told.append(f"The test table holds no row of {len(missing)} classes.")
    shared = int(np.isin(test.digests, train.digests).sum())
    if shared:
        told.append(f"{shared:,} rows of the test table repeat a text of the table.")
    return told


def _vectors(chosen: str | Path | None) -> Vectors:
    """What makes the word vectors: a file's, the texts' own, or by default those that suit."""
    if isinstance(chosen, Path):
        return vectors_from(chosen)
    if chosen == "own":
        return learned_vectors
    if chosen is not None:
        return vectors_of(catalogue.directory(chosen))

    def fitting(corpus: Corpus, settings: Settings) -> Any:
        shipped = artifacts.WEIGHTS / VECTORS_OF
        words = Vocabulary.load(shipped / "vocabulary.txt") if shipped.exists() else Vocabulary(())
        english = covered(corpus, words) >= ENGLISH
        return (vectors_of(shipped) if english else learned_vectors)(corpus, settings)

    return fitting


def _corpus_warnings(corpus: Corpus) -> list[str]:
    """What the prepared corpus tells: cut texts, unknown words, near duplicates across splits."""
    told = []
    splits = corpus.info["splits"]
    if cut := sum(split["longer_than_max_sentences"] for split in splits.values()):
        limit = corpus.preprocessor.max_sentences
        told.append(f"{cut:,} texts have more than {limit} sentences, and are read so far.")
    share = splits["test"]["unknown_share"]
    if share > 0.1:
        told.append(f"{share:.0%} of the words of the test texts are unknown to the network.")
    train = corpus.split("train")
    if len(train) <= _COMPARED:
        known = signatures(train)
        for name in ("validation", "test"):
            alike = near_duplicates(signatures(corpus.split(name)), known)
            if count := int(np.count_nonzero(alike >= 0)):
                told.append(f"{count:,} texts of {name} nearly repeat a text of train.")
    return told
