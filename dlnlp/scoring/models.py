"""Which shipped networks read texts. Costs nothing to import: no network is opened."""

import json
from pathlib import Path

from dlnlp import artifacts

KINDS = ("han", "kim_cnn")


def text_models(root: Path | None = None) -> tuple[str, ...]:
    """Names of the directories of weights that read texts, in alphabetical order.

    A directory whose config cannot be read is among them: opening it says what is wrong.

    Args:
        root: where they stand; by default ``artifacts.WEIGHTS``.
    """
    root = artifacts.WEIGHTS if root is None else root
    return tuple(name for name in artifacts.available_models(root) if _may_read(root / name))


def _may_read(directory: Path) -> bool:
    try:
        config = json.loads((directory / artifacts.CONFIG).read_bytes())
    except (OSError, ValueError, RecursionError):
        return True
    return not isinstance(config, dict) or config.get("model") in KINDS
