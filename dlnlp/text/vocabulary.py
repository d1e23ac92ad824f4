"""Words and their indices."""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PADDING = 0
UNKNOWN = 1
_RESERVED = ("<pad>", "<unk>")


class Vocabulary:
    """An immutable list of words; index 0 is padding, 1 every unknown word.

    Args:
        words: distinct words without the two reserved ones; the first gets index 2.

    Raises:
        ValueError: on a repeated, empty or reserved word, or one that holds white space.
    """

    __slots__ = ("_index", "words")

    def __init__(self, words: Iterable[str]) -> None:
        self.words: tuple[str, ...] = (*_RESERVED, *words)
        self._index = {word: index for index, word in enumerate(self.words)}
        if len(self._index) != len(self.words):
            raise ValueError("a vocabulary cannot hold a word twice, nor a reserved one")
        for word in self.words:
            if not word or word.split() != [word]:
                raise ValueError(f"not a word: {word!r} (empty, or with white space)")

    @classmethod
    def build(
        cls, counts: Mapping[str, int], min_count: int = 5, max_size: int = 30_000
    ) -> "Vocabulary":
        """The most frequent words; ties in alphabetical order, so that the result is unique.

        Args:
            counts: occurrences of each word in the training texts.
            min_count: rarer words are left out.
            max_size: entries at most, the two reserved ones included.
        """
        if min_count < 1 or max_size < len(_RESERVED):
            raise ValueError(f"min_count={min_count} must be >= 1, max_size={max_size} >= 2")
        kept = sorted((-n, w) for w, n in counts.items() if n >= min_count and w not in _RESERVED)
        return cls(word for _, word in kept[: max_size - len(_RESERVED)])

    def extended(self, words: Iterable[str], max_size: int) -> "Vocabulary":
        """This vocabulary with more words behind its own, those that it lacks, in their order.

        Args:
            words: distinct words.
            max_size: entries at most, the two reserved ones included.
        """
        new = (word for word in words if word not in self and word not in _RESERVED)
        room = max(0, max_size - len(self))
        return Vocabulary((*self.words[len(_RESERVED) :], *islice(new, room)))

    def __len__(self) -> int:
        """Number of entries, the two reserved ones included."""
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        """Whether a word has an index of its own."""
        return self._index.get(word, UNKNOWN) > UNKNOWN

    def __eq__(self, other: object) -> bool:
        """Equal words in equal order."""
        return isinstance(other, Vocabulary) and self.words == other.words

    def __hash__(self) -> int:
        """Hash of the words."""
        return hash(self.words)

    def encode(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """Indices of tokens, int32 ``[n]``; 1 where a word is unknown.

        A token that looks like a reserved entry is unknown: text cannot inject padding.
        """
        get = self._index.get
        ids = np.fromiter((get(token, UNKNOWN) for token in tokens), np.int32)
        return np.maximum(ids, UNKNOWN)

    def save(self, path: Path) -> None:
        """Write ``vocabulary.txt``: a word a line, the line number is the index."""
        path.write_text("\n".join(self.words) + "\n", encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Read what :meth:`save` wrote.

        Raises:
            ValueError: names the file when its head or a word is damaged.
        """
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} is damaged: {error}") from error
        if tuple(lines[:2]) != _RESERVED or lines[-1] != "":
            raise ValueError(f"{path} is not a vocabulary: its first lines must be {_RESERVED}")
        try:
            return cls(lines[2:-1])
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
