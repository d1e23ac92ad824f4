"""The training loop that all commands share: any epoch can be interrupted anywhere, and goes on.

The state is kept after every epoch and, as an epoch may take hours, every few minutes within it:
weights, optimizer, random generators of dropout, the losses so far, and with their number the
position in the epoch. What a batch holds is a function of seed, epoch and step, so that a rerun of
the same command ends with the weights of an uninterrupted one, bit for bit on one backend and
number of threads.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import keras
import numpy as np

from dlnlp.training.callbacks import Checkpoint
from train.checkpoints import CHECKPOINT_MINUTES
from train.progress import ProgressBar


class Batches(Protocol):
    """The batches of each epoch, such as :class:`dlnlp.corpus.batching.PackedBatches`."""

    def plan(self, epoch: int) -> Sequence[Any]:
        """An entry for each batch."""

    def epoch(self, epoch: int, start: int = 0) -> Iterator[tuple[Any, Any, Any]]:
        """Inputs, targets and weights (or None) of each batch from number `start` on."""


@dataclass
class Progress:
    """How far an epoch has come; JSON-ready as a dictionary.

    Attributes:
        losses: losses of each batch so far.
        tokens: in these batches.
        seconds: spent on them.
        batches: in the whole epoch.
    """

    losses: list[float] = field(default_factory=list)
    tokens: int = 0
    seconds: float = 0.0
    batches: int = 0


class Recorder(Protocol):
    """Looks on, such as :class:`train.texts.recording.Recorder`, and changes nothing."""

    @property
    def kept(self) -> Any:
        """What a checkpoint keeps of it; JSON-ready."""

    def begin(self, made: int, total: int, epochs: int, kept: Any) -> None:
        """Steps made and planned, epochs planned, and :attr:`kept` of the checkpoint or None."""

    def after_step(self, made: int, epoch: int, progress: Progress) -> None:
        """A step was made: how many all together, and where in the epoch."""

    def end(self, made: int) -> None:
        """Steps behind the weights with which the training ends."""


class Follower(Protocol):
    """Follows a training from outside, and may end it: a page, for instance."""

    def begin(self, made: int, total: int, epochs: int) -> None:
        """Steps made and planned, and epochs planned."""

    def after_step(self, model: keras.Model, made: int, progress: Progress) -> None:
        """A step was made: how many all together, and where in the epoch."""

    def after_epoch(self, record: Mapping[str, float]) -> None:
        """An epoch was made, and its figures are known."""

    def stopped(self) -> bool:
        """Whether to stop now; asked after each step."""

    def diverged(self, reason: str) -> None:
        """A loss is not finite, and training ends with the best epoch before."""

    def end(self) -> None:
        """No more steps are made."""


def best_epoch(history: Sequence[Mapping[str, float]]) -> int:
    """Number of the epoch with the lowest ``validation_loss``, from 0; of several the first."""
    return int(np.argmin([record["validation_loss"] for record in history]))


def _enough(history: Sequence[Mapping[str, float]], patience: int) -> bool:
    """Whether the last epochs brought nothing (Prechelt 1998)."""
    return bool(history) and len(history) - 1 - best_epoch(history) >= patience


def _nothing(*_: Any) -> int:
    return 0


def _never() -> bool:
    return False


def train_epoch(
    model: keras.Model,
    batches: Batches,
    epoch: int,
    title: str,
    *,
    progress: Progress | None = None,
    count: Callable[[Any, Any], int] = _nothing,
    before: Callable[[int, int], object] = _nothing,
    after: Callable[[Progress], object] = _nothing,
    stopped: Callable[[], bool] = _never,
) -> Progress:
    """One pass over the batches of an epoch, or what is left of it.

    Args:
        model: compiled.
        batches: batches of any split.
        epoch: its number.
        title: title of the progress bar.
        progress: state of a pass that was interrupted.
        count: tokens of a batch, from its inputs and weights.
        before: called before each step with the epoch and the step's number in it.
        after: called after each step.
        stopped: whether to leave out the rest; asked after each step.

    Returns:
        The loss of each batch, the number of tokens, the time.

    Raises:
        FloatingPointError: a loss is not finite.
    """
    done = Progress() if progress is None else progress
    losses, earlier, started = done.losses, done.seconds, time.perf_counter()
    total, first = len(batches.plan(epoch)), len(losses)
    done.batches = total
    with ProgressBar(total=total, initial=first, desc=title, unit=" batches") as bar:
        for inputs, targets, weights in batches.epoch(epoch, first):
            before(epoch, len(losses))
            model.reset_metrics()  # else Keras answers with the mean since the beginning
            losses.append(float(model.train_on_batch(inputs, targets, sample_weight=weights)))
            if not np.isfinite(losses[-1]):
                raise FloatingPointError(
                    f"the loss of {title}, batch {len(losses)} is {losses[-1]}: lower max_lr"
                )
            done.tokens += count(inputs, weights)
            done.seconds = earlier + time.perf_counter() - started
            bar.set_postfix(loss=f"{np.mean(losses[-50:]):.4f}")
            bar.update()
            after(done)
            if stopped():
                break
    return done


def fit(
    model: keras.Model,
    batches: Batches,
    epochs: int,
    checkpoint: Checkpoint,
    validate: Callable[[], Mapping[str, float]],
    *,
    count: Callable[[Any, Any], int] | None = None,
    before: Callable[[int, int], object] = _nothing,
    every: float = CHECKPOINT_MINUTES,
    name: str = "",
    losses: list[float] | None = None,
    patience: int | None = None,
    recorder: Recorder | None = None,
    follower: Follower | None = None,
) -> list[dict[str, float]]:
    """Train a compiled model from where its checkpoint stands to the last epoch.

    Args:
        model: with fresh weights; those of the checkpoint replace them.
        batches: batches of the training documents.
        epochs: passes over them, all together.
        checkpoint: where the state is kept.
        validate: called after each epoch; its figures go into the record as ``validation_...``.
        count: as of :func:`train_epoch`; None leaves tokens and steps out of the records.
        before: as of :func:`train_epoch`.
        every: minutes between checkpoints within an epoch; 0: after every step.
        name: name of the run, for what is printed.
        losses: is given the loss of every step of all epochs, those of an earlier run first.
        patience: epochs that may pass without a lower ``validation_loss``; then training ends, and
            the model is as it was after its best epoch. None: it goes on to the last.
        recorder: looks at the model before the first step, and after each.
        follower: is told of steps and epochs. When it stops the training, what was made of the
            epoch counts as one, with its validation: what was reached is kept.

    Returns:
        One record an epoch.

    Raises:
        ValueError: no epoch is asked for.
        FloatingPointError: a loss is not finite.
        CheckpointError: the checkpoint belongs to another run, or cannot be written.
    """
    if epochs < 1:
        raise ValueError(f"epochs={epochs} must be 1 or more: nothing would be trained")
    notes = checkpoint.load(model) or {"history": []}
    history: list[dict[str, float]] = notes["history"]
    progress = Progress(**notes.get("unfinished", {}))
    saved = time.monotonic()
    best = Checkpoint(checkpoint.directory / "best", checkpoint.settings)
    if losses is not None:
        losses[:] = notes.get("losses", [])
    total = epochs * len(batches.plan(0))
    if follower is not None:
        follower.begin(_steps_made(model), total, epochs)
    if recorder is not None:
        recorder.begin(_steps_made(model), total, epochs, notes.get("recorded"))

    def save(**unfinished: Any) -> None:
        nonlocal saved
        finished: dict[str, Any] = {} if losses is None else {"losses": losses}
        if recorder is not None:
            finished["recorded"] = recorder.kept
        checkpoint.save(model, {"history": history, **finished, **unfinished})
        saved = time.monotonic()

    def look_and_keep(progress: Progress) -> None:
        if recorder is not None:
            recorder.after_step(_steps_made(model), len(history), progress)
        if follower is not None:
            follower.after_step(model, _steps_made(model), progress)
        if time.monotonic() - saved >= 60 * every:
            save(unfinished=asdict(progress))

    for epoch in range(len(history), epochs):
        if patience is not None and _enough(history, patience):
            break
        title = f"{name} epoch {epoch + 1}/{epochs}".strip()
        try:
            progress = train_epoch(
                model, batches, epoch, title,
                progress=progress, count=count or _nothing, before=before, after=look_and_keep,
                stopped=follower.stopped if follower is not None else _never,
            )  # fmt: skip
        except FloatingPointError as error:
            if follower is None or patience is None or not history:
                raise
            follower.diverged(str(error))
            break
        record = {"loss": float(np.mean(progress.losses))}
        if count is not None:
            record |= {"tokens": progress.tokens, "steps": len(progress.losses)}
        record["seconds"] = progress.seconds
        record |= {f"validation_{key}": value for key, value in validate().items()}
        history.append(record)
        if losses is not None:
            losses += progress.losses
        if follower is not None:
            follower.after_epoch(record)
        if patience is not None and best_epoch(history) == epoch:
            best.save(model, {"epoch": epoch})  # first: `save` says the epoch is done
        save()
        ended = len(progress.losses) == progress.batches
        progress = Progress()
        ProgressBar.write(f"{title}: " + "  ".join(f"{k} {v:.4f}" for k, v in record.items()))
        if not ended or (follower is not None and follower.stopped()):
            break
    if follower is not None:
        follower.end()
    if patience is not None:
        best.load(model)
    if recorder is not None:
        recorder.end(_steps_made(model))
    return history


def _steps_made(model: keras.Model) -> int:
    return int(keras.ops.convert_to_numpy(model.optimizer.iterations))
