"""Answers of a network on a whole split."""

from pathlib import Path

import numpy as np

from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import JoinedSplits
from dlnlp.models.han import HanConfig, build_han, network_weights
from tests.reference_han import reference_han
from tests.small_splits import random_documents, write_split
from tests.train.conftest import SHAPE
from train.texts.han_predictions import predict_split


def test_all_documents_are_answered_in_their_order_and_cut_where_batches_cut(
    star_corpus: Corpus, tmp_path: Path
) -> None:
    # Sizes of the other tests here: compiled once.
    size = len(star_corpus.vocabulary)
    model = build_han(HanConfig(size, 5, 8, 4, 4, dropout=0.5), star_corpus.embeddings())
    documents = random_documents(50, seed=4, words=40, most=9)
    documents[20] = [[2, 3]] * SHAPE.grid_length + [[4, 5, 6]] * 6
    split = write_split(tmp_path / "a.arrow", documents)
    found = predict_split(model, split, SHAPE)
    expected = reference_han(
        network_weights(model),
        [
            [star_corpus.embeddings()[s] for s in document[: SHAPE.grid_length]]
            for document in documents
        ],
    )
    assert found["logits"].shape == (50, 5)
    for number, theirs in enumerate(expected):
        np.testing.assert_allclose(found["logits"][number], theirs["logits"], atol=1e-5)
        np.testing.assert_allclose(
            found["document_vectors"][number], theirs["document_vector"], atol=1e-5
        )
    assert len(np.unique(found["logits"][:, 0])) == 50  # no two are exchanged unseen

    twice = predict_split(model, JoinedSplits([split, split]), SHAPE)["logits"]
    np.testing.assert_allclose(twice, np.tile(found["logits"], (2, 1)), atol=1e-6)
