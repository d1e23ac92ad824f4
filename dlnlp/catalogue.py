"""Which networks can be used: those that ship, and those that people trained on their own texts.

Costs nothing to import, and opens no network.
"""

import json
import os
from pathlib import Path

from dlnlp import artifacts

VARIABLE = "DLNLP_MODELS"
TEXT_KINDS = ("han", "kim_cnn")


def own_folder() -> Path:
    """The folder of own networks, which may not exist yet.

    ``DLNLP_MODELS`` names it; by default it lies among the user's data, such as
    ``~/.local/share/dlnlp/models`` on Linux.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named)
    import platformdirs

    return platformdirs.user_data_path("dlnlp", appauthor=False) / "models"


def own_models() -> tuple[str, ...]:
    """Names of the own networks, in alphabetical order, damaged ones among them.

    One that has the name of a shipped network is left out.
    """
    shipped = set(artifacts.available_models(artifacts.WEIGHTS))
    return tuple(n for n in artifacts.available_models(own_folder()) if n not in shipped)


def directory(name: str) -> Path:
    """The directory of a network: a shipped one, else one of one's own; it may not exist."""
    shipped = artifacts.WEIGHTS / name
    own = own_folder() / name
    return own if own.is_dir() and not shipped.exists() else shipped


def text_models(*kinds: str) -> tuple[str, ...]:
    """Names of the networks that read texts: the shipped ones, then one's own.

    A shipped directory whose config cannot be read is listed, so that opening it reports the error.
    An own directory whose config cannot be read is left out; the models page reports it.

    Args:
        *kinds: ``han`` or ``kim_cnn``; both by default.
    """
    wanted = kinds or TEXT_KINDS
    shipped = artifacts.available_models(artifacts.WEIGHTS)
    return (
        *(name for name in shipped if kind(artifacts.WEIGHTS / name) in (*wanted, None)),
        *(name for name in own_models() if kind(own_folder() / name) in wanted),
    )


def kind(path: Path) -> str | None:
    """What a directory of weights holds by its config, unverified; None where it cannot be read."""
    try:
        config = json.loads((path / artifacts.CONFIG).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return str(config.get("model")) if isinstance(config, dict) else None
