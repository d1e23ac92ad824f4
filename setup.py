"""Puts the weights into the wheel; all else stands in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithWeights(build_py):
    """Copies ``weights/`` to ``dlnlp/weights``; an editable install reads the folder itself."""

    def run(self) -> None:
        """Build the packages, then add the weights."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "dlnlp" / "weights"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree("weights", target, ignore=shutil.ignore_patterns(".*"))


setup(cmdclass={"build_py": BuildWithWeights})
