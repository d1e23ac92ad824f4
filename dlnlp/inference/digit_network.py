"""The weights of the network for digits in NumPy, for explanations that take it apart.

ONNX Runtime answers; this runs the same network layer by layer, from any layer on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SIDE = 28
STRIDES = (2, 1, 1, 1, 1)
POOLED = 2  # the convolution whose maps are halved by max pooling
UNPADDED = 4


@dataclass(frozen=True, eq=False)
class DigitNetwork:
    """Five convolutions, each with ReLU, then a dense layer with ReLU, then the logits.

    Attributes:
        kernels: float32 ``[k, k, in, out]`` of each convolution, batch normalization folded in.
        biases: float32 ``[out]`` of each.
        dense_kernel: float32 ``[h * w * c, D]``.
        dense_bias: float32 ``[D]``.
        class_kernel: float32 ``[D, C]``.
        class_bias: float32 ``[C]``.
    """

    kernels: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    dense_kernel: Floats
    dense_bias: Floats
    class_kernel: Floats
    class_bias: Floats

    @classmethod
    def from_constants(cls, constants: Mapping[str, Floats]) -> "DigitNetwork":
        """Build from the constants of the serving graph.

        Args:
            constants: ``conv1.weight`` ``[out, in, k, k]`` to ``conv5.weight``,
                ``embedding.weight`` ``[h * w * c, D]``, ``classifier.weight`` ``[D, C]``, and the
                bias of each.

        Raises:
            ValueError: one is missing.
        """
        names = [f"conv{number}" for number in range(1, len(STRIDES) + 1)]
        try:
            return cls(
                tuple(constants[f"{name}.weight"].transpose(2, 3, 1, 0) for name in names),
                tuple(constants[f"{name}.bias"] for name in names),
                *(
                    constants[f"{layer}.{part}"]
                    for layer in ("embedding", "classifier")
                    for part in ("weight", "bias")
                ),
            )
        except KeyError as error:
            raise ValueError(
                f"the graph of the network lacks the constant {error}; train the model again"
            ) from error

    def padding(self, layer: int, side: int) -> tuple[int, int, int]:
        """Places a side of a convolution's maps, and the zeros before and after its input.

        Args:
            layer: number of the convolution, from 0.
            side: of its input.
        """
        kernel, stride = len(self.kernels[layer]), STRIDES[layer]
        if layer == UNPADDED:
            return (side - kernel) // stride + 1, 0, 0
        places = -(-side // stride)
        zeros = max((places - 1) * stride + kernel - side, 0)
        return places, zeros // 2, zeros - zeros // 2

    def windows(self, inputs: Floats, layer: int) -> list[list[Floats]]:
        """What each number of a kernel meets, ``[row][column]`` of float32 ``[B, h, w, in]``.

        Args:
            inputs: float32 ``[B, H, W, in]``.
            layer: number of the convolution, from 0.
        """
        kernel, stride = len(self.kernels[layer]), STRIDES[layer]
        places, before, after = self.padding(layer, inputs.shape[1])
        framed = np.pad(inputs, [(0, 0), (before, after), (before, after), (0, 0)])
        end = stride * (places - 1) + 1
        return [
            [framed[:, y : y + end : stride, x : x + end : stride] for x in range(kernel)]
            for y in range(kernel)
        ]

    def summed(self, inputs: Floats, layer: int) -> Floats:
        """A convolution before its ReLU: float32 ``[B, H, W, in]`` to ``[B, h, w, out]``."""
        kernel, total = self.kernels[layer], self.biases[layer]
        for line, weights in zip(self.windows(inputs, layer), kernel, strict=True):
            for values, weight in zip(line, weights, strict=True):
                total = total + values @ weight
        return total

    def after(self, summed: Floats, layer: int) -> Floats:
        """Apply ReLU, and max pooling where there is one, to a convolution's output.

        Args:
            summed: float32 ``[B, h, w, c]``, before the ReLU.
            layer: number of the convolution, from 0.

        Returns:
            Float32 ``[B, h, w, c]``, or half of h and w.
        """
        maps = np.maximum(summed, 0)
        if layer != POOLED:
            return maps
        count, side, _, channels = maps.shape
        halves = maps.reshape(count, side // 2, 2, side // 2, 2, channels)
        return np.asarray(halves.max(axis=(2, 4)))

    def logits_from(self, summed: Floats, layer: int) -> Floats:
        """The rest of the network: from a convolution before its ReLU to the logits.

        Args:
            summed: float32 ``[B, h, w, c]``.
            layer: number of the convolution, from 0.

        Returns:
            Float32 ``[B, C]``.
        """
        for following in range(layer + 1, len(self.kernels)):
            summed = self.summed(self.after(summed, following - 1), following)
        flat = self.after(summed, len(self.kernels) - 1).reshape(len(summed), -1)
        return self.logits_of(flat @ self.dense_kernel + self.dense_bias)

    def logits_of(self, summed: Floats) -> Floats:
        """Logits ``[B, C]`` of the dense layer before its ReLU, float32 ``[B, D]``."""
        return np.asarray(np.maximum(summed, 0) @ self.class_kernel + self.class_bias)

    def layers(self, image: Floats) -> list[Floats]:
        """Every convolution before its ReLU, float32 ``[h, w, c]``.

        Args:
            image: float32 ``[28, 28]`` in [0, 1].
        """
        found, values = [], np.asarray(image, np.float32)[None, :, :, None]
        for layer in range(len(self.kernels)):
            summed = self.summed(values, layer)
            values = self.after(summed, layer)
            found.append(summed[0])
        return found

    @cached_property
    def empty(self) -> list[Floats]:
        """:meth:`layers` of a picture without ink, float32 ``[h, w, c]`` each."""
        return self.layers(np.zeros((SIDE, SIDE), np.float32))
