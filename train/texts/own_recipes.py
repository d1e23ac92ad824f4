"""How a network is trained on a table of any size: settings follow from what the corpus holds."""

from dataclasses import dataclass

import numpy as np

from dlnlp.corpus.batching import BatchShape
from dlnlp.corpus.splits import Split
from train.corpora.preparation import Settings
from train.texts.han_recipes import Recipe

# A small table teaches in many passes over small batches, a large one in few over large ones.
_STEPS = 40  # batches an epoch that a small table is cut into, as far as they hold some documents
_FEWEST, _MOST = 8, 512  # rows of words in a batch


@dataclass(frozen=True)
class Plan:
    """How one network is trained.

    Attributes:
        recipe: what makes it; its epochs are the most that are made.
        shape: of the batches.
        patience: epochs without a lower loss on validation before training ends.
    """

    recipe: Recipe
    shape: BatchShape
    patience: int


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


def plan(name: str, train: Split) -> Plan:
    """The recipe for a training split.

    Args:
        name: name of the network.
        train: documents to learn from.
    """
    documents, words = len(train), int(train.token_counts.sum())
    rows = int(np.clip(words / 50 / _STEPS, _FEWEST, _MOST))
    per_row = documents / max(words / 50, 1)  # documents in a row of 50 words
    sentences = int(train.sentence_counts.sum())
    shape = BatchShape(
        rows=rows,
        grid_rows=max(2, round(1.5 * rows * sentences / max(words / 50, 1) / 64) + 1),
        grid_length=64,
        documents=max(8, round(1.5 * rows * per_row)),
        distinct=max(256, min(20 * rows + 512, rows * 50)),
    )
    small, medium = documents < 5_000, documents < 50_000
    return Plan(
        Recipe(
            model=name,
            units=32 if small else 64 if medium else 80,
            epochs=20 if small else 8 if medium else 4,
            max_lr=4e-3,
            dropout=0.4,
            word_dropout=0.1,
            class_weight_power=0.4,
            embedding_rate=0.1,
        ),
        shape,
        patience=3 if small else 2 if medium else 1,
    )
