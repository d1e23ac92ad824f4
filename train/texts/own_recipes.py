"""How a network is trained on a table of any size: settings follow from what the corpus holds."""

from dataclasses import dataclass

from dlnlp.corpus.bucketing import FEW_LENGTHS, LENGTHS
from dlnlp.corpus.packing import BatchShape
from dlnlp.corpus.splits import Split
from train.corpora.preparation import Settings
from train.texts.han_recipes import Recipe
from train.texts.kim_cnn_fitting import Recipe as KimRecipe
from train.texts.own_sizes import MEDIUM, ROW, SMALL, Sizes


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
    few = rows < SMALL
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
    sizes = sizes_of(train)
    documents, words, rows = sizes.documents, sizes.words, sizes.han_rows
    per_row = documents / max(words / ROW, 1)  # documents in a row of words
    sentences = int(train.sentence_counts.sum())
    shape = BatchShape(
        rows=rows,
        grid_rows=max(2, round(1.5 * rows * sentences / max(words / ROW, 1) / 64) + 1),
        grid_length=64,
        documents=max(8, round(1.5 * rows * per_row)),
        distinct=min(20 * rows + 1_920, rows * 50),
    )
    small, medium = documents < SMALL, documents < MEDIUM
    epochs = sizes.epochs("han")
    return HanPlan(
        Recipe(
            model=name,
            units=32 if small else 64 if medium else 80,
            epochs=epochs,
            max_lr=sizes.max_lr("han"),
            dropout=0.4,
            word_dropout=0.2 if small else 0.1,
            embedding_rate=0.5 if small or medium else 0.1,
        ),
        shape,
        patience=max(3, epochs // 3) if small else 2 if medium else 1,
    )


def sizes_of(train: Split) -> Sizes:
    """What a training split holds."""
    counts = train.token_counts
    return Sizes(len(train), int(counts.sum()), int(counts.max()))


def kim_plan(train: Split) -> KimPlan:
    """The recipe of a Kim CNN for a training split."""
    sizes = sizes_of(train)
    small, medium = sizes.documents < SMALL, sizes.documents < MEDIUM
    epochs = sizes.epochs("kim_cnn")
    return KimPlan(
        KimRecipe(
            widths=(1, 2, 3),
            filters=50 if small else 100 if medium else 200,
            dropout=0.5 if small else 0.3,
            max_tokens=sizes.kim_limit,
            epochs=epochs,
            max_lr=sizes.max_lr("kim_cnn"),
            word_dropout=0.2 if small else 0.05,
            embedding_rate=0.5,
            positions=sizes.kim_positions,
            lengths=FEW_LENGTHS if small or medium else LENGTHS,
        ),
        patience=max(3, epochs // 3) if small else 2 if medium else 1,
    )
