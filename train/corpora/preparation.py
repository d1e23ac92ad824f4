"""From an archive to a corpus directory: the work of ``python -m train.prepare``."""

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp import datasets
from dlnlp.corpus import Corpus, corpus_hash, write_info
from train.checkpoints import claimed
from train.corpora.encoding import encode_splits
from train.corpora.sizes import MAX_SIZE, MOST_TOKENS
from train.corpora.source import PublishedSource, Source
from train.corpora.stages import Stages
from train.corpora.word_vectors import learn_word_vectors
from train.progress import ProgressBar


@dataclass(frozen=True)
class Settings:
    """How a corpus is made.

    Attributes:
        min_count: rarer words are left out of the vocabulary.
        max_size: entries of the vocabulary at most.
        embedding_dim: length of a word vector.
        seed: of the word vectors.
        word_vector_epochs: passes over the texts.
        word_vector_workers: threads; with more than one the result is not reproducible.
        word_vector_tokens: about as many are read at most, in all epochs together.
    """

    min_count: int = 5
    max_size: int = 30_000
    embedding_dim: int = 200
    seed: int = 1
    word_vector_epochs: int = 3
    word_vector_workers: int = 1
    word_vector_tokens: int = MOST_TOKENS

    def __post_init__(self) -> None:
        """Raises ValueError on a vocabulary that token ids cannot count."""
        if self.max_size > MAX_SIZE:
            raise ValueError(f"max_size={self.max_size} must be <= {MAX_SIZE}: ids have 16 bits")


Vectors = Callable[[Corpus, Settings], tuple[NDArray[np.float32], dict[str, Any]]]
"""Makes the word vectors of a corpus, float32 ``[V, E]``, and says for its card what they are."""


def learned_vectors(
    corpus: Corpus, settings: Settings
) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Word vectors learned from the corpus' own texts, float32 ``[V, E]``; see :data:`Vectors`."""
    matrix = learn_word_vectors(
        corpus,
        dim=settings.embedding_dim,
        epochs=settings.word_vector_epochs,
        workers=settings.word_vector_workers,
        seed=settings.seed,
        tokens=settings.word_vector_tokens,
    )
    return matrix, {
        "algorithm": "skip-gram, 5 negative samples, window 5, sample 1e-4",
        "epochs": settings.word_vector_epochs,
        "workers": settings.word_vector_workers,
        "tokens_at_most": settings.word_vector_tokens,
        "trained_on": " + ".join(
            ["train without validation", *(["unsup"] if "unsup" in corpus.info["splits"] else [])]
        ),
    }


def chosen(settings: Settings, options: argparse.Namespace) -> Settings:
    """Settings with what the options of a command give, where they are not None."""
    given = {f.name: getattr(options, f.name, None) for f in fields(Settings)}
    return replace(settings, **{name: value for name, value in given.items() if value is not None})


def prepare(dataset: str, output: Path, *, workers: int, settings: Settings) -> Corpus:
    """Make the corpus directory ``output`` of a published data set; see :mod:`train.prepare`.

    Raises:
        datasets.DatasetError: the archive is missing or damaged, or a split holds no usable text.
        FileExistsError: ``output`` is there already.
    """
    refuse_existing(output)
    with ProgressBar(unit="B", unit_scale=True, desc=f"download {dataset}") as bar:

        def progress(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        archive = datasets.locate(dataset, progress=progress)
    source = PublishedSource(dataset, archive, report=ProgressBar.write)
    known = {"archive_bytes": archive.stat().st_size}
    return prepare_source(source, output, workers=workers, settings=settings, known=known)


def refuse_existing(output: Path) -> None:
    """Raise FileExistsError where a corpus would replace something."""
    if output.exists():
        raise FileExistsError(f"{output} exists: delete it, or choose another --output")


def prepare_source(
    source: Source,
    output: Path,
    *,
    workers: int,
    settings: Settings,
    known: Mapping[str, Any],
    vectors: Vectors = learned_vectors,
    words: Sequence[str] = (),
    about: Callable[[Corpus], Mapping[str, Any]] = lambda _: {},
) -> Corpus:
    """Make the corpus directory ``output``, or go on with what an earlier run finished.

    Args:
        source: the texts.
        output: the directory; must not exist.
        workers: processes that cut texts.
        settings: how.
        known: JSON-ready, what tells the same texts from others, such as their size.
        vectors: makes the word vectors, float32 ``[V, E]``.
        words: enter the vocabulary behind those of the texts.
        about: what else ``corpus.json`` tells of the corpus, JSON-ready.

    Raises:
        datasets.DatasetError: a split holds no usable text.
        FileExistsError: ``output`` is there already.
    """
    refuse_existing(output)
    partial = output.with_name(output.name + ".partial")
    of_words = "min_count", "max_size", "seed", "embedding_dim"
    made = {"dataset": source.name, **{k: getattr(settings, k) for k in of_words}, **known}
    stages = Stages(partial, made)
    info = encode_splits(source, stages, workers, settings.min_count, settings.max_size, words)
    names = ["preprocessor.json", "vocabulary.txt", *(f"{name}.arrow" for name in info["splits"])]
    write_info(partial, info | {"settings": made, "hash": corpus_hash(partial, names)})
    started = time.perf_counter()
    matrix, about_vectors = vectors(Corpus(partial), settings)
    np.save(partial / "embeddings.npy", matrix.astype(np.float16), allow_pickle=False)
    info = {**Corpus(partial).info, **about(Corpus(partial))}
    info["word_vectors"] = {
        **about_vectors,
        "dim": matrix.shape[1],
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
        settings = chosen(Settings(), options)
        corpus = prepare(
            options.dataset, options.output, workers=options.workers, settings=settings
        )
    print(json.dumps(corpus.info, indent=1))
