"""Pairs of short remarks that differ in a few words and say opposite things.

All of them are invented, for this project: on films and on things one buys, with a negation that
comes late, with what should have been, with comparisons, and with irony. Networks for reviews are
weak there: a few words have to outvote the others. No public set of revised reviews is among them.

Of each kind every second pair is for testing and teaches nothing.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

PAIRS = Path(__file__).with_suffix(".tsv")
Half = Literal["learning", "testing"]


@dataclass(frozen=True)
class Pair:
    """Two remarks.

    Attributes:
        kind: what makes it hard.
        negative: the remark of somebody who is not content.
        positive: the same with a few words changed, by somebody who is.
    """

    kind: str
    negative: str
    positive: str


def minimal_pairs(half: Half) -> list[Pair]:
    """The pairs of one half, in order."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        pairs = [Pair(**row) for row in rows]
    found, seen = [], dict.fromkeys((pair.kind for pair in pairs), 0)
    for pair in pairs:
        if seen[pair.kind] % 2 == (half == "testing"):
            found.append(pair)
        seen[pair.kind] += 1
    return found


def consistency(
    pairs: list[Pair], negative: NDArray[Any], positive: NDArray[Any]
) -> dict[str, dict[str, float]]:
    """How a network judges pairs, by kind and all together.

    Args:
        pairs: n pairs.
        negative: its probabilities for the negative remarks, float ``[n, C]``, worst class first.
        positive: the same for the positive remarks.

    Returns:
        ``both_right``: share of pairs with more probability below the middle of the classes than
        above it for the negative remark, and the other way round for the positive one.
        ``in_order``: share of pairs whose positive remark is judged better, by the mean class.
        ``pairs``: their number.
    """
    classes = np.arange(negative.shape[1]) - (negative.shape[1] - 1) / 2
    sides = [
        (p[:, classes > 0].sum(axis=1) - p[:, classes < 0].sum(axis=1))
        for p in (negative, positive)
    ]
    both = (sides[0] < 0) & (sides[1] > 0)
    ordered = negative @ classes < positive @ classes
    kinds = np.array([pair.kind for pair in pairs])
    masks = {kind: kinds == kind for kind in dict.fromkeys(kinds.tolist())}
    masks["all"] = np.ones(len(pairs), bool)
    return {
        kind: {
            "pairs": int(mask.sum()),
            "both_right": float(both[mask].mean()),
            "in_order": float(ordered[mask].mean()),
        }
        for kind, mask in masks.items()
    }
