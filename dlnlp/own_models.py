"""Networks that people trained on their own texts: where they stand, beside what ships."""

import os
from pathlib import Path

import platformdirs

from dlnlp import artifacts

VARIABLE = "DLNLP_MODELS"


def folder() -> Path:
    """The folder of own networks, which may not exist yet.

    ``DLNLP_MODELS`` names it; by default it lies among the user's data, such as
    ``~/.local/share/dlnlp/models`` on Linux.
    """
    named = os.environ.get(VARIABLE)
    return (
        Path(named) if named else platformdirs.user_data_path("dlnlp", appauthor=False) / "models"
    )


def directory(name: str) -> Path:
    """The directory of a network by its name: a shipped one, else one of one's own."""
    shipped = artifacts.WEIGHTS / name
    own = folder() / name
    return own if not shipped.exists() and own.exists() else shipped


def names() -> tuple[str, ...]:
    """Names of the own networks, in alphabetical order; those of shipped ones are left out."""
    shipped = set(artifacts.available_models())
    return tuple(n for n in artifacts.available_models(folder()) if n not in shipped)
