"""A look at a table before a network is trained on it: the page's question to the worker."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dlnlp.errors import UserError
from dlnlp.worker.process import TaskError
from train.corpora.own_source import OwnTexts
from train.corpora.own_survey import refusal, survey, warnings
from train.texts.own_sizes import Sizes

TRAINED_ON = 0.7  # share of the rows of a table that a page takes


def look(
    arguments: dict[str, Any],
    report: Callable[[dict[str, Any]], None],
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """Say what should be known of a table; reads no Keras.

    Args:
        arguments: `table`: path of a table with the columns ``text`` and ``label``.
        report: not called.
        cancelled: not asked: it takes a second.

    Returns:
        `warnings`, a sentence each; `refusal`: why nothing can be learned, or ""; `plans`: for
        each kind of network what :meth:`train.texts.own_sizes.Sizes.plan` says.

    Raises:
        TaskError: the table cannot be read.
    """
    path = Path(arguments["table"])
    try:
        found = survey(OwnTexts(path, "text", "label"), lambda where, reason: None)
    except UserError as error:
        raise TaskError(f"This table cannot be learned from: {without(path, error)}.") from error
    learned = TRAINED_ON * found.rows, TRAINED_ON * found.words, found.longest
    sizes = Sizes(*map(int, learned))
    plans = {kind: sizes.plan(kind) for kind in ("han", "kim_cnn")}
    return {"warnings": warnings(found), "refusal": refusal(found), "plans": plans}


def without(path: Path, error: object) -> str:
    """What an error says, without the folder of the server that a file lies in."""
    return str(error).replace(str(path), path.name)
