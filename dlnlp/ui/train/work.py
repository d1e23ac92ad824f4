"""What the tab keeps: the secret of this visitor's folder, so that a reload finds it again."""

from collections.abc import Mapping
from typing import Any

from dlnlp.ui.shell import kept_work, workshops

PAGE = "train"


def keep() -> None:
    """Keep it; last on the page."""
    kept_work.keep(PAGE, {"token": workshops.token()})


def take_back() -> None:
    """Find the folder of the session before this one again; first on the page."""

    def restore(work: Mapping[str, Any]) -> None:
        workshops.claim(work.get("token"))

    kept_work.take_back(PAGE, restore)
