"""Either kind of text model is opened by what its config says."""

import pytest

from dlnlp.artifacts import ArtifactError, json_bytes
from dlnlp.inference import HanPredictor, KimCnnPredictor, load_predictor
from tests.rewritten_artifact import rewritten
from tests.tiny_han import write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn


def test_the_config_decides(tmp_path):
    write_tiny_han(tmp_path / "one")
    write_tiny_kim_cnn(tmp_path / "other")
    assert isinstance(load_predictor(tmp_path / "one"), HanPredictor)
    predictor = load_predictor(tmp_path / "other")
    assert isinstance(predictor, KimCnnPredictor)
    assert predictor.name == "other"


@pytest.mark.parametrize("model", ["mnist_cnn", None, ["han"]])
def test_what_reads_no_texts_is_refused(tmp_path, model):
    write_tiny_han(tmp_path / "one")
    rewritten(tmp_path / "one", tmp_path / "two", {"config.json": json_bytes({"model": model})})
    with pytest.raises(ArtifactError, match=r"two holds a .* where one of \['han', 'kim_cnn'\]"):
        load_predictor(tmp_path / "two")


def test_a_missing_directory_is_one_sentence(tmp_path):
    with pytest.raises(ArtifactError, match="there is no directory"):
        load_predictor(tmp_path / "nowhere")
