"""Asks a network about a few texts while it learns: attention and prediction as they form.

The network is asked between two steps, without dropout; its weights, the optimizer and the random
generators stay as they are: a training with a recorder ends with the weights of one without.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus import Corpus
from dlnlp.inference.recording import VERSION, Point, Recording, TextPoint, WatchedText
from dlnlp.text import Sentence
from train.fitting import Progress

POINTS = 40
_MOST_EPOCHS = 40  # of more epochs the end is no point of its own
_DIGITS = 4  # after the decimal point
Ask = Callable[[], list[TextPoint]]
Document = Sequence[NDArray[np.int32]]


def recorded_steps(total: int, count: int = POINTS) -> set[int]:
    """The steps after which the network is asked: all at first, then ever fewer.

    Args:
        total: steps of the training.
        count: points at most.

    Example:
        >>> sorted(recorded_steps(100, 10))
        [0, 1, 2, 3, 6, 10, 18, 32, 56, 100]
    """
    spread = np.geomspace(1, max(total, 1), max(count - 1, 2))
    return {0, *np.round(spread).astype(int).tolist()}


class Recorder:
    """Keeps what a network says of texts at some steps of its training.

    Args:
        corpus: whose rules cut the texts, and whose vocabulary the network has.
        texts: of those that hold no word, nothing is recorded.
        give: called with each point as it is made; a training that goes on from a checkpoint gives
            the earlier points first.
        max_tokens: tokens of a text that are read; None: all.
        count: points at most, the ends of the epochs not counted.

    Attributes:
        texts: what is watched.
        points: so far.
        kept_step: as of :class:`dlnlp.inference.recording.Recording`; None: the last.
    """

    def __init__(
        self,
        corpus: Corpus,
        texts: Sequence[str],
        give: Callable[[Point], object] = lambda point: None,
        *,
        max_tokens: int | None = None,
        count: int = POINTS,
    ) -> None:
        self.points: list[Point] = []
        self.kept_step: int | None = None
        self.texts: list[WatchedText] = []
        self.documents: list[Document] = []
        self._class_names, self._give, self._count = list(corpus.class_names), give, count
        for text in texts:
            sentences = _read_part(corpus, text, max_tokens)
            if sentences:
                spans = [list(span) for sentence in sentences for span in sentence.spans]
                tokens = [list(sentence.tokens) for sentence in sentences]
                self.texts.append({"text": text, "sentences": tokens, "spans": spans})
                self.documents.append([corpus.vocabulary.encode(s) for s in tokens])
        self._ask: Ask = list
        self._steps: set[int] = set()
        self._first = self._earlier = 0
        self._each_epoch = True

    @property
    def recording(self) -> Recording:
        """All that was recorded so far."""
        found: Recording = {
            "version": VERSION,
            "class_names": self._class_names,
            "texts": self.texts,
            "points": self.points,
        }
        if self.kept_step is not None:
            found["kept_step"] = self.kept_step
        return found

    def asks(self, ask: Ask) -> None:
        """Take what asks the network that is to be trained; before :meth:`begin`."""
        self._ask = ask

    def begin(self, made: int, total: int, epochs: int, kept: Any) -> None:
        """A training begins, or goes on.

        A second training continues the record of the first, as phases of one.

        Args:
            made: steps that it has made.
            total: steps that it makes.
            epochs: passes that it makes.
            kept: what :attr:`kept` was at its checkpoint; None: it kept nothing.
        """
        self._earlier = len(self.points)
        self._first = self.points[-1]["step"] if self.points else 0
        self._steps = recorded_steps(total, self._count)
        self._each_epoch = epochs <= _MOST_EPOCHS
        if kept is not None and kept["texts"] == [each["text"] for each in self.texts]:
            self.points += kept["points"]
            for point in kept["points"]:
                self._give(point)
        if not self.points:
            self._record(made, 0.0, None)

    @property
    def kept(self) -> dict[str, Any]:
        """What a checkpoint keeps for :meth:`begin`; JSON-ready."""
        texts = [each["text"] for each in self.texts]
        return {"texts": texts, "points": self.points[self._earlier :]}

    def after_step(self, made: int, epoch: int, progress: Progress) -> None:
        """Look at the network if this step is one to record.

        Args:
            made: steps of this training, this one included.
            epoch: number of its epoch, from 0.
            progress: of the epoch.
        """
        ended = len(progress.losses) == progress.batches
        if made in self._steps or (ended and self._each_epoch):
            since = self._first + made - self.points[-1]["step"]
            loss = float(np.mean(progress.losses[-since:]))
            self._record(made, epoch + len(progress.losses) / progress.batches, loss)

    def end(self, made: int) -> None:
        """The training is over, and the network is that after so many steps."""
        step = self._first + made
        self.kept_step = None if step == self.points[-1]["step"] else step

    def _record(self, made: int, epoch: float, loss: float | None) -> None:
        point: Point = {
            "step": self._first + made,
            "epoch": round(epoch, _DIGITS),
            "loss": None if loss is None else round(loss, _DIGITS),
            "texts": self._ask() if self.texts else [],
        }
        self.points.append(point)
        self._give(point)


def _read_part(corpus: Corpus, text: str, max_tokens: int | None) -> list[Sentence]:
    """The sentences of a text as far as a network reads."""
    limit = corpus.preprocessor.max_sentences
    sentences = list(corpus.preprocessor(text, limit if max_tokens is None else max_tokens))
    if max_tokens is None:
        return sentences
    read: list[Sentence] = []
    for sentence in sentences:
        left = max_tokens - sum(len(before.tokens) for before in read)
        if left <= 0:
            break
        tokens, spans = sentence.tokens[:left], sentence.spans[:left]
        read.append(Sentence(sentence.start, spans[-1][1], tokens, spans))
    return read
