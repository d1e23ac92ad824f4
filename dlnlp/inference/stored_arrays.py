"""Frozen dataclasses of arrays, each kept as one ``.npz`` file."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np


@dataclass(frozen=True, eq=False)
class StoredArrays:
    """Fields of a subclass are arrays, numbers or texts."""

    def save(self, path: Path) -> None:
        """Write all fields, compressed."""
        with path.open("wb") as file:  # a path without .npz would be given one
            np.savez_compressed(file, **{f.name: getattr(self, f.name) for f in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what :meth:`save` wrote; raises ValueError that names the file and the array."""
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            missing = [field.name for field in fields(cls) if field.name not in archive]
            if missing:
                raise ValueError(f"{path} holds no array {missing[0]}; train the model again")
            found = {field.name: archive[field.name] for field in fields(cls)}
        # A number or a text comes back as an array without dimensions.
        return cls(**{name: array if array.ndim else array.item() for name, array in found.items()})
