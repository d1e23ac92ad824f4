"""From an archive to a corpus directory: the work of ``python -m train.prepare``."""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from dlnlp import datasets
from dlnlp.corpus import Corpus, corpus_hash, write_info
from train.checkpoints import claimed
from train.corpora.encoding import encode_splits
from train.corpora.sizes import MAX_SIZE, MOST_TOKENS
from train.corpora.source import Source
from train.corpora.stages import Stages
from train.corpora.word_vectors import learn_word_vectors
from train.progress import ProgressBar


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
        datasets.DatasetError: the archive is missing or damaged, or a split holds no usable text.
        FileExistsError: ``output`` is there already.
        ValueError: ``max_size`` is above 65,536.
    """
    if max_size > MAX_SIZE:
        raise ValueError(f"max_size={max_size} must be <= {MAX_SIZE}: token ids have 16 bits")
    if output.exists():
        raise FileExistsError(f"{output} exists: delete it, or choose another --output")
    with ProgressBar(unit="B", unit_scale=True, desc=f"download {dataset}") as bar:

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
    source = Source(dataset, archive, report=ProgressBar.write)
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


def run(options: argparse.Namespace) -> None:
    """Prepare, and print what is known of the corpus.

    Args:
        options: of the command.
    """
    with claimed(options.output):
        corpus = prepare(
            options.dataset,
            options.output,
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
