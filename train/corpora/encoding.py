"""From reviews to encoded splits: counting and encoding in worker processes, in bounded memory."""

import collections
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import numpy as np

from dlnlp import datasets
from dlnlp.corpus.splits import Document, SplitWriter
from dlnlp.datasets import Review
from dlnlp.pool import end_with_parent, ordered_map
from dlnlp.text import Preprocessor
from dlnlp.text.vocabulary import UNKNOWN, Vocabulary
from train.corpora.cut_texts import Cut, CutRecord, CutTexts
from train.corpora.punkt_training import train_punkt
from train.corpora.source import Source
from train.corpora.stages import Stages
from train.corpora.word_counts import WordCounts
from train.progress import ProgressBar

CHUNK = 256
PUNKT_TEXTS = 20_000
Item = TypeVar("Item")


_preprocessor: Preprocessor
_vocabulary: Vocabulary


def _start_worker(preprocessor: dict[str, Any], words: tuple[str, ...]) -> None:
    global _preprocessor, _vocabulary
    end_with_parent()
    _preprocessor = Preprocessor.from_dict(preprocessor)
    _vocabulary = Vocabulary(words)


def _pool(workers: int, preprocessor: dict[str, Any], words: tuple[str, ...]) -> Executor:
    # One worker is a thread: a process that is forked where JAX runs already may hang.
    if workers == 1:
        return ThreadPoolExecutor(1, "", _start_worker, (preprocessor, words))
    return ProcessPoolExecutor(workers, None, _start_worker, (preprocessor, words))


def _cut(reviews: list[Review]) -> Iterator[Cut]:
    for review in reviews:
        sentences = _preprocessor.token_lists(review.text)
        yield review.label, review.group, review.row, sentences


def _count(reviews: list[Review]) -> tuple[dict[str, int], bytes]:
    record = CutRecord.of(_cut(reviews))
    return record.counts(), record.to_bytes()


def _encode(reviews: list[Review]) -> list[Document]:
    return _encoded(CutRecord.of(_cut(reviews)))


def _encode_cut(stored: bytes) -> list[Document]:
    return _encoded(CutRecord.from_bytes(stored))


def _encoded(record: CutRecord) -> list[Document]:
    tokens = _vocabulary.encode(record.words).astype(np.uint16)[record.positions]
    documents, end = [], 0
    for label, group, row, lengths in record.about:
        start, end = end, end + sum(lengths)
        sentences = np.array(lengths, np.uint8)
        documents.append(Document(tokens[start:end], sentences, label, group, row))
    return documents


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def encode_splits(
    source: Source,
    stages: Stages,
    workers: int,
    min_count: int,
    max_size: int,
    words: Sequence[str] = (),
) -> dict[str, Any]:
    """Learn splitter and vocabulary, write them and every split into the stages' directory.

    Splitter, vocabulary and every split are a stage each: what an earlier run finished is kept.

    Args:
        source: the texts.
        stages: where they are written, and what is done.
        workers: processes that cut texts.
        min_count: rarer words are left out of the vocabulary.
        max_size: entries of the vocabulary at most.
        words: enter it behind those of the texts, as far as it may grow.

    Returns:
        Statistics for ``corpus.json``, JSON-ready.

    Raises:
        DatasetError: train, validation or test holds no text with a word.
    """
    folder, done, splits = stages.directory, stages.done, source.splits()
    for found in done.values():
        source.bad_rows |= {(where, reason) for where, reason in found["bad_rows"]}
    started = time.perf_counter()

    def finish(stage: str, **found: Any) -> None:
        nonlocal started
        seconds, started = time.perf_counter() - started, time.perf_counter()
        stages.finish(stage, bad_rows=sorted(source.bad_rows), seconds=seconds, **found)

    if "splitter" not in done:
        sample = ProgressBar(
            islice(splits["train"](), PUNKT_TEXTS), "sentence splitter", PUNKT_TEXTS
        )
        Preprocessor(train_punkt(r.text for r in sample)).save(folder / "preprocessor.json")
        finish("splitter")
    preprocessor = Preprocessor.load(folder / "preprocessor.json")
    window, content = 4 * workers, preprocessor.to_dict()

    learned_from = [name for name in ("train", "unsup") if name in splits]
    cut = {name: CutTexts(folder / f"{name}.cut") for name in learned_from}
    if "vocabulary" not in done:
        with (
            WordCounts(folder) as counts,
            _pool(workers, content, ()) as pool,
        ):
            bar = ProgressBar(desc="count words", unit=" documents")
            for name in learned_from:
                parts = ordered_map(pool, _count, _ticking(_chunks(splits[name]()), bar), window)
                cut[name].write(_counting(parts, counts))
            bar.close()
            frequent, distinct = counts.most_frequent(max_size, min_count)
        if not frequent:
            _refuse(source, "train", distinct, min_count)
        vocabulary = Vocabulary.build(frequent, min_count, max_size).extended(words, max_size)
        vocabulary.save(folder / "vocabulary.txt")
        finish("vocabulary", distinct_words=distinct)
    vocabulary = Vocabulary.load(folder / "vocabulary.txt")

    with _pool(workers, content, vocabulary.words[2:]) as pool:
        for name, reviews in splits.items():
            if name in done:
                continue
            bar = ProgressBar(desc=f"encode {name}", unit=" documents")
            if name in cut:
                documents = ordered_map(pool, _encode_cut, cut[name], window)
            else:
                documents = ordered_map(pool, _encode, _chunks(reviews()), window)
            encoded = _ticking(documents, bar)
            statistics = write_split(folder / f"{name}.arrow", encoded, preprocessor)
            bar.close()
            finish(name, statistics=statistics)
    for name in ("train", "validation", "test"):
        if not done[name]["statistics"]["documents"]:
            _refuse(source, name)
    for texts_on_disk in cut.values():
        texts_on_disk.path.unlink(missing_ok=True)
    return {
        "dataset": source.name,
        "class_names": list(source.class_names),
        "validation": source.held_out,
        "vocabulary_size": len(vocabulary),
        "distinct_words": done["vocabulary"]["distinct_words"],
        "bad_rows": len(source.bad_rows),
        "splits": {name: done[name]["statistics"] for name in splits},
        "seconds": round(sum(found["seconds"] for found in done.values()), 1),
    }


def _refuse(source: Source, split: str, distinct: int = 0, min_count: int = 1) -> NoReturn:
    if distinct:
        raise datasets.DatasetError(
            f"no word occurs {min_count:,} times in the texts of {source.origin}: give a lower "
            "--min-count"
        )
    raise datasets.DatasetError(
        f"no text of the split {split} holds a word: give more texts, if there are only a few, or "
        f"check that {source.origin} is what you meant"
    )


def _ticking(chunks: Iterable[list[Item]], bar: ProgressBar) -> Iterator[list[Item]]:
    for chunk in chunks:
        bar.update(len(chunk))
        yield chunk


def _counting(parts: Iterable[tuple[dict[str, int], bytes]], counts: WordCounts) -> Iterator[bytes]:
    for found, record in parts:
        counts.update(found)
        yield record


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
