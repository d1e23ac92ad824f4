"""What ``faithfulness.json`` says of all documents: means with intervals, pairs, correlations."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.leave_one_out import MODES
from train.evaluation import Z95

MEASURES = ("comprehensiveness", "sufficiency")
Record = dict[str, Any]


def mean_interval(values: NDArray[np.float64]) -> dict[str, float]:
    """Mean of values ``[n]`` with its 95 % interval, by the normal approximation."""
    half = Z95 * float(values.std(ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    mean = float(values.mean())
    return {"value": mean, "low": mean - float(half), "high": mean + float(half)}


def summary(records: Sequence[Record], methods: Sequence[str]) -> Record:
    """What the record says of all documents.

    Args:
        records: what :func:`judge` returned.
        methods: the network's rankings.

    Returns:
        ``measures``: mode -> ranking -> measure -> mean over documents and shares (AOPC), interval,
        and the means at each share. ``differences``: the same for pairs of rankings, paired by
        document. ``tau``: mean rank correlation of each pair.
    """
    names = [*methods, "random"]
    measures: Record = {}
    differences: Record = {}
    for mode in MODES:
        values = {name: np.array([r[mode][name] for r in records], np.float64) for name in names}
        measures[mode] = {
            name: {
                measure: mean_interval(values[name][:, place].mean(axis=1))
                | {"by_share": values[name][:, place].mean(axis=0).tolist()}
                for place, measure in enumerate(MEASURES)
            }
            for name in names
        }
        area = {name: values[name].mean(axis=2) for name in names}
        differences[mode] = {
            f"{one} - {other}": {
                measure: mean_interval(area[one][:, place] - area[other][:, place])
                for place, measure in enumerate(MEASURES)
            }
            for one, other in combinations(names, 2)
        }
    tau: Record = {}
    # By size, a ranking without its sign is the signed one again.
    compared = [name for name in methods if not name.endswith("_size")]
    for pair in (f"{one} {other}" for one, other in combinations(compared, 2)):
        known = [r["tau"][pair] for r in records if r["tau"][pair] is not None]
        if known:
            tau[pair] = mean_interval(np.array(known, np.float64)) | {"documents": len(known)}
    return {"measures": measures, "differences": differences, "tau": tau}
