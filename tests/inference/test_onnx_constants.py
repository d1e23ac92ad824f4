"""The constants of a graph, read without the package that wrote them."""

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from dlnlp.inference.onnx_constants import onnx_constants
from dlnlp.models.han_onnx import build_han_onnx
from tests.reference_han import random_han_weights


def test_constants_are_those_that_onnx_reads(tmp_path) -> None:
    model = build_han_onnx(random_han_weights(seed=1))
    file = tmp_path / "network.onnx"
    onnx.save(model, str(file))
    expected = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in model.graph.initializer
        if tensor.data_type == onnx.TensorProto.FLOAT
    }
    for network in (file, file.read_bytes()):
        found = onnx_constants(network)
        assert found.keys() == expected.keys() and "word_gru.kernel" in found
        for name, array in expected.items():
            assert found[name].dtype == np.float32 and found[name].shape == array.shape
            assert (found[name] == array).all()


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"no graph at all"])
def test_what_is_no_graph_is_named(tmp_path, damage) -> None:
    file = tmp_path / "network.onnx"
    content = build_han_onnx(random_han_weights(seed=1)).SerializeToString()
    file.write_bytes(damage(content))
    with pytest.raises(ValueError, match=r"network\.onnx .* train the model again"):
        onnx_constants(file)
