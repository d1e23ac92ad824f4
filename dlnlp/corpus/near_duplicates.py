"""Documents of one split that nearly repeat a document of another: a leak that accuracy hides.

Documents are compared by the sets of their word triples. Their similarity is the share of triples
in common (Jaccard), estimated by MinHash; candidates are found by banding (Broder 1997, "On the
resemblance and containment of documents"; Leskovec, Rajaraman & Ullman, "Mining of Massive
Datasets", chapter 3).
"""

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.splits import Split

HASHES, ROWS = 64, 4  # 16 bands of 4: a pair of similarity 0.8 meets in one with 99.98 %
THRESHOLD = 0.8
_SEED = 1
_LARGE = np.uint64(0x9E3779B97F4A7C15)
_EMPTY = np.uint32(0xFFFFFFFF)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A bijection of 64-bit numbers that looks random (the finalizer of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def signature(tokens: NDArray[np.uint16]) -> NDArray[np.uint32]:
    """MinHash signature of a document.

    Args:
        tokens: uint16 ``[n]``; a document of fewer than three words counts as one triple.

    Returns:
        uint32 ``[HASHES]``: the share of equal places of two signatures estimates the share of
        word triples that the documents have in common.
    """
    ids = tokens.astype(np.uint64)
    if len(ids) < 3:
        ids = np.concatenate([ids, np.full(3 - len(ids), 1 << 17, np.uint64)])
    triples = np.unique(ids[:-2] | (ids[1:-1] << np.uint64(18)) | (ids[2:] << np.uint64(36)))
    seeds = _mixed(np.arange(_SEED, _SEED + HASHES, dtype=np.uint64) * _LARGE)
    hashed = _mixed(_mixed(triples)[None] ^ seeds[:, None]) >> np.uint64(32)
    return np.asarray(hashed.min(axis=1), np.uint32)


def signatures(split: Split) -> NDArray[np.uint32]:
    """Signatures of all documents, uint32 ``[n, HASHES]``."""
    found = np.full((len(split), HASHES), _EMPTY, np.uint32)
    for index in range(len(split)):
        found[index] = signature(split.tokens(index))
    return found


def near_duplicates(
    documents: NDArray[np.uint32],
    others: NDArray[np.uint32],
    threshold: float = THRESHOLD,
    *,
    earlier: bool = False,
) -> NDArray[np.int64]:
    """Which documents nearly repeat one of the others.

    Args:
        documents: signatures, uint32 ``[n, HASHES]``.
        others: signatures, uint32 ``[m, HASHES]``.
        threshold: least estimated similarity, 0 to 1.
        earlier: both are the same documents, and only those before a document are its others.

    Returns:
        int64 ``[n]``: position of the first such other document; -1 where there is none.
    """
    nearest = np.full(len(documents), -1, np.int64)
    for band in range(0, HASHES, ROWS):
        known: dict[bytes, list[int]] = {}
        for place, key in enumerate(_keys(others, band)):
            known.setdefault(key, []).append(place)
        for index, key in enumerate(_keys(documents, band)):
            if nearest[index] >= 0 or key not in known:
                continue
            places = np.array(known[key][:_MOST_CANDIDATES])
            if earlier:
                places = places[places < index]
            alike = (others[places] == documents[index]).mean(axis=1) >= threshold
            if alike.any():
                nearest[index] = places[alike][0]
    return nearest


# Of documents that share a band; a phrase that thousands begin with would make it quadratic.
_MOST_CANDIDATES = 100


def _keys(table: NDArray[np.uint32], band: int) -> list[bytes]:
    part = np.ascontiguousarray(table[:, band : band + ROWS])
    return [row.tobytes() for row in part]
