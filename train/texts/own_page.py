"""The training of ``python -m train.own``, followed by a page from outside: the worker's task."""

import argparse
import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras

from dlnlp.errors import UserError
from dlnlp.inference.recording import Recording
from dlnlp.worker.process import TaskError
from train.corpora.own_look import without
from train.fitting import Progress

Report = Callable[[dict[str, Any]], None]
EVERY = 0.3  # seconds between two reports of steps
KEPT_EVERY = 0.5  # minutes between checkpoints
_COLUMNS = ["--text-column", "text", "--label-column", "label"]


def learn(
    arguments: dict[str, Any], report: Report, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Train one network or both on a table.

    Args:
        arguments: `table`: path of a table with the columns ``text`` and ``label``; `name` of the
            networks; `outputs`: the directory to make for each kind, ``han`` or ``kim_cnn``;
            `work`: folder of corpus and checkpoints; `watch`: texts that are recorded; `epochs`,
            `max_lr`: numbers, or None for those of the recipe; `schedule`: as of
            :meth:`train.rates.RateShape.from_json`, or None; `class_order`: as of
            :func:`train.corpora.own_survey.in_order`.
        report: gets {"said": sentence}; for each network {"plan": {"steps", "epochs"}}; {"step",
            "losses", "rate", "left"} of the steps since the last report, `left` in seconds or
            None; {"epoch": record, "step"}; {"watched": texts, "class_names"} once, then {"point"};
            {"ended": step}; {"problem": sentence} where the loss is no number.
        cancelled: whether to stop; what was reached is then tested and saved, and no other network
            is begun.

    Returns:
        `networks`: names of the directories.

    Raises:
        TaskError: nothing could be learned; the message says why.
    """
    from train.texts import own_training

    work = Path(arguments["work"])
    try:
        options = own_options(arguments)
        follower = Follower(report, cancelled)
        own_training.run(options, _say(report), follower.watch, follower)
    except (UserError, FloatingPointError, MemoryError) as error:
        raise TaskError(sentence(error, arguments)) from error
    networks = []
    for kind, made in options.outputs.items():
        if made.exists():  # the second is not begun after a stop
            os.replace(made, arguments["outputs"][kind])
            networks.append(Path(arguments["outputs"][kind]).name)
    shutil.rmtree(work, ignore_errors=True)
    return {"networks": networks}


def own_options(arguments: Mapping[str, Any]) -> argparse.Namespace:
    """The options of ``train.own`` that do what a page asks for; see :func:`learn`.

    Raises:
        TaskError: the command refuses them.
    """
    from train import own

    work, kinds = Path(arguments["work"]), list(arguments["outputs"])
    line = [
        str(arguments["table"]), *_COLUMNS, f"--name={arguments['name']}",
        f"--model={kinds[0] if len(kinds) == 1 else 'both'}", f"--output={work / 'made'}",
        f"--work={work / 'run'}", "--workers=1", f"--checkpoint-minutes={KEPT_EVERY}",
        *(f"--watch={text}" for text in arguments.get("watch", ())),
    ]  # fmt: skip
    for name in ("epochs", "max_lr", "schedule"):
        if arguments.get(name) is not None:
            line.append(f"--{name.replace('_', '-')}={arguments[name]}")
    try:
        options = own.options_of(line)
    except SystemExit as error:
        raise TaskError("This training cannot be started: choose another name.") from error
    options.class_order = arguments.get("class_order")  # labels may look like options
    return options


def _say(report: Report) -> Callable[[str], None]:
    return lambda sentence: report({"said": sentence})


def sentence(error: Exception, arguments: Mapping[str, Any]) -> str:
    """What an error says, for the page: without the folders of the server."""
    if isinstance(error, MemoryError):
        return "The server has not enough memory for this table."
    words = without(Path(arguments["table"]), without(Path(arguments["work"]), error))
    return f"{words[:1].upper()}{words[1:]}."


class Follower:
    """Reports a training step by step; see :func:`learn` for what it reports."""

    def __init__(self, report: Report, cancelled: Callable[[], bool]) -> None:
        self._report, self._cancelled = report, cancelled
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget the network before."""
        self._losses: list[float] = []
        self._made = self._total = self._points = 0
        self._first: tuple[int, float] | None = None
        self._told = 0.0

    def begin(self, made: int, total: int, epochs: int) -> None:
        """As of :class:`train.fitting.Follower`, like all that follows."""
        self.begin_anew()
        self._made, self._total = made, total
        self._report({"plan": {"steps": total, "epochs": epochs}})

    def after_step(self, model: keras.Model, made: int, progress: Progress) -> None:
        """Report now and then."""
        now = time.monotonic()
        if self._first is None:  # the first step compiles the network
            self._first = made, now
        self._losses.append(round(progress.losses[-1], 5))
        self._made = made
        if now - self._told < EVERY and made < self._total:
            return
        steps, seconds = made - self._first[0], now - self._first[1]
        left = (self._total - made) * seconds / steps if steps else None
        rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
        self._report({"step": made, "losses": self._losses, "rate": rate, "left": left})
        self._losses, self._told = [], now

    def after_epoch(self, record: Mapping[str, float]) -> None:
        """Report it."""
        self._report({"epoch": dict(record), "step": self._made})

    def stopped(self) -> bool:
        """Whether the visitor has had enough."""
        return self._cancelled()

    def diverged(self, reason: str) -> None:
        """Report it."""
        self._report({"problem": f"{reason[:1].upper()}{reason[1:]}. The best epoch was kept."})

    def end(self) -> None:
        """Report it."""
        self._report({"ended": self._made})

    def watch(self, recording: Recording) -> None:
        """Report the points that were recorded since the last call."""
        if not self._points:
            names, texts = recording["class_names"], recording["texts"]
            self._report({"watched": list(texts), "class_names": list(names)})
        for point in recording["points"][self._points :]:
            self._report({"point": dict(point)})
        self._points = len(recording["points"])
