"""The constants of an ONNX graph as arrays, without the ``onnx`` package.

ONNX Runtime runs a graph and does not show its weights; the package that reads them is for training
alone. A graph is a protocol buffer: fields of a number, a type and a value, one after the other
(https://protobuf.dev/programming-guides/encoding, field numbers of onnx.proto3).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_GRAPH = 7  # of a model
_INITIALIZER = 5  # of a graph
_DIMENSIONS, _TYPE, _NAME, _RAW = 1, 2, 8, 9  # of a tensor
_FLOAT = 1
_VARINT, _LENGTH = 0, 2
_FIXED = {1: 8, 5: 4}  # bytes


def float_constants(network: Path | bytes) -> dict[str, NDArray[np.float32]]:
    """All float32 constants of a graph by name, any shape.

    Args:
        network: a file as ``dlnlp.models.onnx_graph`` writes it, or its bytes.

    Raises:
        ValueError: the file is no ONNX graph, or is cut short.
    """
    found = {}
    content = network if isinstance(network, bytes) else network.read_bytes()
    try:
        for number, graph in _fields(memoryview(content)):
            if number != _GRAPH or isinstance(graph, int):
                continue
            for part, tensor in _fields(graph):
                if part == _INITIALIZER and not isinstance(tensor, int):
                    name, array = _tensor(tensor)
                    if array is not None:
                        found[name] = array
    except (IndexError, ValueError) as error:
        source = "the network" if isinstance(network, bytes) else str(network)
        raise ValueError(f"{source} is no ONNX graph ({error}); train the model again") from error
    return found


def _tensor(content: memoryview) -> tuple[str, NDArray[np.float32] | None]:
    shape: list[int] = []
    name, kind, raw = "", 0, memoryview(b"")
    for number, value in _fields(content):
        if number == _DIMENSIONS:
            shape += [value] if isinstance(value, int) else _varints(value)
        elif number == _TYPE and isinstance(value, int):
            kind = value
        elif number == _NAME and not isinstance(value, int):
            name = bytes(value).decode()
        elif number == _RAW and not isinstance(value, int):
            raw = value
    return name, np.frombuffer(raw, "<f4").reshape(shape) if kind == _FLOAT else None


def _fields(content: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(content, at)
            yield number, value
            continue
        if kind == _LENGTH:
            length, at = _varint(content, at)
        elif kind in _FIXED:
            length = _FIXED[kind]
        else:
            raise ValueError(f"field {number} has the unknown type {kind}")
        if at + length > len(content):
            raise ValueError(f"field {number} is cut short")
        yield number, content[at : at + length]
        at += length


def _varints(content: memoryview) -> list[int]:
    values, at = [], 0
    while at < len(content):
        value, at = _varint(content, at)
        values.append(value)
    return values


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    """Seven bits a byte, the lowest first; the highest bit says that more follow."""
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
