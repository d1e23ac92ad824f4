"""Word vectors learned from a prepared corpus (skip-gram with negative sampling).

Mikolov et al. 2013, "Distributed Representations of Words and Phrases and their
Compositionality", as implemented by gensim. Only ``train`` and ``unsup`` are read, and of a large
corpus every n-th document only, other ones in each epoch: vectors of frequent words are settled
long before some hundred million tokens are read, which would take hours.
"""

import math
from collections.abc import Iterator

import numpy as np
from gensim.models import Word2Vec
from gensim.models.callbacks import CallbackAny2Vec
from numpy.typing import NDArray

from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import Split
from dlnlp.text.vocabulary import PADDING
from train.corpora.sizes import MOST_TOKENS
from train.progress import ProgressBar

COUNTED = 1_000  # documents at a time


class _Documents:
    """Documents as lists of words; read anew from disk in every epoch, the next ones of `every`."""

    def __init__(
        self, splits: list[Split], words: tuple[str, ...], every: int, bar: ProgressBar
    ) -> None:
        self._splits, self._words, self._bar = splits, np.array(words, object), bar
        self._every, self._epoch = every, 0

    def __iter__(self) -> Iterator[list[str]]:
        first, self._epoch = self._epoch % self._every, self._epoch + 1
        for split in self._splits:
            for index in range(first, len(split), self._every):
                self._bar.update()
                yield self._words[split.tokens(index)].tolist()


class _Epochs(CallbackAny2Vec):
    """Names the epoch in the progress bar."""

    def __init__(self, bar: ProgressBar) -> None:
        self._bar, self._epoch = bar, 0

    def on_epoch_begin(self, model: Word2Vec) -> None:
        self._epoch += 1
        self._bar.set_postfix(epoch=self._epoch)


def token_frequencies(split: Split, size: int) -> NDArray[np.int64]:
    """How often each of `size` words occurs in a split, int64 ``[size]``."""
    counts = np.zeros(size, np.int64)
    for start in range(0, len(split), COUNTED):
        documents = range(start, min(start + COUNTED, len(split)))
        counts += np.bincount(np.concatenate([split.tokens(i) for i in documents]), minlength=size)
    return counts


def learn_word_vectors(
    corpus: Corpus, *, dim: int, epochs: int, workers: int, seed: int, tokens: int = MOST_TOKENS
) -> NDArray[np.float32]:
    """Learn one vector a word of the vocabulary.

    Args:
        corpus: its ``train`` and, where it has one, ``unsup`` split are read.
        dim: length of a vector.
        epochs: passes over the documents.
        workers: threads; with one the result is reproducible, with more it is not.
        seed: seed of the initial vectors and the sampling.
        tokens: about as many are read at most, in all epochs together.

    Returns:
        ``[vocabulary, dim]`` float32; row 0 (padding) is zero. Word 1 stands for all rare words.
    """
    names = [name for name in ("train", "unsup") if name in corpus.info["splits"]]
    splits = [corpus.split(name) for name in names]
    words = corpus.vocabulary.words
    counts = np.sum([token_frequencies(split, len(words)) for split in splits], axis=0)
    every = max(1, math.ceil(epochs * int(counts.sum()) / tokens))
    documents = sum(math.ceil(len(split) / every) for split in splits)
    model = Word2Vec(
        vector_size=dim, window=5, sg=1, negative=5, sample=1e-4, min_count=1, workers=workers,
        seed=seed, epochs=epochs,
    )  # fmt: skip
    frequencies = {w: int(n) for w, n in zip(words, counts, strict=True) if n}
    model.build_vocab_from_freq(frequencies, corpus_count=documents)
    total = epochs * documents
    with ProgressBar(desc="word vectors", total=total, unit=" documents") as bar:
        model.train(
            _Documents(splits, words, every, bar),
            total_examples=documents,
            epochs=epochs,
            callbacks=[_Epochs(bar)],
        )
    vectors = np.zeros((len(words), dim), np.float32)
    for index, word in enumerate(words):
        if index != PADDING and word in model.wv:
            vectors[index] = model.wv[word]
    return vectors
