"""Where a data set's file lies on this machine: `$DLNLP_DATA`, then the user's cache."""

import os
import sys
from pathlib import Path

from dlnlp.datasets.registry import dataset_spec


def cache_directory() -> Path:
    r"""Return the folder that downloads go to; it need not exist yet.

    `$DLNLP_CACHE` if set, else the platform's place for caches: `%LOCALAPPDATA%\dlnlp` on
    Windows, `~/Library/Caches/dlnlp` on macOS, `$XDG_CACHE_HOME/dlnlp` or `~/.cache/dlnlp`
    elsewhere.
    """
    if override := os.environ.get("DLNLP_CACHE"):
        return Path(override).expanduser()
    return _platform_caches(sys.platform) / "dlnlp"


def _platform_caches(platform: str) -> Path:
    if platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches"
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification asks to ignore relative paths.
    return Path(xdg) if os.path.isabs(xdg) else Path.home() / ".cache"


def find(name: str) -> Path | None:
    """Return the file of data set `name` if it is on this machine, else None.

    Looks for the published file name in each folder of `$DLNLP_DATA` (several are joined by
    `os.pathsep`), then in `cache_directory()`. The contents are not verified.

    Raises:
        DatasetError: There is no such data set.
    """
    file_name = dataset_spec(name).file_name
    folders = [
        Path(folder).expanduser()
        for folder in os.environ.get("DLNLP_DATA", "").split(os.pathsep)
        if folder
    ]
    for folder in (*folders, cache_directory()):
        if (folder / file_name).is_file():
            return folder / file_name
    return None
