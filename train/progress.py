"""How far a command is: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from typing import Any

from tqdm import tqdm

EVERY = 10.0  # seconds between lines, at least
_LINE = "{desc}: {n_fmt}/{total_fmt}{unit}, {elapsed}, {rate_fmt}{postfix}"


class ProgressBar(tqdm):
    """A ``tqdm`` that logs, too: where the error stream is no terminal, it prints whole lines.

    Work that ends within ten seconds prints nothing there.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        self._drawn = sys.stderr.isatty()
        self._told = time.monotonic()
        if not self._drawn:
            settings = {**settings, "bar_format": _LINE, "leave": False}
        super().__init__(*arguments, file=sys.stderr, **settings)

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        """Draw the bar, or print a line if the last one is old enough."""
        if self._drawn:
            return bool(super().display(msg, pos))
        now = time.monotonic()
        if self.n and msg is None and now - self._told >= EVERY:
            self._told = now
            print(self, file=sys.stderr, flush=True)
        return False

    def clear(self, *arguments: Any, **settings: Any) -> None:
        """Wipe the bar; lines stay."""
        if self._drawn:
            super().clear(*arguments, **settings)
