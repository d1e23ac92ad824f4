"""Nodes and constants become a model that computes."""

import numpy as np
import pytest
from onnx import TensorProto
from onnx.checker import ValidationError

from dlnlp.inference.onnx_session import open_session
from dlnlp.models.onnx_graph import OnnxGraph

VALUE = (TensorProto.FLOAT, ["rows", 2])


def test_a_graph_computes_what_its_nodes_say():
    graph = OnnxGraph()
    weight = graph.constant("weight", np.array([[1, 2], [3, 4]], np.float32).T)
    product = graph.add("MatMul", ["x", weight])
    graph.add("Add", [product, graph.scalar("ten", 10)], output="y")
    session = open_session(graph.model("test", {"x": VALUE}, {"y": VALUE}).SerializeToString())
    (found,) = session.run(["y"], {"x": np.array([[1, 1]], np.float32)})
    np.testing.assert_array_equal(found, [[13, 17]])


def test_a_scalar_has_no_dimensions_and_one_name_is_one_constant():
    graph = OnnxGraph()
    graph.scalar("one", 1)
    graph.scalar("one", 1)
    assert graph.integers(-1, 2) == "axis_-1_2"
    assert {name: list(tensor.dims) for name, tensor in graph.constants.items()} == {
        "one": [],
        "axis_-1_2": [2],
    }


def test_a_graph_that_reads_what_nobody_makes_is_refused():
    graph = OnnxGraph()
    graph.add("Relu", ["nobody"], output="y")
    with pytest.raises(ValidationError, match="nobody"):
        graph.model("test", {"x": VALUE}, {"y": VALUE})
