"""Word vectors learned from a prepared corpus (skip-gram with negative sampling).

Mikolov et al. 2013, "Distributed Representations of Words and Phrases and their
Compositionality", as implemented by gensim. Only ``train`` and ``unsup`` are read.
"""

from collections.abc import Iterator

import numpy as np
from gensim.models import Word2Vec
from gensim.models.callbacks import CallbackAny2Vec
from numpy.typing import NDArray
from tqdm import tqdm

from dlnlp.corpus import Corpus, Split
from dlnlp.vocabulary import PADDING


class _Documents:
    """Each document as a list of words; read anew from disk in every epoch."""

    def __init__(self, splits: list[Split], words: tuple[str, ...], bar: "tqdm[None]") -> None:
        self._splits, self._words, self._bar = splits, np.array(words, object), bar

    def __iter__(self) -> Iterator[list[str]]:
        for split in self._splits:
            for index in range(len(split)):
                self._bar.update()
                yield self._words[split.tokens(index)].tolist()


class _Epochs(CallbackAny2Vec):
    """Names the epoch in the progress bar."""

    def __init__(self, bar: "tqdm[None]") -> None:
        self._bar, self._epoch = bar, 0

    def on_epoch_begin(self, model: Word2Vec) -> None:
        self._epoch += 1
        self._bar.set_postfix(epoch=self._epoch)


def learn_word_vectors(
    corpus: Corpus, *, dim: int, epochs: int, workers: int, seed: int
) -> NDArray[np.float32]:
    """Learn one vector a word of the vocabulary.

    Args:
        corpus: its ``train`` and, where it has one, ``unsup`` split are read.
        dim: length of a vector.
        epochs: passes over the documents.
        workers: threads; with one the result is reproducible, with more it is not.
        seed: of the initial vectors and the sampling.

    Returns:
        ``[vocabulary, dim]`` float32; row 0 (padding) is zero. Word 1 stands for all rare words.
    """
    names = [name for name in ("train", "unsup") if name in corpus.info["splits"]]
    splits = [corpus.split(name) for name in names]
    words = corpus.vocabulary.words
    counts = np.zeros(len(words), np.int64)
    for split in splits:
        for index in range(len(split)):
            counts += np.bincount(split.tokens(index), minlength=len(words))
    total = epochs * sum(map(len, splits))
    model = Word2Vec(
        vector_size=dim, window=5, sg=1, negative=5, sample=1e-4, min_count=1, workers=workers,
        seed=seed, epochs=epochs,
    )  # fmt: skip
    frequencies = {w: int(n) for w, n in zip(words, counts, strict=True) if n}
    model.build_vocab_from_freq(frequencies, corpus_count=sum(map(len, splits)))
    with tqdm(desc="word vectors", total=total, unit=" documents", disable=None) as bar:
        model.train(
            _Documents(splits, words, bar),
            total_examples=model.corpus_count,
            epochs=epochs,
            callbacks=[_Epochs(bar)],
        )
    vectors = np.zeros((len(words), dim), np.float32)
    for index, word in enumerate(words):
        if index != PADDING and word in model.wv:
            vectors[index] = model.wv[word]
    return vectors
