"""Preparing a corpus, ours against the origin's way, on one core, in turn, in one run.

    DLNLP_DATA=... python -m benchmarks.prepare [--documents 6000] [--rounds 3]

Both read reviews of the archive, cut them into sentences and words, count words and write token
ids. Ours: what a worker of `train.prepare` does. The origin's: NLTK's `sent_tokenize`, then
`word_tokenize` on each sentence (which splits it into sentences once more), a counter, a text file
of ids; the splitter has our parameters, as NLTK's own are a download. Each side is a process that
waits while the other works; times are seconds of the processor, without reading the archive,
which is the same for both.
"""

import collections
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from dlnlp import datasets
from dlnlp.commands.options import Parser, whole
from dlnlp.datasets import Review
from dlnlp.text import Preprocessor
from dlnlp.text.vocabulary import Vocabulary
from train.corpora.punkt_training import train_punkt

PUNKT_TEXTS = 1000
SHARED = 200  # texts whose words are compared


def reviews(name: str, first: int, count: int) -> Iterator[Review]:
    """Reviews of the training split."""
    yield from islice(datasets.iterate(name, "train"), first, first + count)


def ours(preprocessor: Preprocessor, folder: Path) -> Callable[[list[Review]], int]:
    """Cut and count, then encode what was cut, as `train.corpora.encoding` does."""
    from train.corpora import encoding
    from train.corpora.cut_texts import CutTexts
    from train.corpora.word_counts import WordCounts

    encoding._start_worker(preprocessor.to_dict(), ())

    def work(texts: list[Review]) -> int:
        chunks = [texts[i : i + encoding.CHUNK] for i in range(0, len(texts), encoding.CHUNK)]
        cut = CutTexts(folder / "train.cut")
        with WordCounts(folder) as counts:
            cut.write(encoding._counting(map(encoding._count, chunks), counts))
            frequent, _ = counts.most_frequent(30_000, 5)
        encoding._vocabulary = Vocabulary.build(frequent)
        encoded = map(encoding._encode_cut, cut)
        found = encoding.write_split(folder / "train.arrow", encoded, preprocessor)
        return int(found["tokens"])

    return work


def origin(preprocessor: Preprocessor, folder: Path) -> Callable[[list[Review]], int]:
    """Tokenize once, keep all tokens, count, write ids."""
    tokenize = origin_tokenizer(preprocessor)

    def work(texts: list[Review]) -> int:
        documents = [tokenize(review.text) for review in texts]
        counts = collections.Counter(w for d in documents for s in d for w in s)
        index = {w: i + 2 for i, (w, n) in enumerate(counts.most_common(30_000)) if n >= 5}
        with (folder / "train.txt").open("w", encoding="ascii") as file:
            for review, document in zip(texts, documents, strict=True):
                ids = (" ".join(str(index.get(word, 1)) for word in s) for s in document)
                file.write("\t".join([str(review.label), *ids]) + "\n")
        return counts.total()

    return work


def origin_tokenizer(preprocessor: Preprocessor) -> Callable[[str], list[list[str]]]:
    """Lower-case words of the sentences of a text, by NLTK."""
    from nltk.tokenize import NLTKWordTokenizer

    from benchmarks.tokenization import nltk_splitter

    splitter, words = nltk_splitter(preprocessor.punkt), NLTKWordTokenizer()

    def tokenize(text: str) -> list[list[str]]:
        return [
            [word for part in splitter.tokenize(sentence) for word in words.tokenize(part)]
            for sentence in splitter.tokenize(text.lower())
        ]

    return tokenize


def serve(side: str, name: str, content: dict[str, Any], folder: Path, pipe: Connection) -> None:
    """One side in its process."""
    work = {"ours": ours, "origin": origin}[side](Preprocessor.from_dict(content), folder)
    pipe.send("ready")
    while (command := pipe.recv()) is not None:
        texts = list(reviews(name, *command))
        started = time.process_time()
        tokens = work(texts)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        pipe.send((time.process_time() - started, tokens, peak))


def agreement(preprocessor: Preprocessor, texts: Sequence[Review]) -> float:
    """Share of the words of both that the other has too, as multisets of each text."""
    tokenize, same, total = origin_tokenizer(preprocessor), 0, 0
    for review in texts:
        mine = collections.Counter(w for s in preprocessor.token_lists(review.text) for w in s)
        theirs = collections.Counter(w for s in tokenize(review.text) for w in s)
        same += 2 * (mine & theirs).total()
        total += mine.total() + theirs.total()
    return same / total


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.prepare", description=__doc__)
    parser.add_argument("--documents", type=whole(), default=6000)
    parser.add_argument("--rounds", type=whole(), default=3)
    options = parser.parse_args(arguments)
    name = "reviews5" if datasets.find("reviews5") else "imdb"
    sample = [review.text for review in reviews(name, 0, PUNKT_TEXTS)]
    preprocessor = Preprocessor(train_punkt(sample))
    context = multiprocessing.get_context("spawn")
    sides: dict[str, tuple[Any, Connection]] = {}
    found: dict[str, list[tuple[float, int, float]]] = {"ours": [], "origin": []}
    with tempfile.TemporaryDirectory() as folder:
        for side in found:
            pipe, other = context.Pipe()
            content = preprocessor.to_dict()
            process = context.Process(target=serve, args=(side, name, content, Path(folder), other))
            process.start()
            other.close()
            pipe.recv()
            sides[side] = process, pipe
        for number in range(options.rounds):
            for side, (_, pipe) in sides.items():
                pipe.send((number * options.documents, options.documents))
                found[side].append(pipe.recv())
        for process, pipe in sides.values():
            pipe.send(None)
            process.join()
    print(f"{options.documents:,} reviews of {name}, median of {options.rounds} rounds, one core\n")
    print("| | documents/s | tokens/s | peak memory, MB |\n|---|---|---|---|")
    speeds = {}
    for side, rounds in found.items():
        speeds[side] = statistics.median(options.documents / seconds for seconds, _, _ in rounds)
        tokens = statistics.median(count / seconds for seconds, count, _ in rounds)
        print(f"| {side} | {speeds[side]:,.0f} | {tokens:,.0f} | {rounds[-1][2]:,.0f} |")
    same = agreement(preprocessor, list(reviews(name, 0, SHARED)))
    print(f"\nours / origin: {speeds['ours'] / speeds['origin']:.1f}; words in common: {same:.1%}")


if __name__ == "__main__":
    main()
