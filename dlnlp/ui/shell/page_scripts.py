"""Where the scripts of the pages lie, for links from one page to another."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[3] / "pages"


def script_of(stem: str) -> Path:
    """The script of a page.

    Args:
        stem: name of the file in ``pages/`` without ``.py``.
    """
    return _FOLDER / f"{stem}.py"
