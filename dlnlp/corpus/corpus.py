"""A prepared corpus on disk: a directory with a file of token ids a split.

It holds ``<split>.arrow`` (:mod:`dlnlp.corpus.splits`), ``vocabulary.txt``, ``preprocessor.json``,
``embeddings.npy`` (word vectors learned from its training texts) and ``corpus.json`` (statistics,
seeds, and the hash that model cards repeat). :mod:`train.prepare` writes it.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.splits import CorpusError, Split
from dlnlp.text import Preprocessor
from dlnlp.text.vocabulary import Vocabulary

FORMAT = 1


class Corpus:
    """A prepared corpus directory.

    Raises:
        CorpusError: a file is missing or damaged, or written by another format.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        try:
            self.info: dict[str, Any] = json.loads((self.path / "corpus.json").read_text("utf-8"))
            self.vocabulary = Vocabulary.load(self.path / "vocabulary.txt")
            self.preprocessor = Preprocessor.load(self.path / "preprocessor.json")
        except FileNotFoundError as error:
            raise CorpusError(
                f"{error.filename} is missing: run `python -m train.prepare` for its data set"
            ) from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise CorpusError(
                f"{self.path / 'corpus.json'} is damaged ({error}): prepare the corpus again"
            ) from error
        except ValueError as error:
            raise CorpusError(f"{error}: prepare the corpus again") from error
        if self.info.get("format") != FORMAT:
            raise CorpusError(
                f"{self.path} has corpus format {self.info.get('format')!r}, not {FORMAT}: "
                "prepare it again"
            )

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes in the order of their labels."""
        return tuple(self.info["class_names"])

    def split(self, name: str) -> Split:
        """Open a split: ``train``, ``validation``, ``test`` or ``unsup``."""
        return Split(self.path / f"{name}.arrow")

    def embeddings(self) -> NDArray[np.float32]:
        """Word vectors ``[vocabulary, embedding_dim]``; row 0 (padding) is zero."""
        path = self.path / "embeddings.npy"
        try:
            vectors = np.asarray(np.load(path, allow_pickle=False), np.float32)
        except (OSError, ValueError, EOFError) as error:
            raise CorpusError(
                f"{path} is missing or damaged ({error}): prepare the corpus again"
            ) from error
        if len(vectors) != len(self.vocabulary):
            raise CorpusError(
                f"{path} has {len(vectors)} rows for a vocabulary of "
                f"{len(self.vocabulary)} words: prepare the corpus again"
            )
        return vectors


def corpus_hash(path: Path, names: Iterable[str]) -> str:
    """SHA-256 over the names and bytes of a corpus' files, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(name.encode())
        with (path / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def write_info(path: Path, info: Mapping[str, Any]) -> None:
    """Write ``corpus.json``, whole or not at all."""
    text = json.dumps({"format": FORMAT, **info}, indent=1, ensure_ascii=False)
    partial = path / "corpus.json.partial"
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path / "corpus.json")
