"""Which n-grams of words and punctuation marks stand in the reviews as they were published.

The networks read the commonest words of a review and few of its marks. Teachers may read more:
here every word and every mark counts, in runs of up to three.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from dlnlp import datasets
from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import CorpusError
from train.corpora.source import PublishedSource
from train.progress import ProgressBar

LONGEST = 3
FEWEST_TEXTS = 2
_LINE_BREAK = re.compile(r"<br\s*/?>")
_WORD_OR_MARK = r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[^\s\w]|_"


def texts_of(corpus: Corpus, names: Collection[str] | None = None) -> dict[str, list[str]]:
    """The texts of each split of a corpus, as published, in the order of its documents.

    Args:
        corpus: of a published data set.
        names: of the splits; None: all.

    Raises:
        CorpusError: the archive holds other texts than those of the corpus.
    """
    dataset = corpus.info["dataset"]
    source = PublishedSource(dataset, datasets.locate(dataset), ProgressBar.write)
    found = {}
    for name, reviews in source.splits().items():
        if names is not None and name not in names:
            continue
        rows = corpus.split(name).rows.tolist()
        texts = {review.row: review.text for review in reviews()}
        try:
            found[name] = [texts[row] for row in rows]
        except KeyError as error:
            raise CorpusError(
                f"{source.path} lacks document {error} of {corpus.path}: prepare the corpus again"
            ) from error
    return found


class ReviewNgrams:
    """Counts n-grams of reviews: the columns are those that occur in at least `fewest` texts.

    Args:
        texts: what the n-grams are taken from; n-grams of other texts are ignored later.
        fewest: texts that an n-gram occurs in.

    Attributes:
        matrix: 1 where a text (row) contains an n-gram (column), sparse float32 ``[n, F]``.
    """

    def __init__(self, texts: Iterable[str], fewest: int = FEWEST_TEXTS) -> None:
        # Imported only here: importing scikit-learn takes as long as Keras.
        from sklearn.feature_extraction.text import CountVectorizer

        self._vectorizer = CountVectorizer(
            preprocessor=_lowered,
            token_pattern=_WORD_OR_MARK,
            ngram_range=(1, LONGEST),
            min_df=fewest,
            binary=True,
            dtype=np.float32,
        )
        self.matrix: Any = self._vectorizer.fit_transform(texts)

    def of(self, texts: Iterable[str]) -> Any:
        """Which of them stand in other texts, sparse float32 ``[m, F]``."""
        return self._vectorizer.transform(texts)


def _lowered(text: str) -> str:
    return _LINE_BREAK.sub(" ", text.lower())
