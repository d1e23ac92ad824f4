"""Punkt's parameters learned from raw texts, by NLTK; :mod:`dlnlp.text.punkt` applies them."""

from collections.abc import Iterable

from dlnlp.text.cleaning import clean
from dlnlp.text.punkt import PunktParameters


def train_punkt(texts: Iterable[str], minimum_count: int = 5) -> PunktParameters:
    """Learn Punkt's abbreviations, collocations and sentence starters from raw texts.

    Args:
        texts: training documents, never those of the test set.
        minimum_count: orthographic contexts of rarer words are dropped: they are most of the
            size and change next to nothing.

    Returns:
        The parameters, in a form that needs no NLTK.
    """
    # Not at the top: processes that only encode import this module too, and need no NLTK.
    from nltk.tokenize.punkt import PunktTrainer

    trainer = PunktTrainer()
    for text in texts:
        trainer.train(clean(text)[0], finalize=False)
    trainer.finalize_training()
    parameters = trainer.get_params()
    counts = trainer._type_fdist
    return PunktParameters(
        frozenset(parameters.abbrev_types),
        frozenset(parameters.collocations),
        frozenset(parameters.sent_starters),
        {w: int(c) for w, c in parameters.ortho_context.items() if counts[w] >= minimum_count},
    )
