"""Several processes, each with its share of the documents, train what one process trains."""

import json
import os
import socket
import subprocess
from pathlib import Path

import keras
import numpy as np
import pytest

import train.texts.distribution
from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches, PerClassValues
from dlnlp.inference import HanPredictor
from dlnlp.training.callbacks import CheckpointError
from tests.small_splits import unpacked
from tests.train.conftest import SHAPE
from tests.train.test_killed import command, started
from train.han import main
from train.texts.distribution import DistributionError, Parallel, ShardedBatches, copy_of, join
from train.texts.han_fitting import compiled_han, labelled_batches
from train.texts.han_recipes import RECIPES

SHARDS = 2


@pytest.fixture
def batches(star_corpus: Corpus) -> PackedBatches:
    return labelled_batches(star_corpus, RECIPES["reviews5"], SHAPE, seed=1)


def whole_steps(batches: PackedBatches, shards: int) -> list[tuple]:
    return list(ShardedBatches(batches, Parallel(shards)).epoch(0))


def test_a_union_holds_the_documents_of_its_batches(batches: PackedBatches) -> None:
    single, members = list(batches.epoch(0)), batches.plan(0)
    steps = whole_steps(batches, 3)
    assert len(steps) == -(-len(single) // 3)
    assert len(members) % 3 == 0 or len(steps) * 3 > len(members)
    for number, (batch, targets, weights) in enumerate(steps):
        found, places = unpacked(batch), len(targets) // 3
        for shard, (one, labels, heavy) in enumerate(single[3 * number : 3 * number + 3]):
            for document, sentences in unpacked(one).items():
                place = shard * places + document
                assert found[place] == sentences
                assert weights[place] == heavy[document] > 0
                np.testing.assert_array_equal(targets[place], labels[document])
        real = sum(len(part) for part in members[3 * number : 3 * number + 3])
        assert np.count_nonzero(weights) == real


def test_a_step_may_need_more_room_in_one_shard(star_corpus: Corpus) -> None:
    # Budgets so small that packing often overflows, and not everywhere by the same.
    shape = type(SHAPE)(rows=4, row_length=50, grid_rows=1, documents=5, distinct=16)
    split = star_corpus.split("train")
    batches = PackedBatches(split, shape, PerClassValues.one_hot(split.labels, 5), seed=3)
    sizes = {tuple(map(np.shape, batch.values())) for batch, *_ in batches.epoch(0)}
    assert len(sizes) > 1
    for batch, targets, weights in whole_steps(batches, 2):
        assert len(batch["documents"]) == len(targets) == len(weights)
        assert set(unpacked(batch)) == set(np.flatnonzero(batch["documents"]).tolist())


def test_the_parts_of_the_processes_are_the_union(
    batches: PackedBatches, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = {}

    def epoch_of(process: int) -> list[tuple]:
        mine = ShardedBatches(batches, Parallel(4, 2, process))
        said = heard.setdefault(process, [])

        def together(numbers: list[int]) -> np.ndarray:
            said.append(numbers)
            others = heard.get(1 - process, [])
            return np.array([numbers, *others[len(said) - 1 : len(said)]])

        monkeypatch.setattr(mine, "_together", together)
        return list(mine.epoch(0))

    parts = [epoch_of(process) for process in (0, 1)]
    for step, (batch, targets, weights) in enumerate(whole_steps(batches, 4)):
        first, second = parts[0][step], parts[1][step]
        for name, array in batch.items():
            joined = np.concatenate([first[0][name], second[0][name]])
            np.testing.assert_array_equal(joined, array)
        np.testing.assert_array_equal(np.concatenate([first[1], second[1]]), targets)
        np.testing.assert_array_equal(np.concatenate([first[2], second[2]]), weights)


def test_a_resumed_epoch_and_its_tokens(batches: PackedBatches) -> None:
    sharded = ShardedBatches(batches, Parallel(SHARDS))
    every = list(sharded.epoch(1))
    tokens = 0
    for number, (batch, *_) in enumerate(sharded.epoch(1, 2), 2):
        for name, array in batch.items():
            np.testing.assert_array_equal(array, every[number][0][name])
    for batch, _, weights in sharded.epoch(1):
        tokens += sharded.count(batch, weights)
    assert tokens == batches.split.token_counts.sum()


def test_processes_that_stand_elsewhere_are_told(
    batches: PackedBatches, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharded = ShardedBatches(batches, Parallel(2, 2, 0))
    monkeypatch.setattr(sharded, "_together", lambda numbers: np.array([numbers, [0, 7]]))
    with pytest.raises(CheckpointError, match="let all use the same folder"):
        next(sharded.epoch(0))


def test_a_copy_has_the_weights_and_a_life_of_its_own(star_corpus: Corpus) -> None:
    model = compiled_han(star_corpus, RECIPES["reviews5"], keras.optimizers.SGD())
    copy = copy_of(model)
    assert copy.config == model.config
    for mine, theirs in zip(copy.weights, model.weights, strict=True):
        assert mine.path.split("/")[1:] == theirs.path.split("/")[1:]
        np.testing.assert_array_equal(np.asarray(mine), np.asarray(theirs))
    before = np.array(copy.embedding.embeddings)
    model.embedding.embeddings.assign(0 * before)
    np.testing.assert_array_equal(np.asarray(copy.embedding.embeddings), before)


def test_shards_must_divide_among_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with pytest.raises(DistributionError, match="--shards 0 does not divide among 1 device"):
            join(None, None, None, 0)
    finally:
        keras.distribution.set_distribution(None)
    monkeypatch.setattr(train.texts.distribution.keras.backend, "backend", lambda: "tensorflow")
    with pytest.raises(DistributionError, match="set KERAS_BACKEND=jax"):
        join(None, None, None, None)


def test_options_of_a_distributed_run_need_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--dataset", "reviews5", "--shards", "2"])
    assert "need --distributed" in capsys.readouterr().err


def history(folder: Path) -> list[dict[str, float]]:
    with np.load(folder / "checkpoints" / "seed1" / "model" / "newest.npz") as stored:
        return json.loads(str(stored["about"]))["notes"]["history"]


def test_two_processes_train_what_one_trains(star_corpus: Corpus, tmp_path: Path) -> None:
    def run(folder: Path, *more: object) -> list[str]:
        return command(
            "han", "--dataset", "reviews5", "--corpus", star_corpus.path, "--units", 4,
            "--seeds", 1, "--max-lr", 0.02, "--epochs", 2, "--checkpoints", folder / "checkpoints",
            "--output", folder / "han_stars", "--distributed", *more,
        )  # fmt: skip

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    alone, together = tmp_path / "alone", tmp_path / "together"
    runs = [run(alone, "--shards", SHARDS, "--no-test")] + [
        run(together, "--coordinator", address, "--processes", SHARDS, "--process-id", number)
        for number in range(SHARDS)
    ]
    processes: list[subprocess.Popen[str]] = [started(arguments) for arguments in runs]
    for process in processes:
        _, said = process.communicate(timeout=540)
        assert process.returncode == 0, said
    for one, two in zip(history(alone), history(together), strict=True):
        assert two["loss"] == pytest.approx(one["loss"], rel=1e-5)
        assert two["validation_loss"] == pytest.approx(one["validation_loss"], rel=1e-5)
        assert two["tokens"] == one["tokens"] == star_corpus.split("train").token_counts.sum()
    assert history(alone)[1]["loss"] < history(alone)[0]["loss"]
    # One of the two wrote, after the others were gone.
    left = [name for name in os.listdir(together) if not name.endswith(".lock")]
    assert sorted(left) == ["checkpoints", "han_stars"]
    card = HanPredictor.load(together / "han_stars").card
    assert card["training"]["seed"] == 1 and card["versions"]["backend"] == "jax"
