"""Word vectors from a text file or from a network land at the words they belong to."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.artifacts import WEIGHTS
from dlnlp.datasets import DatasetError
from dlnlp.text.vocabulary import Vocabulary
from train.corpora.own_vectors import covered, vectors_from, vectors_of
from train.corpora.preparation import Settings


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
    assert covered(star_corpus, words) > 0.6 > covered(star_corpus, Vocabulary(["lamp"]))
