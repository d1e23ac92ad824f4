"""Makes ``import keras`` take half as long.

Keras imports pandas and scikit-learn, where they are installed, only to take their objects: half
of its own time. Nothing here hands it any.
"""

import sys
from typing import Any

_NOT_NEEDED = {"pandas", "sklearn"}


class _WithoutThem:
    """Says that a package is not here, for as long as Keras itself is being imported."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """Finds nothing; raises ModuleNotFoundError where Keras would go on without."""
        spec: Any = getattr(sys.modules.get("keras"), "__spec__", None)
        if name in _NOT_NEEDED and getattr(spec, "_initializing", False):
            raise ModuleNotFoundError(f"Keras needs no {name} here", name=name)


def lighten() -> None:
    """Let Keras come without what it does not need here; before it is imported."""
    if _WithoutThem not in sys.meta_path:
        sys.meta_path.insert(0, _WithoutThem)
