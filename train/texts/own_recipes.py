"""How a network is trained on a table of any size: settings follow from what the corpus holds."""

import math
from dataclasses import dataclass

import numpy as np

from dlnlp.corpus.bucketing import FEW_LENGTHS, LENGTHS
from dlnlp.corpus.packing import BatchShape
from dlnlp.corpus.splits import Split
from train.corpora.preparation import Settings
from train.texts.han_recipes import Recipe
from train.texts.kim_cnn_fitting import Recipe as KimRecipe

# A small table teaches in many passes over small batches, a large one in few over large ones.
_STEPS = 100  # batches an epoch that a table is cut into, as far as they hold some documents
_KIM_STEPS = 50  # the same of a Kim CNN, without padding
_FEWEST, _MOST = 4, 512  # rows of words in a batch
_SMALL_STEPS = 800  # steps of the whole training on a small table
_SMALL_EPOCHS = 8, 40  # that this makes, at least and at most


@dataclass(frozen=True)
class HanPlan:
    """How a HAN is trained.

    Attributes:
        recipe: what makes it; its epochs are the most that are made.
        shape: of the batches.
        patience: epochs without a lower loss on validation before training ends.
        class_weight_power: a document weighs (mean class size / size of its class) ** power.
    """

    recipe: Recipe
    shape: BatchShape
    patience: int
    class_weight_power: float = 0.4


@dataclass(frozen=True)
class KimPlan:
    """How a Kim CNN is trained; attributes as of :class:`HanPlan`."""

    recipe: KimRecipe
    patience: int
    class_weight_power: float = 0.4


def corpus_settings(rows: int, seed: int = 1) -> Settings:
    """How the corpus of a table is made: rare words count in a small one.

    Args:
        rows: of the table.
        seed: of the word vectors.
    """
    few = rows < 5_000
    return Settings(
        min_count=2 if few else 5,
        max_size=20_000 if few else 30_000,
        embedding_dim=100 if few else 200,
        word_vector_epochs=10 if few else 3,
        seed=seed,
    )


def han_plan(name: str, train: Split) -> HanPlan:
    """The recipe for a training split.

    Args:
        name: name of the network.
        train: documents to learn from.
    """
    documents, words = len(train), int(train.token_counts.sum())
    # The longest text must fit, or its batch has a shape of its own, which is compiled anew.
    longest = math.ceil(1.2 * min(int(train.token_counts.max()), 64 * 50) / 50)
    rows = max(longest, int(np.clip(words / 50 / _STEPS, _FEWEST, _MOST)))
    per_row = documents / max(words / 50, 1)  # documents in a row of 50 words
    sentences = int(train.sentence_counts.sum())
    shape = BatchShape(
        rows=rows,
        grid_rows=max(2, round(1.5 * rows * sentences / max(words / 50, 1) / 64) + 1),
        grid_length=64,
        documents=max(8, round(1.5 * rows * per_row)),
        distinct=min(20 * rows + 1_920, rows * 50),
    )
    small, medium = documents < 5_000, documents < 50_000
    epochs = _small_epochs(words / 50 / rows) if small else 6 if medium else 4
    return HanPlan(
        Recipe(
            model=name,
            units=32 if small else 64 if medium else 80,
            epochs=epochs,
            max_lr=4e-3,
            dropout=0.4,
            word_dropout=0.2 if small else 0.1,
            embedding_rate=0.5 if small or medium else 0.1,
        ),
        shape,
        patience=max(3, epochs // 3) if small else 2 if medium else 1,
    )


def _small_epochs(steps: float) -> int:
    """Passes over a small table of so many batches. The rate falls to 0 by the last of them."""
    return int(np.clip(round(_SMALL_STEPS / max(steps, 1)), *_SMALL_EPOCHS))


def kim_plan(train: Split) -> KimPlan:
    """The recipe of a Kim CNN for a training split."""
    documents, words = len(train), int(train.token_counts.sum())
    longest = int(train.token_counts.max())
    small, medium = documents < 5_000, documents < 50_000
    limit = min(LENGTHS[-1], max(LENGTHS[0], longest))
    # A batch must hold one text of the longest bucket.
    positions = max(limit, int(np.clip(words / _KIM_STEPS, 512, 16_384)))
    epochs = _small_epochs(words / positions) if small else 6 if medium else 4
    return KimPlan(
        KimRecipe(
            widths=(1, 2, 3),
            filters=50 if small else 100 if medium else 200,
            dropout=0.5 if small else 0.3,
            max_tokens=limit,
            epochs=epochs,
            max_lr=3e-3 if small else 4e-3,
            word_dropout=0.2 if small else 0.05,
            embedding_rate=0.5,
            positions=positions,
            lengths=FEW_LENGTHS if small or medium else LENGTHS,
        ),
        patience=max(3, epochs // 3) if small else 2 if medium else 1,
    )
