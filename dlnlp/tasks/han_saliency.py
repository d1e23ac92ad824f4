"""Gradients of a HAN for a text, as a task of the worker's process.

Also the saliency of the same network with random weights (Adebayo et al. 2018): a method whose
picture hardly changes then does not show what the network has learned.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import CARD, ArtifactError
from dlnlp.explain.leave_one_out import MODES, sentences_without_each, without_each_sentence
from dlnlp.explain.targets import target_values
from dlnlp.tasks.han_documents import Document
from dlnlp.tasks.han_gradients import HanGradients
from dlnlp.worker.process import TaskError

Report = Callable[[dict[str, Any]], None]


class _Stop(Exception):
    """Ends a task that was cancelled."""


@lru_cache(maxsize=2)
def _opened(directory: Path, card: bytes) -> HanGradients:
    """The network, verified and compiled once for each content of its card."""
    return HanGradients.load(directory)


@lru_cache(maxsize=2)
def _randomized(directory: Path, card: bytes, seed: int) -> HanGradients:
    return _opened(directory, card).randomized(seed)


def saliency(
    arguments: dict[str, Any], report: Report, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Explain what a HAN, or the same with random weights, says of a text.

    Args:
        arguments: `weights`: directory; `sentences`: lists of token ids; `seed`: of the random
            weights, None for the trained ones.
        report: gets {"share": 0 to 1} as it goes.
        cancelled: whether to stop; nothing is returned then.

    Returns:
        For each target of `dlnlp.explain.targets.target_values`: `value`, `gap`,
        `gradient_x_input` and `integrated_gradients` (numbers for the N words each). Of random
        weights also `word_attention`, `word_scores`, `sentence_attention` and `sentence_scores`,
        and `delete` and `unknown` with `delete_sentences` and `unknown_sentences`: leave-one-out
        of each target.

    Raises:
        TaskError: the weights cannot be opened, or the sentences are no sentences.
    """
    try:
        directory = Path(str(arguments["weights"]))
        sentences = [np.array(sentence, np.int32) for sentence in arguments["sentences"]]
        seed = None if arguments["seed"] is None else int(arguments["seed"])
        card = (directory / CARD).read_bytes()
        network = _opened(directory, card) if seed is None else _randomized(directory, card, seed)
    except (KeyError, TypeError, ValueError, OSError, ArtifactError) as error:
        raise TaskError(f"This text cannot be explained: {error}") from error
    if not sentences or not all(len(sentence) for sentence in sentences):
        raise TaskError("This text cannot be explained: a sentence has no word.")
    done, parts = 0, 1 if seed is None else 2

    def progress(share: float) -> None:
        if cancelled():
            raise _Stop
        report({"share": (done + share) / parts})

    try:
        found = _gradients(network, sentences, progress)
        if seed is not None:
            done = 1
            found |= _attention_and_leaving_out(network, sentences, progress)
    except _Stop:
        return {}
    return found


def _gradients(
    network: HanGradients, sentences: Document, progress: Callable[[float], None]
) -> dict[str, Any]:
    # Of two classes, one speaks against what the other speaks for.
    targets = [1] if network.classes == 2 else list(range(network.classes + network.ordered))
    answers = network.explain([sentences] * len(targets), targets, progress=progress)
    columns: dict[str, Any] = {
        "value": np.array([answer.value for answer in answers]),
        "gap": np.array([answer.gap for answer in answers]),
        "gradient_x_input": np.stack([answer.gradient_x_input for answer in answers]),
        "integrated_gradients": np.stack([answer.integrated_gradients for answer in answers]),
    }
    if network.classes == 2:
        columns = {name: np.concatenate([-column, column]) for name, column in columns.items()}
    return {name: _plain(column) for name, column in columns.items()}


def _attention_and_leaving_out(
    network: HanGradients, sentences: Document, progress: Callable[[float], None]
) -> dict[str, Any]:
    variants: list[Document] = [sentences]
    sizes = []
    for mode in MODES:
        for leaving_out in (sentences_without_each, without_each_sentence):
            before = len(variants)
            variants += leaving_out(sentences, mode)
            sizes.append(len(variants) - before)
    read = network.read(variants, progress)
    odds = target_values(read.logits, network.ordered)
    effects = np.split((odds[0] - odds[1:]).T, np.cumsum(sizes)[:-1], axis=1)
    names = [name for mode in MODES for name in (mode, f"{mode}_sentences")]
    return {
        "word_attention": _plain(read.word_attention[0]),
        "word_scores": _plain(read.word_scores[0]),
        "sentence_attention": _plain(read.sentence_attention[0]),
        "sentence_scores": _plain(read.sentence_scores[0]),
        **{name: _plain(effect) for name, effect in zip(names, effects, strict=True)},
    }


def _plain(values: NDArray[Any]) -> Any:
    return np.round(values.astype(np.float64), 7).tolist()
