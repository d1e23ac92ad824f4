"""N-grams of words and marks, and the texts of a corpus as published."""

from dataclasses import replace

import numpy as np
import pytest

from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import CorpusError
from dlnlp.datasets import iterate
from train.corpora.source import PublishedSource
from train.texts.review_ngrams import ReviewNgrams, texts_of


def known(texts: list[str]) -> set[str]:
    ngrams = ReviewNgrams(texts)
    return set(ngrams._vectorizer.get_feature_names_out())


def test_words_marks_and_runs_of_three_that_two_texts_hold() -> None:
    assert known(["Good, isn't it?<br />10/10", "GOOD, isn't", "it 10 rare"]) == {
        "good", ",", "isn't", "it", "10", "good ,", ", isn't", "good , isn't",
    }  # fmt: skip
    assert known(["<br/>a_b", "a_b"]) == {"a", "_", "b", "a _", "_ b", "a _ b"}


def test_a_matrix_tells_which_stand_in_a_text_and_not_how_often() -> None:
    ngrams = ReviewNgrams(["a b a", "b a b", "c"])
    assert ngrams.matrix.shape[0] == 3 and ngrams.matrix.max() == 1
    found = ngrams.of(["b b new", ""]).toarray()
    assert found.sum() == 1 and found[1].sum() == 0  # "b"; "b b" and "new" are not known
    assert ngrams.matrix.dtype == np.float32


def test_texts_stand_in_the_order_of_the_corpus(imdb_corpus: Corpus) -> None:
    texts = texts_of(imdb_corpus)
    for name, of in texts.items():
        split = imdb_corpus.split(name)
        for index in (0, 1, len(of) - 1):
            words = [w for s in imdb_corpus.preprocessor.token_lists(of[index]) for w in s]
            encoded = imdb_corpus.vocabulary.encode(words)
            np.testing.assert_array_equal(encoded, split.tokens(index))
    assert {name: len(of) for name, of in texts.items()} == {
        name: found["documents"] for name, found in imdb_corpus.info["splits"].items()
    }


def test_an_archive_of_other_texts_is_refused(
    imdb_corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved(source: PublishedSource, published: str):
        for review in iterate("imdb", published, on_bad_row=print):
            yield replace(review, row=review.row + 1_000)

    monkeypatch.setattr(PublishedSource, "_reviews", moved)
    with pytest.raises(CorpusError, match="prepare the corpus again"):
        texts_of(imdb_corpus)
