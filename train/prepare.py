"""Prepare a corpus: ``python -m train.prepare --dataset {reviews5,amazon_full,imdb}``.

Streams the archive three times (sentence splitter, word counts, encoding) and never holds it in
memory: texts go to worker processes in small chunks, through a window of bounded length. Then
word vectors (skip-gram, Mikolov et al. 2013) are learned from what was written. Validation is
taken out of train here, by a hash, before anything is learned: documents of one film share their
fate in IMDB. The test split is encoded, and teaches nothing.

All happens in ``<output>.partial``, renamed when complete; an interrupted run leaves no corpus, and
the next one continues with what was finished: sentence splitter, vocabulary, each split. Word
vectors begin again.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
from tqdm import tqdm

from dlnlp import datasets
from dlnlp.corpus import Corpus, corpus_hash, write_info
from train.commands import exit_code
from train.corpora.encoding import MAX_SIZE, encode_splits
from train.corpora.source import VALIDATION_SHARE, Source
from train.corpora.stages import Stages
from train.corpora.word_vectors import MOST_TOKENS, learn_word_vectors


def prepare(
    dataset: str,
    output: Path,
    *,
    workers: int,
    embedding_dim: int = 200,
    min_count: int = 5,
    max_size: int = 30_000,
    word_vector_epochs: int = 3,
    word_vector_workers: int = 1,
    word_vector_tokens: int = MOST_TOKENS,
    seed: int = 1,
) -> Corpus:
    """Make the corpus directory ``output``; see the module for what happens.

    Raises:
        datasets.DatasetError: the archive is missing or damaged.
        FileExistsError: ``output`` is there already.
        ValueError: ``max_size`` is above 65,536.
    """
    if max_size > MAX_SIZE:
        raise ValueError(f"max_size={max_size} must be <= {MAX_SIZE}: token ids have 16 bits")
    if output.exists():
        raise FileExistsError(f"{output} exists: delete it, or choose another --output")
    with tqdm(unit="B", unit_scale=True, desc=f"download {dataset}", disable=None) as bar:

        def progress(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        archive = datasets.locate(dataset, progress=progress)
    partial = output.with_name(output.name + ".partial")
    settings = {
        "dataset": dataset, "min_count": min_count, "max_size": max_size, "seed": seed,
        "embedding_dim": embedding_dim, "archive_bytes": archive.stat().st_size,
    }  # fmt: skip
    stages = Stages(partial, settings)
    source = Source(dataset, archive, report=tqdm.write)
    info = encode_splits(source, stages, workers, min_count, max_size)
    names = ["preprocessor.json", "vocabulary.txt", *(f"{name}.arrow" for name in info["splits"])]
    write_info(partial, info | {"settings": settings, "hash": corpus_hash(partial, names)})
    started = time.perf_counter()
    vectors = learn_word_vectors(
        Corpus(partial),
        dim=embedding_dim,
        epochs=word_vector_epochs,
        workers=word_vector_workers,
        seed=seed,
        tokens=word_vector_tokens,
    )
    np.save(partial / "embeddings.npy", vectors.astype(np.float16), allow_pickle=False)
    info = Corpus(partial).info
    info["word_vectors"] = {
        "algorithm": "skip-gram, 5 negative samples, window 5, sample 1e-4",
        "dim": embedding_dim,
        "epochs": word_vector_epochs,
        "workers": word_vector_workers,
        "tokens_at_most": word_vector_tokens,
        "trained_on": "train without validation" + (" + unsup" if dataset == "imdb" else ""),
        "seconds": round(time.perf_counter() - started, 1),
        "sha256": corpus_hash(partial, ["embeddings.npy"]),
    }
    write_info(partial, info)
    stages.publish(output)
    return Corpus(output)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m train.prepare", description=__doc__)
    parser.add_argument("--dataset", required=True, choices=sorted(VALIDATION_SHARE))
    parser.add_argument("--output", type=Path, help="default: corpora/<dataset>")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--min-count", type=int, default=5)
    parser.add_argument("--max-size", type=int, default=30_000, help="words in the vocabulary")
    parser.add_argument("--embedding-dim", type=int, default=200)
    parser.add_argument("--word-vector-epochs", type=int, default=3)
    parser.add_argument(
        "--word-vector-workers", type=int, default=1, help="more are faster, and not reproducible"
    )
    parser.add_argument(
        "--word-vector-tokens", type=int, default=MOST_TOKENS, help="read in all epochs, at most"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.max_size > MAX_SIZE:
        parser.error(f"--max-size {options.max_size} is too large: give at most {MAX_SIZE}")
    known = (datasets.DatasetError, FileExistsError)
    return exit_code(lambda: _run(options), *known, then="it goes on with what was finished")


def _run(options: argparse.Namespace) -> None:
    corpus = prepare(
        options.dataset,
        options.output or Path("corpora") / options.dataset,
        workers=options.workers,
        embedding_dim=options.embedding_dim,
        min_count=options.min_count,
        max_size=options.max_size,
        word_vector_epochs=options.word_vector_epochs,
        word_vector_workers=options.word_vector_workers,
        word_vector_tokens=options.word_vector_tokens,
        seed=options.seed,
    )
    print(json.dumps(corpus.info, indent=1))


if __name__ == "__main__":
    sys.exit(main())
