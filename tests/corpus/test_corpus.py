"""A corpus directory is opened whole, or its damage is named."""

import json
from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus import FORMAT, Corpus, corpus_hash, write_info
from dlnlp.corpus.splits import CorpusError
from dlnlp.text import Preprocessor
from dlnlp.text.vocabulary import Vocabulary
from tests.small_splits import write_split


def write_corpus(path: Path) -> Path:
    Vocabulary(["good", "bad"]).save(path / "vocabulary.txt")
    Preprocessor(max_words=9).save(path / "preprocessor.json")
    np.save(path / "embeddings.npy", np.array([[0, 0], [1, 2], [3, 4], [5, 6]], np.float16))
    write_split(path / "test.arrow", [[[2, 3]]])
    write_info(path, {"class_names": ["no", "yes"], "note": "é"})
    return path


def test_a_corpus_directory_is_opened(tmp_path: Path) -> None:
    corpus = Corpus(write_corpus(tmp_path))
    assert corpus.info == {"format": FORMAT, "class_names": ["no", "yes"], "note": "é"}
    assert corpus.class_names == ("no", "yes")
    assert corpus.vocabulary.words[2:] == ("good", "bad")
    assert corpus.preprocessor.max_words == 9
    assert corpus.split("test").tokens(0).tolist() == [2, 3]
    vectors = corpus.embeddings()
    assert vectors.dtype == np.float32
    assert vectors.tolist() == [[0, 0], [1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize("name", ["corpus.json", "vocabulary.txt", "preprocessor.json"])
def test_a_missing_or_damaged_file_of_a_corpus_is_named(tmp_path: Path, name: str) -> None:
    write_corpus(tmp_path)
    for content in (b"", b"{", b"\xff"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CorpusError, match=f"{name}.*: prepare the corpus again"):
            Corpus(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(CorpusError, match=rf"{name} is missing: run `python -m train\.prepare`"):
        Corpus(tmp_path)


def test_a_corpus_of_another_format_is_refused(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    info = json.loads((tmp_path / "corpus.json").read_text("utf-8"))
    for other in ({**info, "format": FORMAT + 1}, {"class_names": []}):
        (tmp_path / "corpus.json").write_text(json.dumps(other))
        with pytest.raises(CorpusError, match=f"not {FORMAT}: prepare it again"):
            Corpus(tmp_path)


def test_word_vectors_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    corpus = Corpus(write_corpus(tmp_path))
    path = tmp_path / "embeddings.npy"
    np.save(path, np.zeros((3, 2), np.float16))
    with pytest.raises(CorpusError, match="has 3 rows for a vocabulary of 4 words: prepare"):
        corpus.embeddings()
    whole = path.read_bytes()
    for content in (b"", b"no array", whole[:-3]):
        path.write_bytes(content)
        with pytest.raises(CorpusError, match=r"embeddings\.npy is missing or damaged"):
            corpus.embeddings()
    path.unlink()
    with pytest.raises(CorpusError, match=r"embeddings\.npy is missing or damaged"):
        corpus.embeddings()


def test_info_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_info(tmp_path, {"a": 1})

    def interrupted(source: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_info(tmp_path, {"a": 2})
    assert json.loads((tmp_path / "corpus.json").read_text())["a"] == 1


def test_the_hash_covers_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"two")
    both = corpus_hash(tmp_path, ["a", "b"])
    assert len(both) == 64
    assert corpus_hash(tmp_path, iter(["b", "a"])) == both
    assert corpus_hash(tmp_path, ["a"]) != both
    (tmp_path / "b").write_bytes(b"twO")
    assert corpus_hash(tmp_path, ["a", "b"]) != both
    (tmp_path / "b").rename(tmp_path / "c")
    (tmp_path / "c").write_bytes(b"two")
    assert corpus_hash(tmp_path, ["a", "c"]) != both
