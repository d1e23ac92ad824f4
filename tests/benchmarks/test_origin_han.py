"""The network that ours is timed against computes the same, from its text files."""

from pathlib import Path

import keras
import numpy as np

from benchmarks.han_training import optimizer_of
from benchmarks.origin_han import PaddedHan, read_batch, write_batches
from dlnlp.corpus.packing import BatchShape, make_batch
from dlnlp.models.han import HanConfig, build_han, network_weights
from tests.small_splits import random_documents, write_split

CONFIG = HanConfig(
    vocabulary_size=40, num_classes=3, embedding_dim=5, units=3, attention_dim=4, dropout=0.0
)
SHAPE = BatchShape(rows=12, row_length=8, grid_rows=5, grid_length=6, documents=9, distinct=40)


def test_the_same_weights_give_the_same_logits_and_losses(tmp_path: Path) -> None:
    documents = random_documents(8, seed=4)
    split = write_split(tmp_path / "train.arrow", documents, labels=[n % 3 for n in range(8)])
    ours = build_han(CONFIG)
    members = list(range(8))
    batch = make_batch(
        [split.tokens(i) for i in members], [split.sentence_lengths(i) for i in members], SHAPE
    )
    expected = np.asarray(ours.predict_on_batch(batch))[:8]

    (path,) = write_batches(split, np.arange(8), tmp_path / "text")
    ids, labels = read_batch(path)
    assert ids.shape == (8, max(map(len, documents)), max(len(s) for d in documents for s in d))
    theirs = PaddedHan(CONFIG)
    theirs.take_weights(network_weights(ours), np.asarray(ours.embedding.get_weights()[0]))
    order = np.argsort([len(d) for d in documents], kind="stable")
    assert labels.tolist() == [int(n) % 3 for n in order]
    found = np.asarray(theirs.predict_on_batch(ids))
    np.testing.assert_allclose(found, expected[order], atol=1e-5)

    # Steps on the same documents have the same losses: what differs is how fast they are made.
    for model in (ours, theirs):
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer_of(0.02, 40), loss)
    targets, weights = np.zeros(9, int), np.zeros(9, np.float32)
    targets[:8], weights[:8] = np.arange(8) % 3, 9 / 8  # Keras divides by all nine places
    losses = []
    for _ in range(8):
        for model in (ours, theirs):
            model.reset_metrics()
        mine = ours.train_on_batch(batch, targets, sample_weight=weights)
        losses.append((mine, theirs.train_on_batch(ids, labels)))
    assert losses[-1][0] < 0.98 * losses[0][0]
    np.testing.assert_allclose(*zip(*losses, strict=True), rtol=1e-4)
