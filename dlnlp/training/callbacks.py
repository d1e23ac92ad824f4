"""Training that changes its pace, and training that can be interrupted and go on."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp import temporary
from dlnlp.errors import UserError
from dlnlp.schedules import Schedule
from dlnlp.training.optimizers import SGD


class CheckpointError(UserError):
    """A checkpoint that cannot be used; the message names the file and the remedy."""


class Checkpoint:
    """State of a compiled model on disk: weights, optimizer, random generators, and notes.

    Two generations are kept; a damaged newest one falls back to the one before, which stays until
    the next save is complete.

    Args:
        directory: created at the first save.
        settings: JSON-ready description of the run; a checkpoint of other settings is refused.
        writes: whether :meth:`save` does anything; of several processes that hold the same state,
            one writes.
    """

    def __init__(self, directory: Path, settings: dict[str, Any], *, writes: bool = True) -> None:
        self.directory = Path(directory)
        self.settings = json.loads(json.dumps(settings))
        self._writes = writes
        self._damaged: set[Path] = set()

    def save(self, model: keras.Model, notes: dict[str, Any]) -> None:
        """Write the state; the file appears complete or not at all.

        Raises:
            CheckpointError: the disk is full or not writable; the last checkpoint stays.
        """
        if not self._writes:
            return
        newest, previous = self._files()
        arrays = {f"v{i:04d}": np.asarray(v) for i, v in enumerate(_state(model))}
        about = json.dumps({"settings": self.settings, "notes": notes})
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            with temporary.removed(newest.with_suffix(".partial")) as partial:
                with partial.open("wb") as file:
                    np.savez(file, about=np.array(about), **arrays)  # type: ignore[arg-type]
                    file.flush()
                    os.fsync(file.fileno())
                if newest.exists() and newest not in self._damaged:
                    os.replace(newest, previous)
                os.replace(partial, newest)
            self._damaged.clear()
        except OSError as error:
            raise CheckpointError(
                f"cannot write {newest} ({error.strerror or error}): free some space and run the "
                "same command again; it continues from the checkpoint before"
            ) from error

    def load(self, model: keras.Model) -> dict[str, Any] | None:
        """Restore the newest readable state into a compiled model of the same shape.

        Returns:
            The notes saved with it, or None when there is no checkpoint.

        Raises:
            CheckpointError: checkpoints exist, and none fits: damaged, or of other settings.
        """
        problems = []
        self._damaged.clear()
        for path in self._files():
            if not path.exists():
                continue
            variables = _variables(model)
            try:
                about, arrays = _read(path)
            except Exception as error:  # a damaged archive raises what it likes
                self._damaged.add(path)
                problems.append(f"{path} is damaged ({error})")
                continue
            if about["settings"] != self.settings:
                raise CheckpointError(
                    f"{path} belongs to a run with other settings: delete {self.directory}, or "
                    "choose another --checkpoints"
                )
            if [array.shape for array in arrays] != [tuple(v.shape) for v in variables]:
                raise CheckpointError(
                    f"{path} holds a network of another shape: delete {self.directory}, or choose "
                    "another --checkpoints"
                )
            for variable, array in zip(variables, arrays, strict=True):
                variable.assign(array)
            if problems:
                print(f"{problems[0]}: going on from {path}", file=sys.stderr)
            notes: dict[str, Any] = about["notes"]
            return notes
        if problems:
            raise CheckpointError(
                f"no usable checkpoint: {'; '.join(problems)}: delete {self.directory} to start "
                "again"
            )
        return None

    def _files(self) -> tuple[Path, Path]:
        return self.directory / "newest.npz", self.directory / "previous.npz"


def _read(path: Path) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    # NumPy leaves a file open that is no archive: open and close it here.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        arrays = [stored[f"v{i:04d}"] for i in range(len(stored.files) - 1)]
        return json.loads(str(stored["about"])), arrays


def _variables(model: keras.Model) -> list[Any]:
    optimizer = model.optimizer
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    return [*model.trainable_variables, *model.non_trainable_variables, *optimizer.variables]


def _state(model: keras.Model) -> list[Any]:
    return [keras.ops.convert_to_numpy(variable) for variable in _variables(model)]


class HyperparameterScheduler(keras.callbacks.Callback):
    """Sets learning rate and momentum before every step, and keeps what was applied.

    In ``fit`` it is a callback; a loop over ``train_on_batch`` calls :meth:`apply`. Both are
    variables of the optimizer, so that compiled training follows them. The schedules are
    functions of the number of the step: a run that goes on from a checkpoint at step n applies
    what the uninterrupted run would have.

    Args:
        learning_rate: schedule over steps; None leaves the rate alone.
        momentum: schedule over steps, for :class:`dlnlp.training.optimizers.SGD`; None leaves it
            alone.
        initial_step: step of the first batch of the first ``fit``; None: the number of updates
            that the optimizer has made, which a checkpoint restores.

    Attributes:
        history: ``step``, ``learning_rate`` and ``momentum`` (where scheduled), lists with an
            entry a step: values as the optimizer held them, float32. The logs of each epoch hold
            the last ones.
    """

    def __init__(
        self,
        learning_rate: Schedule | None = None,
        momentum: Schedule | None = None,
        *,
        initial_step: int | None = None,
    ) -> None:
        super().__init__()
        if initial_step is not None and initial_step < 0:
            raise ValueError(f"initial_step {initial_step} must be 0 or above")
        found = {"learning_rate": learning_rate, "momentum": momentum}
        self.schedules = {name: s for name, s in found.items() if s is not None}
        self.history: dict[str, list[float]] = {name: [] for name in ("step", *self.schedules)}
        self._initial_step = initial_step
        self._lead = 0  # of our count over the optimizer's
        self._step = 0

    def set_model(self, model: keras.Model) -> None:
        """Take a compiled model.

        Raises:
            ValueError: its optimizer cannot follow; the message says what to do.
        """
        super().set_model(model)
        optimizer = model.optimizer
        if "learning_rate" in self.schedules and not isinstance(
            optimizer.learning_rate, keras.Variable
        ):
            raise ValueError(
                "the optimizer has a learning-rate schedule of its own: give it a number, such as "
                "learning_rate=0.1, and the schedule to HyperparameterScheduler"
            )
        if "momentum" in self.schedules and not isinstance(optimizer, SGD):
            raise ValueError(
                f"the momentum of {type(optimizer).__name__} is fixed once compiled: use "
                "dlnlp.training.optimizers.SGD"
            )
        if model.steps_per_execution != 1 or optimizer.gradient_accumulation_steps:
            raise ValueError(
                "batches and updates must be one to one: compile without steps_per_execution and "
                "gradient_accumulation_steps"
            )

    def apply(self, step: int) -> dict[str, float]:
        """Set the values of a step, before it is made.

        Returns:
            What the optimizer now holds, by name.
        """
        applied = {}
        # JAX's fit holds the variables elsewhere meanwhile; `self.model` brings them back.
        optimizer = self.model.optimizer
        for name, schedule in self.schedules.items():
            setattr(optimizer, name, float(schedule(step)))
            applied[name] = float(keras.ops.convert_to_numpy(getattr(optimizer, name).value))
            self.history[name].append(applied[name])
        self.history["step"].append(step)
        return applied

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Find out where the run stands."""
        updates = int(keras.ops.convert_to_numpy(self.model.optimizer.iterations.value))
        if self._initial_step is not None:
            self._lead, self._initial_step = self._initial_step - updates, None
        self._step = updates + self._lead

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Apply the values of the step that comes."""
        self.apply(self._step)
        self._step += 1

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add the last values to the logs of the epoch."""
        if logs is not None:
            logs |= {name: self.history[name][-1] for name in self.schedules}
