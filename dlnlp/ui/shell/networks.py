"""Which networks this visitor can use: those of everybody, then those that they trained here.

A network that a visitor trained lies in the folder of their session (:mod:`workshops`). Its
directory is called ``hotels~k3x9ab2c``: the name that it was given, and a mark that no other
training has, so that whatever is kept of a network by its name is kept of this one alone.
"""

import secrets
import shutil
from pathlib import Path

from dlnlp import catalogue
from dlnlp.artifacts import available_models
from dlnlp.cards import MARK, model_title
from dlnlp.ui.shell import workshops


def mine() -> tuple[str, ...]:
    """Names of the networks that this visitor trained, in alphabetical order."""
    workshop = workshops.mine()
    return () if workshop is None else available_models(workshop.networks)


def own_models() -> tuple[str, ...]:
    """As :func:`dlnlp.catalogue.own_models`, with those of this visitor."""
    return (*catalogue.own_models(), *mine())


def text_models(*kinds: str) -> tuple[str, ...]:
    """As :func:`dlnlp.catalogue.text_models`, with those of this visitor."""
    wanted = kinds or catalogue.TEXT_KINDS
    here = (name for name in mine() if catalogue.kind(directory(name)) in wanted)
    return (*catalogue.text_models(*kinds), *here)


def directory(name: str) -> Path:
    """As :func:`dlnlp.catalogue.directory`; of another visitor's network it does not exist."""
    workshop = workshops.mine()
    if MARK in name and workshop is not None and name in mine():
        return workshop.networks / name
    return catalogue.directory(name)


def marked(name: str) -> str:
    """A name for a directory of a network called `name` that no other has."""
    return f"{name}{MARK}{secrets.token_hex(4)}"


def rename(name: str, title: str) -> str:
    """Give a network of this visitor another name, and return that of its directory.

    It keeps its mark, by which :func:`find` knows it.
    """
    path, new = directory(name), f"{title}{MARK}{name.partition(MARK)[2]}"
    path.rename(path.with_name(new))
    return new


def find(name: str) -> str | None:
    """The network that was made under `name`, by the name that it has now; None if it is gone."""
    mark = name.partition(MARK)[2]
    return next((each for each in mine() if each.partition(MARK)[2] == mark), None)


def delete(name: str) -> None:
    """Remove a network of this visitor."""
    if name in mine():
        shutil.rmtree(directory(name), ignore_errors=True)


def free_title(title: str) -> str:
    """`title`, or with a number behind it, so that no network of this visitor has it."""
    taken = {model_title(name) for name in own_models()}
    numbered = (f"{title}_{number}" for number in range(2, len(taken) + 3))
    return title if title not in taken else next(t for t in numbered if t not in taken)
