"""From reviews to encoded splits: counting and encoding in worker processes, in bounded memory.

Knows how the project divides a data set into train, validation, test and unlabelled text.
"""

import collections
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from tqdm import tqdm

from dlnlp import datasets
from dlnlp.corpus import Document, SplitWriter
from dlnlp.datasets import BadRow, Review
from dlnlp.text import Preprocessor, train_punkt
from dlnlp.vocabulary import UNKNOWN, Vocabulary

CHUNK = 256
PUNKT_TEXTS = 20_000
MAX_SIZE = 1 << 16  # token ids have 16 bits on disk
VALIDATION_SHARE = {"reviews5": 0.04, "amazon_full": 0.01, "imdb": 0.10}

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def is_validation(dataset: str, review: Review) -> bool:
    """Whether a document of the published train split is held out for validation.

    Decided by SHA-256 of the film where there is one (IMDB), else of the text, so that neither
    order nor seed matters and copies of a text stay on one side.
    """
    key = review.group if dataset == "imdb" else review.text
    draw = int.from_bytes(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:8], "big")
    return draw / 2**64 < VALIDATION_SHARE[dataset]


_preprocessor: Preprocessor
_vocabulary: Vocabulary


def _start_worker(preprocessor: dict[str, Any], words: tuple[str, ...]) -> None:
    global _preprocessor, _vocabulary
    _preprocessor = Preprocessor.from_dict(preprocessor)
    _vocabulary = Vocabulary(words)


def _count(reviews: list[Review]) -> collections.Counter[str]:
    counts: collections.Counter[str] = collections.Counter()
    for review in reviews:
        for sentence in _preprocessor.token_lists(review.text):
            counts.update(sentence)
    return counts


def _encode(reviews: list[Review]) -> list[Document]:
    documents = []
    for review in reviews:
        sentences = _preprocessor.token_lists(review.text)
        ids = _vocabulary.encode(token for sentence in sentences for token in sentence)
        lengths = np.fromiter(map(len, sentences), np.uint8, len(sentences))
        documents.append(
            Document(ids.astype(np.uint16), lengths, review.label, review.group, review.row)
        )
    return documents


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def ordered_map(
    pool: ProcessPoolExecutor, work: Callable[[Item], Answer], items: Iterable[Item], window: int
) -> Iterator[Answer]:
    """``map`` in order with at most ``window`` items in flight, however many there are."""
    pending: collections.deque[Future[Answer]] = collections.deque()
    for item in items:
        pending.append(pool.submit(work, item))
        if len(pending) >= window:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


class Source:
    """Reads a data set's splits as the corpus divides them."""

    def __init__(self, dataset: str, path: Path, report: Callable[[str], None]) -> None:
        self.dataset, self.path, self.report = dataset, path, report
        self.bad_rows = 0
        self._seen: set[tuple[str, str]] = set()

    def _bad(self, row: BadRow) -> None:
        if (row.where, row.reason) not in self._seen:  # an archive is read several times
            self._seen.add((row.where, row.reason))
            self.bad_rows += 1
            self.report(f"skipped {row.where}: {row.reason}")

    def reviews(self, published: str) -> Iterator[Review]:
        """All documents of a published split."""
        return datasets.iterate(self.dataset, published, path=self.path, on_bad_row=self._bad)

    def train(self) -> Iterator[Review]:
        """Published train without validation."""
        return (r for r in self.reviews("train") if not is_validation(self.dataset, r))

    def validation(self) -> Iterator[Review]:
        """What is held out of published train."""
        return (r for r in self.reviews("train") if is_validation(self.dataset, r))

    def unlabelled(self) -> Iterator[Review]:
        """IMDB's reviews without labels, less those whose text is in validation or test too."""
        if self.dataset == "imdb":
            held_out = {_digest(r) for r in chain(self.validation(), self.reviews("test"))}
            yield from (r for r in self.reviews("unsup") if _digest(r) not in held_out)


def _digest(review: Review) -> bytes:
    return hashlib.sha256(review.text.encode("utf-8", "replace")).digest()


def encode_splits(
    source: Source, partial: Path, workers: int, min_count: int, max_size: int
) -> dict[str, Any]:
    """Learn splitter and vocabulary, write them and every split into ``partial``.

    Returns:
        Statistics for ``corpus.json``, JSON-ready.
    """
    started = time.perf_counter()
    sample = tqdm(
        islice(source.train(), PUNKT_TEXTS), "sentence splitter", PUNKT_TEXTS, disable=None
    )
    preprocessor = Preprocessor(train_punkt(review.text for review in sample))
    preprocessor.save(partial / "preprocessor.json")

    window = 4 * workers
    counts: collections.Counter[str] = collections.Counter()
    content = preprocessor.to_dict()
    with ProcessPoolExecutor(workers, None, _start_worker, (content, ())) as pool:
        bar = tqdm(desc="count words", unit=" documents", disable=None)
        texts = chain(source.train(), source.unlabelled())
        for part in ordered_map(pool, _count, _chunks(_ticking(texts, bar)), window):
            counts.update(part)
        bar.close()
    vocabulary = Vocabulary.build(counts, min_count, max_size)
    vocabulary.save(partial / "vocabulary.txt")

    statistics = {}
    splits: dict[str, Callable[[], Iterator[Review]]] = {
        "train": source.train,
        "validation": source.validation,
        "test": lambda: source.reviews("test"),
    }
    if source.dataset == "imdb":
        splits["unsup"] = source.unlabelled
    with ProcessPoolExecutor(workers, None, _start_worker, (content, vocabulary.words[2:])) as pool:
        for name, reviews in splits.items():
            bar = tqdm(desc=f"encode {name}", unit=" documents", disable=None)
            documents = ordered_map(pool, _encode, _chunks(_ticking(reviews(), bar)), window)
            statistics[name] = write_split(partial / f"{name}.arrow", documents, preprocessor)
            bar.close()
    spec = datasets.DATASETS[source.dataset]
    return {
        "dataset": source.dataset,
        "class_names": list(spec.class_names),
        "validation": "by film" if source.dataset == "imdb" else "by hash of the text",
        "vocabulary_size": len(vocabulary),
        "distinct_words": len(counts),
        "bad_rows": source.bad_rows,
        "splits": statistics,
        "seconds": round(time.perf_counter() - started, 1),
    }


def _ticking(reviews: Iterable[Review], bar: "tqdm[Any]") -> Iterator[Review]:
    for review in reviews:
        bar.update()
        yield review


def write_split(
    path: Path, chunks: Iterable[list[Document]], preprocessor: Preprocessor
) -> dict[str, Any]:
    """Write the documents that hold a word; returns counts of what was written and left out."""
    documents = sentences = tokens = unknown = cut = empty = 0
    labels: collections.Counter[int] = collections.Counter()
    with SplitWriter(path) as writer:
        for chunk in chunks:
            for document in chunk:
                if len(document.token_ids) == 0:
                    empty += 1  # nothing to read: counted, and left out
                    continue
                writer.append(document)
                documents += 1
                labels[document.label] += 1
                sentences += len(document.sentence_lengths)
                tokens += len(document.token_ids)
                unknown += int(np.count_nonzero(document.token_ids == UNKNOWN))
                cut += len(document.sentence_lengths) > preprocessor.max_sentences
    return {
        "documents": documents,
        "empty": empty,
        "sentences": sentences,
        "tokens": tokens,
        "unknown_share": round(unknown / max(tokens, 1), 5),
        "longer_than_max_sentences": cut,
        "labels": {str(k): labels[k] for k in sorted(labels)},
    }
