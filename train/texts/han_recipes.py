"""What makes each HAN: settings only, so that a command can read its options at once."""

import argparse
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Phase:
    """What may differ from one part of a training to another.

    Attributes:
        epochs: passes over the training documents.
        max_lr: peak of the learning rate; it warms up for 5 % of the steps, then decays to 0
            along a cosine.
        dropout: see :class:`dlnlp.models.han.HanConfig`.
        word_dropout: share of tokens read as unknown while training.
        embedding_rate: learning rate of the word vectors as a share of that of the rest; 0 keeps
            them fixed. At 1, by Adam's formula (beta_2 = 0.999), a rare word's vector moves by
            some 30 times the rate at each occurrence.
    """

    epochs: int = 6
    max_lr: float = 2e-3
    dropout: float = 0.4
    word_dropout: float = 0.1
    embedding_rate: float = 0.1


# Of networks that learn from few documents, or that begin to learn.
CAUTIOUS = Phase(epochs=3, word_dropout=0.15)


@dataclass(frozen=True)
class Recipe(Phase):
    """What makes a shipped model.

    Attributes:
        epochs: see :class:`Phase`, as the next four; of the last phase where there are two.
        max_lr: peak of the learning rate.
        dropout: of the network.
        word_dropout: share of tokens read as unknown.
        embedding_rate: of the word vectors.
        model: name of the directory in ``weights/``.
        units: GRU units a direction, and the size of the attention projection.
        weight_decay: of AdamW.
        class_weight_power: a document weighs (mean class size / size of its class) ** power.
        first: a phase before, from whose weights the last begins; None: there is none.
        teachers: networks trained on the labels alone, whose opinion, and that of other teachers,
            the shipped one learns: on the texts without labels, and where there are none on those
            of train; 0: no teachers.
        teaching: how each of these networks is trained.
        goes_on: the network of seed n begins with the weights of the n-th of these networks (of one
            more like them where there are fewer); else with fresh ones.
        label_share: of what is learned for a text that has a label and was judged by the teachers:
            so much is the label, the rest their opinion.
    """

    model: str = ""
    units: int = 64
    weight_decay: float = 1e-2
    class_weight_power: float = 0.0
    first: Phase | None = None
    teachers: int = 0
    teaching: Phase = CAUTIOUS
    goes_on: bool = False
    label_share: float = 0.0

    def phase(self, of: Phase) -> "Recipe":
        """The same with the settings of a phase, alone and without teachers."""
        settings = {field.name: getattr(of, field.name) for field in fields(Phase)}
        return replace(
            self, **settings, first=None, teachers=0, teaching=CAUTIOUS, goes_on=False,
            label_share=0.0,
        )  # fmt: skip

    @property
    def of_labels(self) -> "Recipe":
        """How such a network learns the labels alone: as the networks among its teachers do."""
        return self.phase(self.teaching if self.teachers else self)


RECIPES = {
    "reviews5": Recipe(
        model="han_stars",
        units=80,
        epochs=3,
        max_lr=8e-3,
        class_weight_power=0.4,
        # With --teachers; they were tried and gain little (docs/results.md).
        teaching=Phase(epochs=2, max_lr=8e-3),
        goes_on=True,
        label_share=0.2,
    ),
    "amazon_full": Recipe(model="han_amazon", units=80, epochs=2, max_lr=8e-3),
    "imdb": Recipe(
        model="han_imdb",
        epochs=2,
        max_lr=1.5e-3,
        dropout=0.2,
        word_dropout=0.05,
        embedding_rate=0.5,
        first=replace(CAUTIOUS, epochs=2),
        teachers=2,
    ),
}
# Data sets with teachers: these count all n-grams of the texts in memory.
TAUGHT = ("imdb", "reviews5")
SEEDS = {"reviews5": 3, "amazon_full": 1, "imdb": 3}


def changed(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    """A recipe with what the options of a command give, where they are not None.

    Args:
        recipe: what the command trains by.
        options: fields of :class:`Recipe` by their names, ``first_epochs`` (0: no first phase) and
            ``teacher_epochs``; all else is ignored. Without teachers it goes on from none.
    """
    names = {field.name for field in fields(Recipe)} - {"first", "teaching"}
    given = {k: v for k, v in vars(options).items() if k in names and v is not None}
    recipe = replace(recipe, **given)
    recipe = replace(recipe, goes_on=recipe.goes_on and recipe.teachers > 0)
    if options.first_epochs is not None:
        first = replace(recipe.first or CAUTIOUS, epochs=options.first_epochs)
        recipe = replace(recipe, first=first if options.first_epochs else None)
    if options.teacher_epochs is not None:
        recipe = replace(recipe, teaching=replace(recipe.teaching, epochs=options.teacher_epochs))
    return recipe
