"""How long a network learns on a table: batches, steps and epochs follow from what it holds.

No Keras here: a page asks for it before anything is trained.
"""

import math
from dataclasses import dataclass

import numpy as np

from dlnlp.corpus.bucketing import LENGTHS

ROW = 50  # words in a row of a HAN's batch
SMALL, MEDIUM = 5_000, 50_000  # documents: below, many epochs over small batches; few over large
MOST_WORDS = 64 * ROW  # of a document that a HAN's batch must hold
# A small table teaches in many passes over small batches, a large one in few over large ones.
_STEPS = 100  # batches an epoch that a table is cut into, as far as they hold some documents
_KIM_STEPS = 50  # the same of a Kim CNN, without padding
_FEWEST, _MOST = 4, 512  # rows of words in a batch
_SMALL_STEPS = 800  # steps of the whole training on a small table
_SMALL_EPOCHS = 8, 40  # that this makes, at least and at most


@dataclass(frozen=True)
class Sizes:
    """What the training texts hold.

    Attributes:
        documents: how many.
        words: of all of them.
        longest: words of the longest.
    """

    documents: int
    words: int
    longest: int

    @property
    def han_rows(self) -> int:
        """Rows of words in a batch of a HAN."""
        # The longest text must fit, or its batch has a shape of its own, which is compiled anew.
        longest = math.ceil(1.2 * min(self.longest, MOST_WORDS) / ROW)
        return max(longest, int(np.clip(self.words / ROW / _STEPS, _FEWEST, _MOST)))

    @property
    def kim_limit(self) -> int:
        """Words of a text that a Kim CNN reads."""
        return min(LENGTHS[-1], max(LENGTHS[0], self.longest))

    @property
    def kim_positions(self) -> int:
        """Positions in a batch of a Kim CNN; it must hold one text of the longest bucket."""
        return max(self.kim_limit, int(np.clip(self.words / _KIM_STEPS, 512, 16_384)))

    def steps(self, kind: str) -> float:
        """Steps of an epoch, about: padding is left out of account."""
        size = self.han_rows * ROW if kind == "han" else self.kim_positions
        return self.words / size

    def epochs(self, kind: str) -> int:
        """Passes over the texts at most. The rate falls to 0 by the last of them."""
        if self.documents < SMALL:
            return int(np.clip(round(_SMALL_STEPS / max(self.steps(kind), 1)), *_SMALL_EPOCHS))
        return 6 if self.documents < MEDIUM else 4

    def max_lr(self, kind: str) -> float:
        """The highest learning rate."""
        return 3e-3 if kind == "kim_cnn" and self.documents < SMALL else 4e-3

    def plan(self, kind: str) -> dict[str, float]:
        """What a page tells of a training before it begins; JSON-ready."""
        return {
            "words": self.words,
            "steps": math.ceil(self.steps(kind)),
            "epochs": self.epochs(kind),
            "max_lr": self.max_lr(kind),
        }
