"""What makes each HAN: settings only, so that a command can read its options at once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """What makes a shipped model.

    Attributes:
        model: name of the directory in ``weights/``.
        units: GRU units a direction, and the size of the attention projection.
        epochs: passes over the training documents.
        max_lr: peak of the learning rate; it warms up for 5 % of the steps, then decays to 0
            along a cosine.
        weight_decay: of AdamW.
        dropout: see :class:`dlnlp.models.han.HanConfig`.
        word_dropout: share of tokens read as unknown while training.
        class_weight_power: a document weighs (mean class size / size of its class) ** power.
        embedding_rate: learning rate of the word vectors as a share of that of the rest; 0 keeps
            them fixed. At 1, by Adam's formula (beta_2 = 0.999), a rare word's vector moves by
            some 30 times the rate at each occurrence.
        teachers: networks trained on the labels alone, whose opinion on unlabelled text, and that
            of other teachers, the shipped one learns; 0: no teachers.
        teacher_epochs: passes of each of these networks.
        teacher_dropout: their dropout.
        teacher_word_dropout: their word dropout.
        teacher_embedding_rate: their embedding rate.
    """

    model: str
    units: int = 64
    epochs: int = 6
    max_lr: float = 2e-3
    weight_decay: float = 1e-2
    dropout: float = 0.4
    word_dropout: float = 0.1
    class_weight_power: float = 0.0
    embedding_rate: float = 0.1
    teachers: int = 0
    teacher_epochs: int = 0
    teacher_dropout: float = 0.4
    teacher_word_dropout: float = 0.15
    teacher_embedding_rate: float = 0.1


RECIPES = {
    "reviews5": Recipe(model="han_stars", units=80, epochs=3, max_lr=8e-3, class_weight_power=0.4),
    "amazon_full": Recipe(model="han_amazon", units=80, epochs=2, max_lr=8e-3),
    "imdb": Recipe(model="han_imdb", epochs=2, word_dropout=0.15, teachers=2, teacher_epochs=3),
}
SEEDS = {"reviews5": 3, "amazon_full": 1, "imdb": 1}
