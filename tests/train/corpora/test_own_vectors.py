"""Word vectors from a text file or from a network land at the words they belong to."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.artifacts import WEIGHTS
from dlnlp.datasets import DatasetError
from dlnlp.text.vocabulary import Vocabulary
from train.corpora.own_vectors import MORE_WORDS, covered, start, vectors_from, vectors_of
from train.corpora.preparation import Settings, learned_vectors


def test_vectors_of_a_file(tmp_path: Path, star_corpus) -> None:
    words = star_corpus.vocabulary.words
    path = tmp_path / "v.txt"
    path.write_text(
        f"3 2\n{words[5]} 1 2\n{words[9]} -3 0.5\nqqqqq 7 7\n{words[5]} 8 8\n", encoding="utf-8"
    )
    matrix, about = vectors_from(path)(star_corpus, Settings(seed=3))
    assert matrix.shape == (len(words), 2) and about["words_with_a_vector"] == 2
    assert matrix[5].tolist() == [1, 2] and matrix[9].tolist() == [-3, 0.5]
    assert not matrix[0].any() and np.all(matrix[6] != matrix[7])
    again, _ = vectors_from(path)(star_corpus, Settings(seed=3))
    assert (again == matrix).all()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{} 1 two", "line 2 .* no word with 2 numbers"),
        ("{} 1", "line 2"),
        ("zzz 1 2", "vector for no word"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, star_corpus, line: str, told: str) -> None:
    path = tmp_path / "v.txt"
    path.write_text("qqq 0 0\n" + line.format(star_corpus.vocabulary.words[4]) + "\n", "utf-8")
    with pytest.raises(DatasetError, match=told):
        vectors_from(path)(star_corpus, Settings())


def test_vectors_of_a_shipped_network(star_corpus) -> None:
    matrix, about = vectors_of(WEIGHTS / "han_imdb")(star_corpus, Settings())
    words = Vocabulary.load(WEIGHTS / "han_imdb" / "vocabulary.txt")
    theirs = np.load(WEIGHTS / "han_imdb" / "embeddings.npy").astype(np.float32)
    place = star_corpus.vocabulary.words.index("good")
    assert (matrix[place] == theirs[words.encode(["good"])[0]]).all()
    assert "han_imdb" in about["algorithm"]


ENGLISH = ["I didn't like the room, it was too small.", "Great food!!", "The staff were kind."]
GERMAN = ["Das Zimmer war leider viel zu klein.", "Das Essen war großartig und die Leute nett."]


def test_english_texts_begin_with_the_vectors_of_a_shipped_network_and_others_with_their_own() -> (
    None
):
    words = Vocabulary.load(WEIGHTS / "han_imdb" / "vocabulary.txt")
    assert covered(ENGLISH, words) > 0.95 and covered(GERMAN, words) < 0.6
    assert covered([], words) == 0
    vectors, more = start(None, iter(ENGLISH))
    assert vectors is not learned_vectors and more == words.words[2 : 2 + MORE_WORDS]
    assert start(None, iter(GERMAN)) == (learned_vectors, ())
    assert start("own", iter(ENGLISH)) == (learned_vectors, ())
    assert start("han_imdb", iter(GERMAN))[1] == more


def test_words_of_a_file_of_vectors_enter_the_vocabulary(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_text("the 1 2\nof 1 2\nthe 3 4\n\n", encoding="utf-8")
    assert start(path, ())[1] == ("the", "of")
    assert start(tmp_path / "gone.txt", ())[1] == ()
