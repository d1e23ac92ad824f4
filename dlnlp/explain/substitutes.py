"""Words to put in the place of another: near neighbours of a network, and opposites.

The near neighbours are those of the network's own embedding matrix: words that it reads alike. The
opposites stand in ``opposites.tsv``: forms of a word, and the forms of its opposite.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.text.vocabulary import PADDING, UNKNOWN, Vocabulary

NEIGHBOURS = 4
WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}
"""What stands before "n't" as it is written alone."""
# Cosine of the angle of two vectors from which on words count as near.
LEAST_COSINE = 0.6
# A vocabulary begins with the most frequent words; rare ones lie near many words by chance.
MOST_FREQUENT = 10_000


@cache
def opposites() -> dict[str, tuple[str, ...]]:
    """The opposites of each word of the list, in lower case, in the order of the list.

    Raises:
        ValueError: a line of the list has more forms of a word than opposites, or fewer.
    """
    file = files("dlnlp.explain") / "opposites.tsv"
    found: dict[str, dict[str, None]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()[1:], start=2):
        forms, others = (side.split() for side in line.split("\t"))
        if len(forms) != len(others):
            raise ValueError(f"{file}, line {number}: give each form one opposite: {line!r}")
        for form, other in zip(forms, others, strict=True):
            found.setdefault(form, {})[other] = None
            found.setdefault(other, {})[form] = None
    return {word: tuple(others) for word, others in found.items()}


def known_opposites(word: str, vocabulary: Vocabulary) -> list[int]:
    """Rows of the opposites of a word that a network knows."""
    ids = vocabulary.encode(opposites().get(word, ()))
    return [int(row) for row in ids if row != UNKNOWN]


def near_neighbours(
    rows: NDArray[np.int32],
    embeddings: NDArray[np.floating[Any]],
    vocabulary: Vocabulary,
    *,
    count: int = NEIGHBOURS,
) -> dict[int, list[int]]:
    """For each word, the words that a network reads most like it, the nearest first.

    Only words of letters are replaced and offered, and none offered that is rare or further away
    than `LEAST_COSINE`.

    Args:
        rows: words as rows of the matrix, int32 ``[N]``.
        embeddings: float ``[V, E]``.
        vocabulary: V words, the most frequent first.
        count: how many at most for each word.

    Returns:
        Rows of the neighbours by row; words without neighbours are left out.
    """
    words = vocabulary.words
    asked = [int(row) for row in np.unique(rows) if row > UNKNOWN and words[row].isalpha()]
    near = np.asarray(embeddings[:MOST_FREQUENT], np.float32)
    offered = np.array([word.isalpha() for word in words[:MOST_FREQUENT]])
    offered[[PADDING, UNKNOWN]] = False
    similar = _directions(np.asarray(embeddings[asked], np.float32)) @ _directions(near).T
    similar[:, ~offered] = -1
    found: dict[int, list[int]] = {}
    for row, cosines in zip(asked, similar, strict=True):
        nearest = np.argsort(-cosines, kind="stable")[: count + 1].tolist()
        close = [other for other in nearest if other != row and cosines[other] >= LEAST_COSINE]
        if close:
            found[row] = close[:count]
    return found


def _directions(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
