"""How little a picture looks like any digit: a score beside the probabilities.

Probabilities always name one of ten. Four measures say when none of them is meant, and training
chooses the one that tells digits from other drawings best:

- ``energy``: ``-log sum exp(logits)`` (Liu et al. 2020, "Energy-based Out-of-distribution
  Detection"): low where some class has strong evidence;
- ``largest_logit``: ``-max(logits)`` (Hendrycks et al. 2022, "Scaling Out-of-Distribution
  Detection for Real-World Settings");
- ``distance``: ``min_k (z - m_k)' S^-1 (z - m_k)``, the squared Mahalanobis distance of the
  embedding z from the nearest class mean, with one covariance S for all classes (Lee et al. 2018,
  "A Simple Unified Framework for Detecting Out-of-Distribution Samples"), as its root;
- ``learned``: a logistic regression that has seen drawings of both sorts, on how the embedding
  differs from the nearest class mean in every direction, the squares of that, the distance and the
  sorted logits.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.stored_arrays import StoredArrays

METHODS = ("energy", "largest_logit", "distance", "learned")
_EDGE = 0.05  # score of the middle digit; the middle of the others gets 1 less this
_RIDGE = 0.01  # of the mean variance: units that are almost always 0 must not count for all

Floats = NDArray[np.floating[Any]]
NONE = np.zeros(0, np.float32)


@dataclass(frozen=True, eq=False)
class OutOfDistributionScore(StoredArrays):
    """A measure and its scale from 0 (a digit) to 1.

    Attributes:
        method: one of METHODS.
        centre: measure with a score of a half.
        spread: how much the measure grows while the log-odds of the score grow by 1.
        threshold: score above which a picture is no digit.
        means: float32 ``[C, R]``, whitened class means.
        whitening: float32 ``[D, R]``, from embeddings to where every direction varies by 1.
        coefficients: float32 ``[F]``, of :func:`features`, for the measure ``learned``; else empty.
    """

    method: str
    centre: float
    spread: float
    threshold: float
    means: NDArray[np.float32]
    whitening: NDArray[np.float32]
    coefficients: NDArray[np.float32] = field(default_factory=NONE.copy)

    def __post_init__(self) -> None:
        """Refuse what cannot score; raises ValueError."""
        numbers = (self.centre, self.spread, self.threshold)
        fitting = self.means.ndim == self.whitening.ndim == 2 and (
            self.means.shape[1] == self.whitening.shape[1]
        )
        if fitting and self.method == "learned":
            fitting = self.coefficients.shape == (2 * self.means.shape[1] + len(self.means) + 2,)
        if self.method not in METHODS or not fitting:
            raise ValueError(
                f"a score by {self.method!r} with means {self.means.shape}, whitening "
                f"{self.whitening.shape} and {self.coefficients.size} coefficients cannot be "
                "computed; fit it again"
            )
        if not (np.isfinite(numbers).all() and self.spread > 0 and 0 <= self.threshold <= 1):
            raise ValueError(
                f"centre, spread and threshold {numbers} make no score in [0, 1]; fit it again"
            )

    def __call__(self, logits: Floats, embeddings: Floats) -> NDArray[np.float32]:
        """Scores in [0, 1], higher for pictures that are less like a digit.

        Args:
            logits: float ``[B, C]``.
            embeddings: float ``[B, D]``.

        Returns:
            float32 ``[B]``.
        """
        arrays = (self.means, self.whitening, self.coefficients)
        raw = measure(self.method, logits, embeddings, *arrays)
        odds = np.clip((raw - self.centre) / self.spread, -60, 60)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)

    @classmethod
    def scaled(
        cls,
        method: str,
        digits: Floats,
        others: Floats,
        false_alarms: float,
        means: NDArray[np.float32],
        whitening: NDArray[np.float32],
        coefficients: NDArray[np.float32] = NONE,
    ) -> "OutOfDistributionScore":
        """Set the scale and the threshold from the measure of digits and of other pictures.

        The median digit has the score 0.05, the median of the others 0.95.

        Args:
            method: one of METHODS.
            digits: the measure of digits, float ``[n]``.
            others: the measure of other pictures, float ``[m]``.
            false_alarms: share of the digits that lie above the threshold, in [0, 1].
            means: whitened class means, ``[C, R]``.
            whitening: ``[D, R]``.
            coefficients: ``[F]`` for the measure ``learned``, else empty.
        """
        low, high = float(np.median(digits)), float(np.median(others))
        # Where the others do not lie above, the scale comes from the digits alone.
        apart = high - low if high > low else float(np.std(digits)) or 1.0
        centre, spread = low + apart / 2, apart / (2 * np.log((1 - _EDGE) / _EDGE))
        limit = float(np.quantile(digits, 1 - false_alarms, method="higher"))
        threshold = 1 / (1 + np.exp(-np.clip((limit - centre) / spread, -60, 30)))
        # Rounded up to a number that a page can show; scores are float32.
        threshold = float(np.ceil(threshold * 1e4) / 1e4)
        arrays = (means, whitening, coefficients)
        return cls(method, centre, float(spread), min(threshold, 0.9999), *arrays)


def measure(
    method: str,
    logits: Floats,
    embeddings: Floats,
    means: NDArray[np.float32],
    whitening: NDArray[np.float32],
    coefficients: NDArray[np.float32] = NONE,
) -> NDArray[np.float64]:
    """One of the measures of this module, higher for pictures that are less like a digit.

    Args:
        method: one of METHODS.
        logits: float ``[B, C]``.
        embeddings: float ``[B, D]``.
        means: whitened class means, ``[C, R]``.
        whitening: ``[D, R]``.
        coefficients: ``[F]`` for the measure ``learned``, else empty.

    Returns:
        float64 ``[B]``.
    """
    values = logits.astype(np.float64)
    if method == "distance":
        return np.asarray(np.linalg.norm(_apart(embeddings, means, whitening), axis=1))
    if method == "learned":
        return np.asarray(features(logits, embeddings, means, whitening) @ coefficients)
    top = values.max(axis=1)
    if method == "largest_logit":
        return np.asarray(-top)
    return np.asarray(-top - np.log(np.exp(values - top[:, None]).sum(axis=1)))


def features(
    logits: Floats,
    embeddings: Floats,
    means: NDArray[np.float32],
    whitening: NDArray[np.float32],
) -> NDArray[np.float64]:
    """The features of the measure ``learned``, float64 ``[B, 2 R + C + 2]``; the last is 1.

    Args:
        logits: float ``[B, C]``.
        embeddings: float ``[B, D]``.
        means: whitened class means, ``[C, R]``.
        whitening: ``[D, R]``.
    """
    apart = _apart(embeddings, means, whitening)
    parts = (
        apart,
        apart**2,
        np.linalg.norm(apart, axis=1, keepdims=True),
        np.sort(logits.astype(np.float64), axis=1),
        np.ones((len(apart), 1)),
    )
    return np.concatenate(parts, axis=1)


def _apart(
    embeddings: Floats, means: NDArray[np.float32], whitening: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Whitened embeddings less the nearest class mean, ``[B, R]``."""
    placed = embeddings.astype(np.float64) @ whitening
    squares = (means.astype(np.float64) ** 2).sum(axis=1) - 2 * placed @ means.T
    return np.asarray(placed - means[squares.argmin(axis=1)])


def whitened_classes(
    embeddings: Floats, labels: NDArray[np.integer[Any]], classes: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Class means and the whitening that makes their common covariance the identity.

    Args:
        embeddings: embeddings of training digits, float ``[N, D]``.
        labels: class labels, int ``[N]``; a class without a digit has the mean of all.
        classes: C.

    Returns:
        Whitened means float32 ``[C, D]``, and the whitening float32 ``[D, D]``.
    """
    values = embeddings.astype(np.float64)
    overall = values.mean(axis=0)
    means = np.stack(
        [values[labels == k].mean(axis=0) if np.any(labels == k) else overall
         for k in range(classes)]
    )  # fmt: skip
    within = values - means[labels]
    covariance = within.T @ within / len(values)
    variances, directions = np.linalg.eigh(covariance)
    ridge = max(_RIDGE * float(variances.mean()), float(np.finfo(np.float32).tiny))
    whitening = directions / np.sqrt(np.maximum(variances, 0) + ridge)
    return (means @ whitening).astype(np.float32), whitening.astype(np.float32)
