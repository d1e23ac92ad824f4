"""Rankings of whole sentences, judged against what the network answers."""

import keras
import numpy as np
import pytest

from dlnlp.inference.softmax import softmax
from tests.keras_han import write_keras_han
from tests.small_splits import random_documents, write_split
from train.texts.faithfulness_networks import JudgedHan, open_network
from train.texts.faithfulness_sentences import (
    EXACT,
    METHODS,
    correlation,
    judge_sentences,
    moments,
    sentence_summary,
)

pytestmark = pytest.mark.skipif(keras.backend.backend() != "jax", reason="the worker's backend")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> JudgedHan:
    directory = tmp_path_factory.mktemp("weights") / "han_stars"
    write_keras_han(directory, max_words=12)
    opened = open_network(directory)
    assert isinstance(opened, JudgedHan)
    return opened


@pytest.fixture(scope="module")
def documents(network: JudgedHan, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("split") / "test.arrow"
    split = write_split(path, random_documents(12, seed=1, most=4))
    return [network.document(split, index) for index in range(12)]


def test_deleting_is_measured_by_what_the_network_answers(network, documents) -> None:
    records = judge_sentences(network, documents, 0, 2)
    judged = 0
    for document, record in zip(documents, records, strict=True):
        assert (record is None) == (len(document) < 2)
        if record is None:
            continue
        judged += 1
        logits = network.predictor.run([document]).logits[0].astype(float)
        target = int(logits.argmax())
        whole = softmax(logits)
        falls = []
        for gone in range(len(document)):
            rest = [ids for place, ids in enumerate(document) if place != gone]
            falls.append(whole - softmax(network.predictor.run([rest]).logits[0]))
        effects = np.array(falls)[:, target]
        # The first sentence by leave-one-out is the one whose deletion costs most.
        assert record["curves"]["delete"][0][0] == pytest.approx(effects.max(), abs=1e-5)
        assert set(record["curves"]) == {*METHODS, "random"}
        first = int(network.predictor.run([document]).sentence_attention[0].argmax())
        assert record["curves"]["attention"][0][0] == pytest.approx(effects[first], abs=1e-5)
    assert judged > 3


def test_correlation_of_sums_is_numpys_of_the_values() -> None:
    rng = np.random.default_rng(0)
    pairs = [(rng.normal(size=n), rng.normal(size=n)) for n in (3, 5, 9)]
    pairs = [(a, b + a) for a, b in pairs]
    sums = np.array([moments(a, b) for a, b in pairs]).sum(axis=0)
    a, b = (np.concatenate(side) for side in zip(*pairs, strict=True))
    assert correlation(sums) == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert sums[6] == (np.sign(a) == np.sign(b)).sum()


def test_the_summary_leaves_out_documents_of_one_sentence(network, documents) -> None:
    records = judge_sentences(network, documents, 0, 2)
    told = sentence_summary(records)
    known = [document for document in documents if len(document) > 1]
    assert told["judged"] == len(known)
    assert told["sentences"] == sum(len(document) for document in known)
    assert set(told["correlation_of_classes"]) == set(EXACT)
    for found in told["correlation"].values():
        assert found["low"] <= found["value"] <= found["high"] and 0 <= found["same_sign"] <= 1
    assert len(told["measures"]["written"]["sufficiency"]["by_cut"]) == 4
