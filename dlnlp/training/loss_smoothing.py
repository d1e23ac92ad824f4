"""The curve of a range test without spikes and noise, and how strong the noise was."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEW = 30  # steps below which a fall may not be told from noise


def default_smoothing(steps: int) -> float:
    """Coefficient of the exponential average: a time constant of steps / 40, within [2, 50]."""
    return 1 - 1 / float(np.clip(steps / 40, 2, 50))


def exponential_average(values: NDArray[Any], smoothing: float) -> Floats:
    """Debiased exponential average, float64 ``[n]``.

    ``m_i = smoothing * m_(i-1) + (1 - smoothing) * x_i``, divided by ``1 - smoothing ** (i + 1)``
    (as Kingma & Ba 2015, "Adam", section 3), so that the first values are not drawn to 0.

    Raises:
        ValueError: ``smoothing`` is not in [0, 1).
    """
    _check_smoothing(smoothing)
    averages = np.empty(len(values))
    average = 0.0
    for index, value in enumerate(np.asarray(values, np.float64).tolist()):
        average = smoothing * average + (1 - smoothing) * value
        averages[index] = average / (1 - smoothing ** (index + 1))
    return averages


def smooth(losses: NDArray[Any], smoothing: float) -> Floats:
    """Losses without spikes, without noise, and without lag, float64 ``[n]``; finite ones only.

    A running median of five, or of three where there are few losses, takes single outliers away.
    What lies further above the first
    losses than the lowest one lies below them is cut to that height, so that a divergence does
    not flood what was before. Then every value becomes the mean of all, with the weight
    ``smoothing ** |distance in steps|``: :func:`exponential_average` looks back only, and would
    show every turn too late, at too high a rate.
    """
    values = np.asarray(losses, np.float64)
    reach = 1 if len(values) < FEW else 2
    padded = np.pad(values, reach, mode="reflect")
    median = np.median(sliding_window_view(padded, 2 * reach + 1), axis=1)
    first = float(np.median(median[: max(3, len(median) // 10)]))
    fall = first - float(median.min())
    if fall > 0:
        median = np.minimum(median, first + fall)
    _check_smoothing(smoothing)
    far = min(len(median) - 1, int(np.log(1e-12) / np.log(smoothing)) + 1) if smoothing else 0
    weights = np.power(smoothing, np.abs(np.arange(-far, far + 1)))

    def spread(x: Floats) -> Floats:
        return np.convolve(x, weights)[far : far + len(x)]

    return spread(median) / spread(np.ones(len(median)))


def transient(losses: Floats) -> int:
    """How many of the first losses come from the start of the training, not from the rate.

    At most three, or a twentieth of them. Each lies above the losses that follow by more than half
    of the fall that is still to come.

    Args:
        losses: in the order of the steps, float64 ``[n]``.
    """
    most = max(3, len(losses) // 20)
    later = losses[most:]
    curve = smooth(later, default_smoothing(len(later)))
    noise, lowest = noise_of(later, curve), float(curve.min())
    for count in range(most, 0, -1):
        after = losses[count:]
        level = float(np.median(after[: max(3, len(after) // 10)]))
        if losses[:count].min() > level + max((level - lowest) / 2, 6 * noise):
            return count
    return 0


def noise_of(losses: Floats, curve: Floats) -> float:
    """Standard deviation of the batches' noise, robust against outliers.

    Of the distances from the curve and of the second differences the smaller one: where there are
    few losses, the curve cuts the corners of the fall, and its distances are not all noise.

    Args:
        losses: in the order of the steps, float64 ``[n]``.
        curve: the smoothed losses, float64 ``[n]``.
    """
    distances = float(np.median(np.abs(losses - curve)))
    turns = float(np.median(np.abs(np.diff(losses, 2))))
    return 1.4826 * min(distances, turns / 6**0.5)


def _check_smoothing(smoothing: float) -> None:
    if not 0 <= smoothing < 1:
        raise ValueError(f"smoothing {smoothing!r} must be from 0 to below 1")
