"""Graphs are opened from bytes and files; what is no graph is one sentence."""

import pytest

from dlnlp.inference.onnx_session import open_session
from dlnlp.models.kim_cnn_onnx import build_kim_cnn_onnx
from tests.reference_kim_cnn import random_kim_cnn_weights


def test_a_graph_opens_from_its_bytes_and_from_a_file(tmp_path):
    content = build_kim_cnn_onnx(random_kim_cnn_weights(), (2, 3, 4)).SerializeToString()
    (tmp_path / "network.onnx").write_bytes(content)
    for source in (content, tmp_path / "network.onnx"):
        session = open_session(source)
        assert session.get_inputs()[0].name == "word_vectors"
        assert session.get_session_options().intra_op_num_threads == 1


def test_what_is_no_graph_is_named(tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"nonsense")
    with pytest.raises(ValueError, match=r"broken\.onnx is not a graph that ONNX Runtime"):
        open_session(tmp_path / "broken.onnx")
    with pytest.raises(ValueError, match="the network is not a graph that ONNX Runtime"):
        open_session(b"nonsense")
