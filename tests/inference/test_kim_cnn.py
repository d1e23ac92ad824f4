"""What a Kim CNN answers beside the contract of predictors, on tiny random artifacts."""

import numpy as np
import pytest

from dlnlp.artifacts import ArtifactError, json_bytes, open_artifact
from dlnlp.explain.evidence import evidence
from dlnlp.inference import KimCnnPredictor
from tests.inference.test_predictor_contract import TEXTS, TOPICS
from tests.reference_kim_cnn import reference_kim_cnn
from tests.rewritten_artifact import rewritten
from tests.tiny_han import POLARITY
from tests.tiny_kim_cnn import WIDTHS, write_tiny_kim_cnn


@pytest.fixture(scope="module", params=[POLARITY, TOPICS])
def written(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "kim_cnn"
    return path, write_tiny_kim_cnn(path, class_names=request.param)


@pytest.fixture(scope="module")
def predictor(written):
    return KimCnnPredictor.load(written[0])


@pytest.mark.parametrize("text", [*TEXTS, "<script>alert(1)</script>", "😀", "这部电影很好", "!"])
def test_filters_agree_with_the_reference_and_contributions_with_the_logits(
    written, predictor, text
):
    result = predictor.predict(text)
    vectors = np.asarray(predictor.runtime.embeddings[result.token_ids], np.float32)
    expected = reference_kim_cnn(written[1], vectors, WIDTHS)
    np.testing.assert_allclose(result.pooled, expected["pooled"], atol=1e-5)
    np.testing.assert_array_equal(result.positions, expected["positions"])
    logits = expected["logits"]
    scores = logits if len(logits) > 2 else [-logits[1], logits[1]]
    for target, score in enumerate(scores):
        found = evidence(result, predictor.runtime.network, target)
        assert found.words.sum() + found.bias == pytest.approx(score, abs=1e-5)
        assert found.logit == pytest.approx(score, abs=1e-5)


def test_a_number_of_words_is_read(predictor):
    result = predictor.predict("good. " * 7 + "good " * 61)
    assert len(result.tokens) == predictor.max_tokens == 60
    assert predictor.predict("good " * 60).cut_from is None
    assert predictor.predict("good " * 61).cut_from == 300


def test_without_a_limit_all_is_read(tmp_path):
    write_tiny_kim_cnn(tmp_path / "all", max_tokens=None)
    result = KimCnnPredictor.load(tmp_path / "all").predict("good film.\n" * 3000)
    assert (len(result.tokens), result.cut_from) == (6000, None)
    write_tiny_kim_cnn(tmp_path / "one", max_tokens=1)
    assert KimCnnPredictor.load(tmp_path / "one").predict("good film").tokens == ("good",)


def test_maps_and_filters_come_along(predictor):
    np.testing.assert_array_equal(predictor.document_map.rows, predictor.document_map_before.rows)
    assert [entry.width for entry in predictor.filters] == [2] * 6 + [3] * 6 + [4] * 6
    for number, entry in enumerate(predictor.filters):
        phrases = [predictor.vocabulary.encode(phrase.text.split()) for phrase in entry.phrases]
        assert phrases and {len(token_ids) for token_ids in phrases} == {entry.width}
        values = [phrase.value for phrase in entry.phrases]
        found = predictor.runtime.run(phrases).pooled[:, number]
        np.testing.assert_allclose(found, values, rtol=1e-4)


def filters_of(widths):
    entry = '{"width":%d,"weight":1,"active_share":1,"mean":1,"phrases":[]}'
    listed = ",".join(entry % width for width in widths)
    return {"filters.json": f'{{"format":1,"filters":[{listed}]}}'.encode()}


@pytest.mark.parametrize(
    ("files", "config", "message"),
    [
        ({"filters.json": b"{}"}, {}, r"filters\.json holds no list"),
        (filters_of([2]), {}, "size of 1 where the network has 18"),
        (filters_of([2] * 18), {}, r"filters\.json is made for a size of \(2, 2"),
        ({"filters.json": None}, {}, r"does not list filters\.json"),
        ({"map_before.npz": None}, {}, r"does not list map_before\.npz"),
        ({}, {"widths": [3, 2, 4]}, r"size of \(3, 2, 4\) where the network has \(2, 3, 4\)"),
        ({}, {"widths": 3}, "cannot be loaded"),
        ({}, {"max_tokens": 0}, "max_tokens 0 where a number from 1 up"),
        ({}, {"max_tokens": "9"}, "max_tokens '9' where a number"),
    ],
)
def test_parts_that_do_not_fit_are_named(written, tmp_path, files, config, message):
    content = json_bytes(open_artifact(written[0]).config | config)
    target = rewritten(written[0], tmp_path / "broken", {"config.json": content} | files)
    with pytest.raises(ArtifactError, match=message):
        KimCnnPredictor.load(target)
