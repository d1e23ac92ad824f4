"""A directory of weights: written whole or not at all, verified before it is read.

``card.json`` names the sha256 of every other file and of itself (``card_sha256``: the hash of its
content without that key), so that a changed byte anywhere is noticed. Knows no network: any model
of the project is saved and opened through here.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlnlp import temporary
from dlnlp.errors import UserError

FORMAT = 1
CARD = "card.json"
CONFIG = "config.json"
_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "weights"  # only a wheel has it (setup.py)
# Where the shipped directories stand; DLNLP_WEIGHTS names another place.
WEIGHTS = Path(
    os.environ.get("DLNLP_WEIGHTS")
    or (_INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "weights")
)

Content = bytes | Callable[[Path], object]


class ArtifactError(UserError):
    """A directory of weights cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True)
class ArtifactDirectory:
    """A verified directory.

    Attributes:
        path: the directory.
        config: parsed ``config.json``: what the network needs to be rebuilt.
        card: parsed ``card.json``: where it came from and what it reaches.
    """

    path: Path
    config: dict[str, Any]
    card: dict[str, Any]

    def file(self, name: str) -> Path:
        """The path of a verified file; raises ArtifactError when the card does not name it."""
        if name not in self.card["files"]:
            raise _broken(self.path, f"{self.path / CARD} does not list {name}")
        return self.path / name


def available_models(root: Path = WEIGHTS) -> tuple[str, ...]:
    """Names of the directories of weights under `root`, in alphabetical order.

    A directory that has lost its card or its config is among them: opening it says what is missing.
    """
    found = (path.parent.name for name in (CARD, CONFIG) for path in root.glob(f"[!.]*/{name}"))
    return tuple(sorted(set(found)))


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """The one way the project writes JSON: UTF-8, indented, order kept, no NaN."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def write_artifact(path: Path, files: Mapping[str, Content], card: Mapping[str, Any]) -> None:
    """Write a directory of weights, replacing an older one in a single step.

    Everything is written next to `path` under a hidden name first; an older directory stays until
    the new one is complete, and is put back if the exchange fails.

    Args:
        path: the directory to make, for example ``weights/han_stars``.
        files: content of each file by plain name: bytes, or a function that writes to the path it
            is given. ``config.json`` must be among them.
        card: JSON-ready content of the card; ``format``, ``files`` and ``card_sha256`` are set
            here.

    Raises:
        ValueError: a file name is not plain, ``config.json`` is missing, or the card is not JSON.
        ArtifactError: `path` is there and is no directory of weights.
        OSError: the disk refused; nothing has changed then.
    """
    refuse_other_content(path)
    if CONFIG not in files:
        raise ValueError(f"{path} cannot be written without {CONFIG}; add it to the files")
    for name in files:
        if not _plain(name) or name == CARD:
            raise ValueError(f"{name!r} cannot be a file of {path}; give a plain file name")
    with temporary.beside(path) as fresh:
        fresh.mkdir(parents=True)
        hashes = {}
        for name, content in files.items():
            _write(fresh / name, content)
            hashes[name] = _sha256(fresh / name)
        complete = {"format": FORMAT, **card} | {"format": FORMAT, "files": hashes}
        complete.pop("card_sha256", None)
        complete["card_sha256"] = _card_sha256(complete)
        _write(fresh / CARD, json_bytes(complete))
        _exchange(fresh, path)


def refuse_other_content(path: Path) -> None:
    """Raise ArtifactError where weights would replace something else: a file, a folder in use."""
    if path.is_dir() and not path.is_symlink():
        names = {entry.name for entry in path.iterdir()}
        if not names or names & {CARD, CONFIG}:
            return
    elif not os.path.lexists(path):
        return
    raise ArtifactError(
        f"{path} is there and is no directory of weights, which would replace it: choose another "
        "--output"
    )


def amend_artifact(
    opened: ArtifactDirectory,
    entries: Mapping[str, Any],
    files: Mapping[str, Content] | None = None,
) -> None:
    """Put entries into the card of a directory, and files beside it; all else stays.

    Raises:
        OSError: the disk refused; nothing has changed then.
    """
    kept = {name: opened.file(name).read_bytes() for name in opened.card["files"]}
    write_artifact(opened.path, {**kept, **(files or {})}, {**opened.card, **entries})


def open_artifact(path: Path) -> ArtifactDirectory:
    """Open a directory of weights after comparing every file with its hash.

    Raises:
        ArtifactError: the directory, the card or a file is missing, changed, a link, or written by
            a newer version of the program.
    """
    if not path.is_dir():
        raise _broken(path, f"there is no directory {path}")
    for entry in path.iterdir():
        if entry.is_symlink():
            raise _broken(path, f"{entry} is a link where a file should be")
    card = _read_card(path)
    for name, expected in card["files"].items():
        try:
            found = _sha256(path / name)
        except OSError as error:
            raise _broken(path, f"{path / name} cannot be read ({error.strerror})") from error
        if found != expected:
            raise _broken(path, f"{path / name} has changed (its sha256 is not the card's)")
    if CONFIG not in card["files"]:
        raise _broken(path, f"{path / CARD} does not list {CONFIG}")
    return ArtifactDirectory(path, _read_json(path, CONFIG)[1], card)


def _read_card(path: Path) -> dict[str, Any]:
    raw, card = _read_json(path, CARD)
    version = card.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise ArtifactError(
            f"{path / CARD} has format {version} and this program reads {FORMAT}; "
            "update the program, or use weights of its own version."
        )
    files = card.get("files")
    try:
        # Besides the hash, the bytes must be those that are written for this content: JSON can
        # spell one content in several ways.
        intact = card.get("card_sha256") == _card_sha256(card) and json_bytes(card) == raw
    except ValueError:  # an infinite number, half a surrogate pair
        intact = False
    named = isinstance(files, dict) and all(map(_plain, files))
    if not (intact and named and version == FORMAT):
        raise _broken(path, f"{path / CARD} has changed (it does not match its own hash)")
    return card


def _read_json(path: Path, name: str) -> tuple[bytes, dict[str, Any]]:
    try:
        raw = (path / name).read_bytes()
        value = json.loads(raw, parse_constant=_refuse_constant)
    except OSError as error:
        raise _broken(path, f"{path / name} cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise _broken(path, f"{path / name} is not readable JSON") from error
    if not isinstance(value, dict):
        raise _broken(path, f"{path / name} is not a JSON object")
    return raw, value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _card_sha256(card: Mapping[str, Any]) -> str:
    content = {key: value for key, value in card.items() if key != "card_sha256"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(name: str) -> bool:
    return bool(name) and name not in (".", "..") and not set(name) & set("/\\:\0")


def _write(path: Path, content: Content) -> None:
    if callable(content):
        content(path)
    else:
        path.write_bytes(content)
    with path.open("rb+") as file:  # on the disk before the exchange, or a crash leaves it empty
        os.fsync(file.fileno())


def _exchange(fresh: Path, path: Path) -> None:
    old = temporary.hidden_name(path, "old")
    with temporary.exchange:
        try:
            path.rename(old)
        except FileNotFoundError:
            fresh.rename(path)
            return
        try:
            fresh.rename(path)
        except BaseException:
            old.rename(path)
            raise
    shutil.rmtree(old, ignore_errors=True)


def _broken(path: Path, reason: str) -> ArtifactError:
    if path.is_relative_to(_INSTALLED):
        return ArtifactError(f"{reason}; install dlnlp again.")
    return ArtifactError(
        f"{reason}; restore it with `git checkout -- weights/{path.name}` or train the model again."
    )
