"""One filter of a Kim CNN on one text: its value everywhere, and the sum where it is largest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.kim_cnn_network import KimCnnNetwork, of_target
from dlnlp.inference.sentiment_result import SentimentResult


@dataclass(frozen=True, eq=False)
class FilterReading:
    """Filter f of width w on a text of N words: ``a_p = b + sum_j x[p + j] . W[j, :, f]``.

    Attributes:
        number: f, counted from 0 over all widths.
        start: first word of the region that won.
        stop: one after its last word; at most N.
        products: float32 ``[w]``, ``x[start + j] . W[j, :, f]``; 0 after the end of the text.
        bias: b.
        weight: v, what one unit of the filter's value adds to the logit of the class.
        values: float32 ``[P]``, a at each region of the text, before the ReLU.
    """

    number: int
    start: int
    stop: int
    products: NDArray[np.float32]
    bias: float
    weight: float
    values: NDArray[np.float32]

    @property
    def width(self) -> int:
        """Words that the filter reads at once."""
        return len(self.products)

    @property
    def value(self) -> float:
        """``a`` of the region that won, before the ReLU."""
        return float(self.products.astype(np.float64).sum()) + self.bias

    @property
    def pooled(self) -> float:
        """``max(0, a)``."""
        return max(self.value, 0.0)

    @property
    def contribution(self) -> float:
        """What the filter adds to the logit of the class."""
        return self.pooled * self.weight


def read_filter(
    result: SentimentResult, network: KimCnnNetwork, number: int, target: int
) -> FilterReading:
    """Follow one filter over a text.

    Args:
        result: What the network read.
        network: Its weights.
        number: Number of the filter, counted from 0 over all widths.
        target: Index of the class whose logit it adds to; of two classes, whose log odds.

    Raises:
        ValueError: There is no such filter.
    """
    filters = len(network.output_weights)
    if not 0 <= number < filters:
        raise ValueError(f"there is no filter {number}: the network has 0 to {filters - 1}")
    kernel = network.kernels[number // network.filters][:, :, number % network.filters]
    width, words = len(kernel), len(result.token_ids)
    products = np.zeros((max(words, width), width), np.float32)
    products[:words] = network.vectors(result.token_ids) @ kernel.T
    regions = max(words - width, 0) + 1
    bias = float(network.biases[number])
    values = np.full(regions, bias, np.float32)
    for j in range(width):
        values += products[j : j + regions, j]
    # Where nothing fires, the best region says how close it was.
    start = int(result.positions[number]) if result.pooled[number] > 0 else int(values.argmax())
    return FilterReading(
        number=number,
        start=start,
        stop=min(start + width, words),
        products=products[start + np.arange(width), np.arange(width)],
        bias=bias,
        weight=float(of_target(network.output_weights[number], target)),
        values=values,
    )
