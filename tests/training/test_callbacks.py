"""A training that was interrupted is the training that was not."""

import errno
import os
from pathlib import Path

import keras
import numpy as np
import pytest

from dlnlp.training.callbacks import Checkpoint, CheckpointError

SETTINGS = {"recipe": {"units": 4, "dropout": 0.5}, "seed": 1}


class Network(keras.Model):
    """With dropout, whose random generator is part of the state."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = keras.layers.Dense(4, activation="tanh")
        self.dropout = keras.layers.Dropout(0.5)
        self.out = keras.layers.Dense(1)
        self.hidden.build((None, 3))
        self.out.build((None, 4))
        self.built = True

    def call(self, inputs, training=False):
        return self.out(self.dropout(self.hidden(inputs), training=training))


def compiled(seed: int) -> Network:
    keras.utils.set_random_seed(seed)
    network = Network()
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 20)  # depends on the step
    network.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=0.01),
        loss="mse",
        jit_compile="auto" if keras.backend.backend() == "jax" else False,
    )
    return network


def train(network: Network, steps: range) -> list[float]:
    losses = []
    for step in steps:
        rng = np.random.default_rng(step)
        inputs = rng.standard_normal((8, 3)).astype(np.float32)
        losses.append(float(network.train_on_batch(inputs, inputs.sum(axis=1, keepdims=True))))
    return losses


def state(network: Network) -> list[np.ndarray]:
    variables = [*network.variables, *network.optimizer.variables]
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


def same(a: list[np.ndarray], b: list[np.ndarray]) -> bool:
    return len(a) == len(b) and all(np.array_equal(m, n) for m, n in zip(a, b, strict=True))


def test_a_resumed_training_equals_an_uninterrupted_one_bit_for_bit(tmp_path: Path) -> None:
    straight = compiled(seed=1)
    losses = train(straight, range(8))

    first = compiled(seed=1)
    assert train(first, range(4)) == losses[:4]
    Checkpoint(tmp_path / "deep" / "run", SETTINGS).save(first, {"history": [1, 2]})
    resumed = compiled(seed=2)  # other weights, other random numbers
    notes = Checkpoint(tmp_path / "deep" / "run", SETTINGS).load(resumed)
    assert notes == {"history": [1, 2]}
    assert same(state(resumed), state(first))
    assert train(resumed, range(4, 8)) == losses[4:]
    assert same(state(resumed), state(straight))
    # The generator of dropout is among what was restored.
    assert any("seed" in variable.path for variable in resumed.non_trainable_variables)


@pytest.fixture(scope="module")
def trained() -> Network:
    network = compiled(seed=3)
    train(network, range(2))
    return network


def test_there_may_be_no_checkpoint(tmp_path: Path, trained: Network) -> None:
    before = state(trained)
    assert Checkpoint(tmp_path / "none", SETTINGS).load(trained) is None
    assert same(state(trained), before)


def test_a_damaged_newest_falls_back_to_the_one_before(tmp_path: Path, trained: Network) -> None:
    checkpoint = Checkpoint(tmp_path, SETTINGS)
    checkpoint.save(trained, {"epoch": 1})
    before = state(trained)
    train(trained, range(2, 4))
    checkpoint.save(trained, {"epoch": 2})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["newest.npz", "previous.npz"]
    newest = tmp_path / "newest.npz"
    whole = newest.read_bytes()
    damaged = [whole[: len(whole) // 2], b"", b"no archive", whole.replace(b"v0001", b"v9991")]
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 255
    for content in [*damaged, bytes(flipped)]:
        newest.write_bytes(content)
        network = compiled(seed=4)
        assert checkpoint.load(network) == {"epoch": 1}
        assert same(state(network), before)
    (tmp_path / "previous.npz").write_bytes(b"")
    untouched = state(network)
    with pytest.raises(CheckpointError, match=r"no usable checkpoint: .*newest\.npz .*previous"):
        checkpoint.load(network)
    assert same(state(network), untouched)
    newest.unlink()
    with pytest.raises(CheckpointError, match=f"delete {tmp_path} to start again"):
        checkpoint.load(network)
    # A whole one next to it is used, and the next save makes both whole again.
    newest.write_bytes(whole)
    assert checkpoint.load(network) == {"epoch": 2}
    checkpoint.save(network, {"epoch": 3})
    newest.unlink()
    assert checkpoint.load(network) == {"epoch": 2}


def test_a_checkpoint_of_other_settings_is_refused(tmp_path: Path, trained: Network) -> None:
    Checkpoint(tmp_path, SETTINGS).save(trained, {})
    before = state(trained)
    for other in (SETTINGS | {"seed": 2}, {**SETTINGS, "recipe": {"units": 5, "dropout": 0.5}}):
        with pytest.raises(CheckpointError, match="other settings: delete .* or choose another"):
            Checkpoint(tmp_path, other).load(trained)
    assert same(state(trained), before)
    # What JSON cannot tell apart is the same.
    assert Checkpoint(tmp_path, SETTINGS | {"seed": 1.0}).load(trained) == {}


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def full_after_half(file, **arrays: np.ndarray) -> None:
    file.write(b"half")
    full()


@pytest.mark.parametrize(
    ("place", "name", "refusal"),
    [(np, "savez", full_after_half), (os, "fsync", full), (os, "replace", full)],
)
def test_a_full_disk_leaves_the_last_checkpoint(
    tmp_path: Path, trained: Network, monkeypatch: pytest.MonkeyPatch, place, name: str, refusal
) -> None:
    checkpoint = Checkpoint(tmp_path, SETTINGS)
    checkpoint.save(trained, {"epoch": 1})
    checkpoint.save(trained, {"epoch": 2})
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with monkeypatch.context() as patched:
        patched.setattr(place, name, refusal)
        with pytest.raises(CheckpointError, match=r"newest\.npz \(No space left .*free some spac"):
            checkpoint.save(trained, {"epoch": 3})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept
    assert checkpoint.load(trained) == {"epoch": 2}


def test_an_end_between_the_two_renamings_loses_nothing(
    tmp_path: Path, trained: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = Checkpoint(tmp_path, SETTINGS)
    checkpoint.save(trained, {"epoch": 1})
    rename = os.replace

    def killed(source: Path, target: Path) -> None:
        rename(source, target)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            checkpoint.save(trained, {"epoch": 2})
    assert checkpoint.load(trained) == {"epoch": 1}
    checkpoint.save(trained, {"epoch": 3})
    assert checkpoint.load(trained) == {"epoch": 3}


def test_a_damaged_newest_never_replaces_the_one_before(
    tmp_path: Path,
    trained: Network,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    checkpoint = Checkpoint(tmp_path, SETTINGS)
    checkpoint.save(trained, {"epoch": 1})
    checkpoint.save(trained, {"epoch": 2})
    newest, previous = tmp_path / "newest.npz", tmp_path / "previous.npz"
    newest.write_bytes(newest.read_bytes()[:1000])
    again = Checkpoint(tmp_path, SETTINGS)
    assert again.load(trained) == {"epoch": 1}
    said = capsys.readouterr().err
    assert said.startswith(f"{newest} is damaged (")
    assert said.endswith(f"): going on from {previous}\n")
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)  # whatever happens to the next save
        with pytest.raises(CheckpointError):
            again.save(trained, {"epoch": 3})
    assert Checkpoint(tmp_path, SETTINGS).load(trained) == {"epoch": 1}
    again.save(trained, {"epoch": 3})
    again.save(trained, {"epoch": 4})
    assert again.load(trained) == {"epoch": 4}
    newest.unlink()
    assert again.load(trained) == {"epoch": 3}


def test_a_network_of_another_shape_is_refused(tmp_path: Path, trained: Network) -> None:
    checkpoint = Checkpoint(tmp_path, SETTINGS)
    checkpoint.save(trained, {})
    other = compiled(seed=1)
    other.out = keras.layers.Dense(2)
    other.out.build((None, 4))
    with pytest.raises(CheckpointError, match=r"newest\.npz holds a network of another shape"):
        checkpoint.load(other)


def test_of_several_processes_one_writes(tmp_path: Path, trained: Network) -> None:
    reader = Checkpoint(tmp_path, SETTINGS, writes=False)
    reader.save(trained, {"epoch": 1})
    assert reader.load(trained) is None
    Checkpoint(tmp_path, SETTINGS).save(trained, {"epoch": 2})
    assert reader.load(trained) == {"epoch": 2}


def test_a_place_that_cannot_be_written_is_one_error(tmp_path: Path, trained: Network) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(CheckpointError, match="cannot write"):
        Checkpoint(tmp_path / "file" / "run", SETTINGS).save(trained, {})


def test_an_interruption_while_saving_leaves_the_last_checkpoint(
    tmp_path: Path, trained: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = Checkpoint(tmp_path, SETTINGS)
    checkpoint.save(trained, {"epoch": 1})

    def killed(file, **arrays: np.ndarray) -> None:
        file.write(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(np, "savez", killed)
        with pytest.raises(KeyboardInterrupt):
            checkpoint.save(trained, {"epoch": 2})
    assert checkpoint.load(trained) == {"epoch": 1}
    checkpoint.save(trained, {"epoch": 2})
    assert checkpoint.load(trained) == {"epoch": 2}
    assert not list(tmp_path.glob("*.partial"))
