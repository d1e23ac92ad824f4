"""What is finished of a long job, kept in a file, so that a rerun goes on behind it."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

NAME = "stages.json"


class Stages:
    """Finished stages of the job that fills a directory.

    A directory that other settings, or nothing known, has begun is emptied.

    Args:
        directory: what the job fills; made where it is missing.
        settings: JSON-ready; what the results depend on.

    Attributes:
        done: what each finished stage found, by its name; JSON-ready.
    """

    def __init__(self, directory: Path, settings: dict[str, Any]) -> None:
        self.directory, self.settings = directory, settings
        self.done: dict[str, dict[str, Any]] = {}
        try:
            known = json.loads((directory / NAME).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            known = {}
        if known.get("settings") == settings:
            self.done = known["done"]
            return
        if directory.exists():
            shutil.rmtree(directory)
        directory.mkdir(parents=True)

    def finish(self, stage: str, **found: Any) -> None:
        """Note that a stage is complete: its files are closed."""
        self.done[stage] = found
        partial = self.directory / f"{NAME}.partial"
        text = json.dumps({"settings": self.settings, "done": self.done}, indent=1)
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, self.directory / NAME)

    def publish(self, output: Path) -> None:
        """Give the complete directory its name, and remove the notes."""
        os.replace(self.directory, output)
        (output / NAME).unlink()
