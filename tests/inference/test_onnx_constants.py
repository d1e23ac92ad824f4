"""Constants of a graph without the onnx package: as that package reads them."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from dlnlp.inference.onnx_constants import float_constants
from tests.tiny_mnist_cnn import write_tiny_mnist_cnn


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "mnist_cnn"
    write_tiny_mnist_cnn(path)
    return path / "network.onnx"


def test_constants_are_those_that_onnx_reads(network: Path) -> None:
    expected = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in onnx.load(network).graph.initializer
        if tensor.data_type == onnx.TensorProto.FLOAT
    }
    found = float_constants(network)
    assert float_constants(network.read_bytes()).keys() == found.keys()
    assert found.keys() == expected.keys() and len(found) > 10
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)


def test_what_is_cut_short_or_no_graph_is_refused(network: Path, tmp_path: Path) -> None:
    whole, broken = network.read_bytes(), tmp_path / "broken.onnx"
    for content in (whole[:-1], whole[: len(whole) // 2], b"\x3a", b"\x3f\x01", b"\x80" * 9):
        broken.write_bytes(content)
        with pytest.raises(ValueError, match=r"broken\.onnx is no ONNX graph"):
            float_constants(broken)
