"""Copies of artifacts with other files, for tests of what is refused."""

from pathlib import Path

from dlnlp.artifacts import open_artifact, write_artifact


def rewritten(source: Path, target: Path, files: dict[str, bytes | None]) -> Path:
    """A copy with other files, under a card that is right about them; None leaves one out."""
    card = open_artifact(source).card
    content = {file: (source / file).read_bytes() for file in card["files"]} | files
    write_artifact(target, {f: given for f, given in content.items() if given is not None}, card)
    return target
