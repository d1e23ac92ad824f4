"""Where the scripts of the pages lie, for links from one page to another."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[3] / "pages"


def script_of(stem: str) -> Path:
    """The script of a page: the file in ``pages/`` with that stem."""
    return _FOLDER / f"{stem}.py"
