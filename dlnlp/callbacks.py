"""Training that can be interrupted: everything a run needs to go on, saved whole or not at all."""

import json
import os
from pathlib import Path
from typing import Any

import keras
import numpy as np


class CheckpointError(Exception):
    """A checkpoint that cannot be used; the message names the file and the remedy."""


class Checkpoint:
    """State of a compiled model on disk: weights, optimizer, random generators, and notes.

    Two generations are kept; a damaged newest one falls back to the one before.

    Args:
        directory: created at the first save.
        settings: JSON-ready description of the run; a checkpoint of other settings is refused.
    """

    def __init__(self, directory: Path, settings: dict[str, Any]) -> None:
        self.directory = Path(directory)
        self.settings = json.loads(json.dumps(settings))

    def save(self, model: keras.Model, notes: dict[str, Any]) -> None:
        """Write the state after an epoch; the file appears complete or not at all.

        Raises:
            CheckpointError: the disk is full or not writable; the last checkpoint stays.
        """
        newest, previous = self._files()
        partial = newest.with_suffix(".partial")
        arrays = {f"v{i:04d}": np.asarray(v) for i, v in enumerate(_state(model))}
        about = json.dumps({"settings": self.settings, "notes": notes})
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as file:
                np.savez(file, about=np.array(about), **arrays)  # type: ignore[arg-type]
                file.flush()
                os.fsync(file.fileno())
            if newest.exists():
                os.replace(newest, previous)
            os.replace(partial, newest)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise CheckpointError(
                f"cannot write {newest} ({error.strerror}): free some space and run the same "
                "command again; it continues from the checkpoint before"
            ) from error

    def load(self, model: keras.Model) -> dict[str, Any] | None:
        """Restore the newest readable state into a compiled model of the same shape.

        Returns:
            The notes saved with it, or None when there is no checkpoint.

        Raises:
            CheckpointError: checkpoints exist, and none fits: damaged, or of other settings.
        """
        problems = []
        for path in self._files():
            if not path.exists():
                continue
            try:
                with np.load(path, allow_pickle=False) as stored:
                    about = json.loads(str(stored["about"]))
                    if about["settings"] != self.settings:
                        raise CheckpointError(
                            f"{path} belongs to a run with other settings: delete "
                            f"{self.directory}, or choose another --checkpoints"
                        )
                    variables = _variables(model)
                    arrays = [stored[f"v{i:04d}"] for i in range(len(variables))]
            except CheckpointError:
                raise
            except Exception as error:  # a damaged archive raises what it likes
                problems.append(f"{path} ({error})")
                continue
            for variable, array in zip(variables, arrays, strict=True):
                variable.assign(array)
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


def _variables(model: keras.Model) -> list[Any]:
    optimizer = model.optimizer
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    return [*model.trainable_variables, *model.non_trainable_variables, *optimizer.variables]


def _state(model: keras.Model) -> list[Any]:
    return [keras.ops.convert_to_numpy(variable) for variable in _variables(model)]
