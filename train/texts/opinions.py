"""What teachers say of the texts that a student learns from (Hinton et al. 2015)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from dlnlp import temporary
from dlnlp.corpus import Corpus
from dlnlp.inference.softmax import softmax
from train.evaluation import measures
from train.progress import ProgressBar

Logits = Mapping[str, NDArray[Any]]
"""Logits that one teacher gives to the documents of a split, by its name, float ``[n, C]``."""


@dataclass(frozen=True, eq=False)
class Heard:
    """What some teachers say, each alone.

    Attributes:
        logits: by teacher.
        seconds: what learning and asking took, by teacher.
    """

    logits: dict[str, Logits]
    seconds: dict[str, float]


@dataclass(frozen=True, eq=False)
class Opinions:
    """What teachers say together of the split that they teach.

    Attributes:
        source: who they are and what they read; the same for runs that may go on from each other.
        split: of which documents: ``unsup``, or ``train`` where all have labels.
        probabilities: of the classes for each of its documents, float32 ``[n, C]``.
        about: what the card says of them.
    """

    source: str
    split: str
    probabilities: NDArray[np.float32]
    about: dict[str, Any]


def taught_split(corpus: Corpus) -> str:
    """The split that teachers teach: that without labels, or where there is none ``train``."""
    return "unsup" if "unsup" in corpus.info["splits"] else "train"


def agreed(corpus: Corpus, heard: Heard, weights: Mapping[str, float], who: str) -> Opinions:
    """What teachers say together: the weighted mean of their logits.

    Args:
        corpus: whose splits they were asked about: ``validation``, and the one that they teach.
        heard: what each says, and what it took where that is known.
        weights: weight of each teacher that is asked; they sum to 1.
        who: they are, for the card.

    Returns:
        Their opinion; the card says accuracy and log loss of each and of all together on
        validation, and the log loss on ``train`` where they teach that.
    """
    split = taught_split(corpus)

    def together(of: Mapping[str, float], name: str) -> NDArray[np.float64]:
        parts = [share * heard.logits[teacher][name] for teacher, share in of.items()]
        return np.asarray(np.sum(parts, axis=0), np.float64)

    truth = {name: corpus.split(name).labels.astype(int) for name in ("validation", split)}
    asked = {name: {name: 1.0} for name in weights} | {"together": dict(weights)}
    found: dict[str, dict[str, float]] = {}
    for name, of in asked.items():
        measured = measures(truth["validation"], together(of, "validation"))
        found[name] = {"accuracy": measured["accuracy"], "log_loss": measured["loss"]}
        if split == "train":
            found[name]["log_loss_on_train"] = measures(truth[split], together(of, split))["loss"]
        if name in weights:
            found[name]["weight"] = weights[name]
        if name in heard.seconds:
            found[name]["seconds"] = round(heard.seconds[name])
        ProgressBar.write(f"{name}: " + "  ".join(f"{k} {v:.4g}" for k, v in found[name].items()))
    probabilities = softmax(together(weights, split)).astype(np.float32)
    documents = "unlabelled_documents" if split == "unsup" else "taught_documents"
    about = {"teachers": who, documents: len(probabilities), "teachers_on_validation": found}
    return Opinions(sha256(probabilities.tobytes()).hexdigest(), split, probabilities, about)


def two_columns(log_odds: NDArray[Any]) -> NDArray[Any]:
    """Log odds of class 1 as logits: float ``[n]`` to ``[n, 2]``."""
    return np.stack([np.zeros_like(log_odds), log_odds], axis=1)


def heard_once(cache: Path, key: str, ask: Callable[[], dict[str, NDArray[Any]]]) -> Heard:
    """Ask teachers; what they say is kept in `cache` for the next run.

    Args:
        cache: the file.
        key: names what their answer depends on.
        ask: gives logits float ``[n, C]``, or log odds of class 1 ``[n]``, by ``teacher/split``,
            and its seconds by ``teacher/seconds``.
    """
    kept = kept_arrays(cache, key)
    if not kept:
        kept = ask()
        keep_arrays(cache, key, kept)
    logits: dict[str, dict[str, NDArray[Any]]] = {}
    seconds = {}
    for name, values in kept.items():
        teacher, what = name.split("/")
        if what == "seconds":
            seconds[teacher] = float(values)
        else:
            logits.setdefault(teacher, {})[what] = (
                two_columns(values) if values.ndim == 1 else values
            )
    return Heard(dict(logits), seconds)


def kept_arrays(path: Path, key: str) -> dict[str, NDArray[Any]]:
    """What :func:`keep_arrays` kept under the same key; nothing where it did not.

    Returns:
        Arrays by name, of any shape and any dtype.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            kept = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, BadZipFile):
        return {}
    return kept if str(kept.pop("key", "")) == key else {}


def keep_arrays(path: Path, key: str, arrays: dict[str, NDArray[Any]]) -> None:
    """Keep arrays for a later run, all or none.

    Args:
        path: the file.
        key: names what they depend on.
        arrays: by name, of any shape and any dtype.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary.beside(path) as partial:
        with partial.open("wb") as target:
            np.savez(target, key=np.array(key), **arrays)  # type: ignore[arg-type]
        partial.replace(path)
