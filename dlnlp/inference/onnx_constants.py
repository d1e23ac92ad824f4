"""Reads the constants of an ONNX graph: the weights of a network, without the ``onnx`` package.

ONNX Runtime runs a graph and does not tell its weights. A graph is a message of Protocol Buffers
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), whose library Streamlit and ONNX Runtime
bring; only the fields that hold constants are described here, and the others are passed over.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

_Field = descriptor_pb2.FieldDescriptorProto
# Field numbers of onnx.proto. A repeated message or number is a list.
_FIELDS: dict[str, list[tuple[str, int, int, int, str]]] = {
    "ModelProto": [
        ("graph", 7, _Field.TYPE_MESSAGE, _Field.LABEL_OPTIONAL, "GraphProto"),
    ],
    "GraphProto": [
        ("initializer", 5, _Field.TYPE_MESSAGE, _Field.LABEL_REPEATED, "TensorProto"),
    ],
    "TensorProto": [
        ("dims", 1, _Field.TYPE_INT64, _Field.LABEL_REPEATED, ""),
        ("data_type", 2, _Field.TYPE_INT32, _Field.LABEL_OPTIONAL, ""),
        ("name", 8, _Field.TYPE_STRING, _Field.LABEL_OPTIONAL, ""),
        ("raw_data", 9, _Field.TYPE_BYTES, _Field.LABEL_OPTIONAL, ""),
    ],
}
_FLOAT = 1


@lru_cache(maxsize=1)
def _model_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="dlnlp_onnx.proto", package="dlnlp_onnx")
    for message, fields in _FIELDS.items():
        described = file.message_type.add(name=message)
        for name, number, kind, label, other in fields:
            described.field.add(
                name=name,
                number=number,
                type=kind,
                label=label,
                type_name=f".dlnlp_onnx.{other}" if other else None,
            )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("dlnlp_onnx.ModelProto"))


def onnx_constants(network: Path | bytes) -> dict[str, NDArray[np.float32]]:
    """The float constants of a graph by name, float32 arrays of any shape, read-only.

    Args:
        network: path of the graph, or its bytes.

    Raises:
        ValueError: it is no ONNX graph, or a constant is cut off.
    """
    content = network if isinstance(network, bytes) else network.read_bytes()
    name = "the network" if isinstance(network, bytes) else str(network)
    try:
        model = _model_class().FromString(content)
        return {
            tensor.name: np.frombuffer(tensor.raw_data, "<f4").reshape(tuple(tensor.dims))
            for tensor in model.graph.initializer
            if tensor.data_type == _FLOAT
        }
    except (DecodeError, ValueError) as error:
        raise ValueError(
            f"{name} is not a graph whose constants can be read ({error}); train the model again"
        ) from error
