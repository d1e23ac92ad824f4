"""Collects the nodes of an ONNX graph and makes a checked model of them.

Needs the ``onnx`` package, which the training side installs; the app only runs the result.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

OPSET = 17
IR_VERSION = 8

# Element type and dimensions (a name where a run decides) of an input or output.
Value = tuple[int, Sequence[str | int]]


class OnnxGraph:
    """Nodes and constants; every method that adds one returns the name of its tensor."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def add(
        self, operator: str, inputs: Sequence[str], *, output: str | None = None, **attributes: Any
    ) -> str:
        """Add a node with one output, called `output` or by operator and number."""
        name = output or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add a constant of any shape and any dtype; a name that is there already is replaced."""
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def integers(self, *values: int) -> str:
        """Add an int64 vector, as axes and shapes are."""
        name = "axis_" + "_".join(str(value) for value in values)
        return self.constant(name, np.array(values, np.int64))

    def scalar(self, name: str, value: float, dtype: type[np.generic] = np.float32) -> str:
        """Add a number without dimensions."""
        # ascontiguousarray, as for arrays, would make a vector of it.
        self.constants[name] = numpy_helper.from_array(np.array(value, dtype), name)
        return name

    def model(
        self, name: str, inputs: Mapping[str, Value], outputs: Mapping[str, Value]
    ) -> onnx.ModelProto:
        """A checked model of opset 17."""
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info(key, *value) for key, value in inputs.items()],
            [helper.make_tensor_value_info(key, *value) for key, value in outputs.items()],
            list(self.constants.values()),
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="dlnlp",
        )
        onnx.checker.check_model(model, full_check=True)
        return model
