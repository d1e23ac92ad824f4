"""A digit on its way through the network: every layer's maps, and what each number is the sum of.

Two kinds of numbers, which must not be mixed:

- *parts* are exact. A pixel of a map is ``relu(b + sum_i part_i)``, where part i is the dot product
  of input map i's window with its kernel; a unit of the dense layer is the same over the last maps;
  a logit is ``b + sum_u activation_u * weight_u``.
- *effects* are what is lost: the logits minus those of the network in which one map is replaced by
  the map that a picture without ink gets there, and all later layers are computed again. They do
  not add up, since later layers are not linear.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.digit_network import STRIDES, DigitNetwork

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LayerFlow:
    """A convolution of ``in`` maps to ``out`` maps.

    Attributes:
        inputs: what it reads, float32 ``[H, W, in]``; after pooling where there is one.
        maps: after the ReLU, float32 ``[h, w, out]``.
        biases: float32 ``[out]``.
        places: row and column of each map's strongest pixel, int64 ``[out, 2]``.
        parts: parts of that pixel's sum, float32 ``[out, in]``.
        effects: logits lost without each map, float32 ``[out, C]``.
        before: zeros before the input's first row and column.
    """

    inputs: Floats
    maps: Floats
    biases: Floats
    places: NDArray[np.int64]
    parts: Floats
    effects: Floats
    before: int


@dataclass(frozen=True, eq=False)
class DigitFlow:
    """A digit's way through the network.

    Attributes:
        image: float32 ``[28, 28]``.
        layers: the convolutions.
        unit_parts: what each map of the last convolution adds to each unit, float32 ``[D, out]``.
        unit_biases: float32 ``[D]``.
        units: activations, ``relu(bias + sum of parts)``, float32 ``[D]``.
        weights: float32 ``[D, C]``; a unit adds activation times weight to a logit.
        biases: of the logits, float32 ``[C]``.
        logits: float32 ``[C]``.
    """

    image: Floats
    layers: tuple[LayerFlow, ...]
    unit_parts: Floats
    unit_biases: Floats
    units: Floats
    weights: Floats
    biases: Floats
    logits: Floats


def digit_flow(image: Floats, network: DigitNetwork) -> DigitFlow:
    """Take the network apart for one picture.

    Args:
        image: float32 ``[28, 28]`` in [0, 1].
        network: the weights.
    """
    summed = network.layers(image)
    last = len(summed) - 1
    unit_parts = _unit_parts(np.maximum(summed[last], 0), network)
    units = np.maximum(unit_parts.sum(axis=1) + network.dense_bias, 0)
    logits = units @ network.class_kernel + network.class_bias
    inputs = np.asarray(image, np.float32)[:, :, None]
    layers = []
    for number, values in enumerate(summed):
        maps = np.maximum(values, 0)
        places = _strongest(maps)
        layers.append(
            LayerFlow(
                inputs=inputs,
                maps=maps,
                biases=network.biases[number],
                places=places,
                parts=_parts(inputs, places, number, network),
                effects=logits - _swapped(summed, number, network),
                before=network.padding(number, len(inputs))[1],
            )
        )
        inputs = network.after(values[None], number)[0]
    return DigitFlow(
        image=np.asarray(image, np.float32),
        layers=tuple(layers),
        unit_parts=unit_parts,
        unit_biases=network.dense_bias,
        units=units,
        weights=network.class_kernel,
        biases=network.class_bias,
        logits=logits,
    )


def _strongest(maps: Floats) -> NDArray[np.int64]:
    flat = maps.reshape(-1, maps.shape[2]).argmax(axis=0)
    return np.stack(np.divmod(flat, maps.shape[1]), axis=1)


def _parts(inputs: Floats, places: NDArray[np.int64], layer: int, network: DigitNetwork) -> Floats:
    kernel, stride = network.kernels[layer], STRIDES[layer]
    _, before, after = network.padding(layer, len(inputs))
    framed = np.pad(inputs, [(before, after), (before, after), (0, 0)])
    offsets = np.arange(len(kernel))
    rows = stride * places[:, 0, None, None] + offsets[:, None]
    columns = stride * places[:, 1, None, None] + offsets
    return np.asarray(np.einsum("oyxi,yxio->oi", framed[rows, columns], kernel))


def _unit_parts(maps: Floats, network: DigitNetwork) -> Floats:
    places, channels = maps.shape[0] * maps.shape[1], maps.shape[2]
    kernel = network.dense_kernel.reshape(places, channels, -1)
    return np.asarray(np.einsum("pi,piu->ui", maps.reshape(places, channels), kernel))


def _swapped(summed: list[Floats], layer: int, network: DigitNetwork) -> Floats:
    """Logits, float32 ``[c, C]``, with one map of a layer at a time as an empty picture's."""
    mine, none = (network.after(values[layer][None], layer) for values in (summed, network.empty))
    difference = mine - none
    following = layer + 1
    if following == len(summed):
        lost = _unit_parts(difference[0], network)
        whole = _unit_parts(mine[0], network).sum(axis=1) + network.dense_bias
        return network.logits_of(whole - lost.T)
    # What each map alone adds to the next layer, [c, h * w, out]: one product a map.
    windows = np.concatenate(
        [values for line in network.windows(difference, following) for values in line]
    )
    kernel = network.kernels[following]
    lost = windows.transpose(3, 1, 2, 0).reshape(kernel.shape[2], -1, len(windows)) @ (
        kernel.reshape(-1, *kernel.shape[2:]).transpose(1, 0, 2)
    )
    lost = lost.reshape(-1, *summed[following].shape)
    return network.logits_from(summed[following] - lost, following)
