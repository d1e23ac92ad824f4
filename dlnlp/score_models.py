"""Which shipped networks read texts. Costs nothing to import: no network is opened."""

import json
from pathlib import Path

from dlnlp import artifacts

KINDS = ("han", "kim_cnn")


def text_models(root: Path | None = None) -> tuple[str, ...]:
    """Names of the directories of weights that read texts, in alphabetical order.

    Args:
        root: where they stand; by default ``artifacts.WEIGHTS``.
    """
    root = artifacts.WEIGHTS if root is None else root
    return tuple(name for name in artifacts.available_models(root) if _kind(root / name) in KINDS)


def _kind(directory: Path) -> str:
    try:
        config = json.loads((directory / artifacts.CONFIG).read_bytes())
    except (OSError, ValueError):
        return ""
    return str(config.get("model")) if isinstance(config, dict) else ""
