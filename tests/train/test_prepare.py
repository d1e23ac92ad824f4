"""From an archive to a corpus: what is held out stays out, and nothing is left half-done."""

import collections
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import train.corpora.encoding
import train.corpora.preparation
from dlnlp import datasets
from dlnlp.corpus import Corpus
from dlnlp.datasets import DatasetError, Review, iterate
from dlnlp.text.vocabulary import UNKNOWN
from tests.train.archives import FILMS, write_texts
from tests.train.conftest import SIZES
from train.checkpoints import claimed
from train.corpora.preparation import Settings, prepare
from train.corpora.source import VALIDATION_SHARE, is_validation
from train.prepare import main

ROOT = Path(__file__).resolve().parents[2]


def texts_of(dataset: str, split: str) -> dict[int, Review]:
    reviews = iterate(dataset, split, on_bad_row=lambda bad: None)
    return {review.row: review for review in reviews}


def words_of(corpus: Corpus, split: str, index: int) -> list[str]:
    return [corpus.vocabulary.words[i] for i in corpus.split(split).tokens(index)]


def test_every_readable_review_is_in_one_split_as_the_preprocessor_reads_it(star_corpus) -> None:
    published = texts_of("reviews5", "train")
    assert len(published) == 300
    parts = {name: star_corpus.split(name) for name in ("train", "validation")}
    rows = {name: split.rows.tolist() for name, split in parts.items()}
    assert sorted(rows["train"] + rows["validation"]) == sorted(published)
    assert 3 <= len(rows["validation"]) <= 40
    reviews = {"train": published, "validation": published, "test": texts_of("reviews5", "test")}
    assert star_corpus.split("test").rows.tolist() == list(reviews["test"])
    for name, known in reviews.items():
        split = star_corpus.split(name)
        assert sorted(split.rows) == split.rows.tolist()
        for index, row in enumerate(split.rows.tolist()):
            sentences = star_corpus.preprocessor.token_lists(known[row].text)
            expected = [star_corpus.vocabulary.encode(s).tolist() for s in sentences]
            assert [s.tolist() for s in split.sentences(index, 10**6)] == expected
            assert split.labels[index] == known[row].label
            assert split.groups[index] == known[row].group in ("shop", "café")


def test_a_new_corpus_is_cut_by_the_rules_of_english(star_corpus) -> None:
    written = json.loads((star_corpus.path / "preprocessor.json").read_text("utf-8"))
    assert written["rules"] == "english"


def test_validation_is_taken_by_the_hash_of_the_text(star_corpus) -> None:
    published = texts_of("reviews5", "train")
    hashes = {
        name: {
            hashlib.sha256(published[row].text.encode()).hexdigest()
            for row in star_corpus.split(name).rows.tolist()
        }
        for name in ("train", "validation")
    }
    assert not hashes["train"] & hashes["validation"]
    limit = int(2**64 * VALIDATION_SHARE["reviews5"])
    assert {digest for digest in hashes["validation"] if int(digest[:16], 16) >= limit} == set()
    assert {digest for digest in hashes["train"] if int(digest[:16], 16) < limit} == set()
    assert star_corpus.info["validation"] == "by hash of the text"
    # A copy of a text shares its fate, whatever its label, source and row.
    copies = [Review("the same text", n % 5, f"source {n}", n) for n in range(20)]
    assert len({is_validation("reviews5", copy) for copy in copies}) == 1
    drawn = [is_validation("amazon_full", Review(f"text {n}", 0, "", n)) for n in range(20_000)]
    assert np.mean(drawn) == pytest.approx(VALIDATION_SHARE["amazon_full"], abs=0.003)


def test_words_and_vectors_come_from_train_alone(star_corpus) -> None:
    vocabulary = star_corpus.vocabulary
    assert "superb" in vocabulary
    # "valonly" stands in all of validation, "testonly" in all of test.
    for split, word in (("validation", "valonly"), ("test", "testonly")):
        assert word not in vocabulary
        for index in range(len(star_corpus.split(split))):
            tokens = star_corpus.split(split).tokens(index)
            assert tokens[-1] == UNKNOWN
    texts = texts_of("reviews5", "train")
    counts = collections.Counter(
        token
        for row in star_corpus.split("train").rows.tolist()
        for sentence in star_corpus.preprocessor.token_lists(texts[row].text)
        for token in sentence
    )
    known = {word for word, count in counts.items() if count >= SIZES["min_count"]}
    assert set(vocabulary.words[2:]) == known
    assert [counts[w] for w in vocabulary.words[2:]] == sorted(
        (counts[w] for w in known), reverse=True
    )
    assert star_corpus.info["distinct_words"] == len(counts)


def test_word_vectors_cover_the_vocabulary(star_corpus) -> None:
    vectors = star_corpus.embeddings()
    assert vectors.shape == (len(star_corpus.vocabulary), 8)
    assert not vectors[0].any()
    assert (np.abs(vectors[1:]).max(axis=1) > 0).all()
    about = star_corpus.info["word_vectors"]
    assert about["trained_on"] == "train without validation"
    assert (about["dim"], about["epochs"], about["workers"]) == (8, 2, 1)


def test_statistics_are_those_of_what_was_written(star_corpus) -> None:
    info = star_corpus.info
    assert info["dataset"] == "reviews5"
    assert len(info["class_names"]) == 5
    assert info["vocabulary_size"] == len(star_corpus.vocabulary)
    for name, found in info["splits"].items():
        split = star_corpus.split(name)
        assert found["documents"] == len(split)
        assert found["empty"] == 0
        assert found["sentences"] == split.sentence_counts.sum()
        assert found["tokens"] == split.token_counts.sum()
        unknown = sum(np.count_nonzero(split.tokens(i) == UNKNOWN) for i in range(len(split)))
        assert found["unknown_share"] == pytest.approx(unknown / found["tokens"], abs=1e-5)
        assert found["labels"] == {
            str(label): int(np.sum(split.labels == label)) for label in np.unique(split.labels)
        }
    assert set(info["splits"]) == {"train", "validation", "test"}


def test_bad_rows_are_counted_once_and_reported_with_their_line(
    archives: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = prepare("reviews5", tmp_path / "corpus", workers=1, settings=Settings(**SIZES))
    assert corpus.info["bad_rows"] == 4
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("skipped")]
    assert len(said) == 4  # though the archive is read several times
    assert "skipped reviews5_csv/train.csv, line 11: the star rating is '7'" in said[0]
    assert sum("reviews5_csv/test.csv, line 31" in line for line in said) == 1


def test_the_same_seed_gives_the_same_hash_and_vectors(star_corpus, tmp_path: Path) -> None:
    again = prepare("reviews5", tmp_path / "again", workers=1, settings=Settings(**SIZES))
    assert again.info["hash"] == star_corpus.info["hash"]
    assert again.info["word_vectors"]["sha256"] == star_corpus.info["word_vectors"]["sha256"]
    np.testing.assert_array_equal(again.embeddings(), star_corpus.embeddings())
    other = prepare("reviews5", tmp_path / "other", workers=1, settings=Settings(**SIZES, seed=2))
    assert other.info["hash"] == star_corpus.info["hash"]  # the seed is that of the vectors
    assert not np.array_equal(other.embeddings(), star_corpus.embeddings())
    fewer = prepare(
        "reviews5", tmp_path / "fewer", workers=1, settings=Settings(**{**SIZES, "max_size": 12})
    )
    assert len(fewer.vocabulary) == 12
    assert fewer.info["hash"] != star_corpus.info["hash"]


def test_the_command_with_processes_gives_the_same_corpus(star_corpus, tmp_path: Path) -> None:
    output = tmp_path / "deep" / "corpus"
    command = [
        sys.executable, "-W", "error::RuntimeWarning", "-m", "train.prepare",
        "--dataset", "reviews5", "--output", str(output), "--workers", "2",
        "--embedding-dim", "8", "--min-count", "2", "--word-vector-epochs", "2",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    corpus = Corpus(output)
    assert corpus.info["hash"] == star_corpus.info["hash"]
    np.testing.assert_array_equal(corpus.embeddings(), star_corpus.embeddings())
    printed = "".join(line for line in done.stdout.splitlines() if not line.startswith("skipped"))
    assert json.loads(printed)["hash"] == corpus.info["hash"]
    assert sorted(path.name for path in output.parent.iterdir()) == [".corpus.lock", "corpus"]
    again = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert again.returncode == 1
    assert again.stderr.strip().endswith(f"{output} exists: delete it, or choose another --output")


class Interrupted(Exception):
    """Stands for Ctrl-C."""


def interrupted(*_: object, **__: object) -> None:
    raise Interrupted


def test_what_was_encoded_is_kept_when_the_vectors_are_interrupted(
    star_corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "corpus"
    with monkeypatch.context() as patched:
        patched.setattr(train.corpora.preparation, "learn_word_vectors", interrupted)
        with pytest.raises(Interrupted):
            prepare("reviews5", output, workers=1, settings=Settings(**SIZES))
    assert not output.exists()
    with monkeypatch.context() as patched:
        patched.setattr(train.corpora.preparation, "encode_splits", interrupted)
        # Other settings begin again ...
        with pytest.raises(Interrupted):
            prepare(
                "reviews5",
                tmp_path / "corpus",
                workers=1,
                settings=Settings(**{**SIZES, "min_count": 3}),
            )
    assert not output.exists()
    with monkeypatch.context() as patched:
        patched.setattr(train.corpora.preparation, "learn_word_vectors", interrupted)
        with pytest.raises(Interrupted):
            prepare("reviews5", output, workers=1, settings=Settings(**SIZES))
    with monkeypatch.context() as patched:
        for work in ("train_punkt", "ordered_map", "write_split"):
            patched.setattr(train.corpora.encoding, work, interrupted)
        # ... and the same go on.
        corpus = prepare("reviews5", output, workers=1, settings=Settings(**SIZES))
    assert corpus.info["hash"] == star_corpus.info["hash"]
    np.testing.assert_array_equal(corpus.embeddings(), star_corpus.embeddings())
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_an_interrupted_encoding_begins_again(
    star_corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "corpus"
    write = train.corpora.encoding.write_split

    def write_test_badly(path: Path, *rest):
        if path.name == "test.arrow":
            path.write_bytes(b"half")
            raise Interrupted
        return write(path, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(train.corpora.encoding, "write_split", write_test_badly)
        with pytest.raises(Interrupted):
            prepare("reviews5", output, workers=1, settings=Settings(**SIZES))
    assert not output.exists()
    assert (
        prepare("reviews5", output, workers=1, settings=Settings(**SIZES)).info["hash"]
        == star_corpus.info["hash"]
    )


def test_an_interrupted_encoding_goes_on_behind_what_was_finished(
    star_corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, written = tmp_path / "corpus", []
    write = train.corpora.encoding.write_split

    def write_once(path: Path, *rest):
        if len(written) == 1:
            raise Interrupted
        written.append(path.name)
        return write(path, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(train.corpora.encoding, "write_split", write_once)
        with pytest.raises(Interrupted):
            prepare("reviews5", output, workers=1, settings=Settings(**SIZES))
    assert written == ["train.arrow"]

    def write_rest(path: Path, *rest):
        written.append(path.name)
        return write(path, *rest)

    monkeypatch.setattr(train.corpora.encoding, "train_punkt", interrupted)
    monkeypatch.setattr(train.corpora.encoding, "write_split", write_rest)
    corpus = prepare("reviews5", output, workers=1, settings=Settings(**SIZES))
    assert written == ["train.arrow", "validation.arrow", "test.arrow"]
    assert corpus.info["hash"] == star_corpus.info["hash"]
    for name in ("bad_rows", "splits", "distinct_words"):
        assert corpus.info[name] == star_corpus.info[name]


def test_a_missing_or_damaged_archive_leaves_nothing(
    archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    output = tmp_path / "corpora" / "reviews5"
    arguments = ["--dataset", "reviews5", "--output", str(output), "--workers", "1"]
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("DLNLP_DATA", str(empty))
    monkeypatch.setenv("DLNLP_CACHE", str(empty))
    assert main(arguments) == 1
    assert "reviews5_csv.tar.gz" in capsys.readouterr().err
    archive = (archives / "reviews5_csv.tar.gz").read_bytes()
    (empty / "reviews5_csv.tar.gz").write_bytes(archive[: len(archive) // 2])
    assert main(arguments) == 1
    assert "damaged or cut short" in capsys.readouterr().err
    assert not output.exists()


def test_an_existing_output_is_refused(star_corpus, capsys) -> None:
    before = sorted((p.name, p.stat().st_mtime_ns) for p in star_corpus.path.iterdir())
    assert main(["--dataset", "reviews5", "--output", str(star_corpus.path)]) == 1
    assert "exists: delete it, or choose another --output" in capsys.readouterr().err
    assert sorted((p.name, p.stat().st_mtime_ns) for p in star_corpus.path.iterdir()) == before


def test_more_words_than_the_files_can_number_are_refused(
    archives: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="65536"):
        prepare("reviews5", tmp_path / "corpus", workers=1, settings=Settings(max_size=65_537))
    with pytest.raises(SystemExit):
        main(["--dataset", "reviews5", "--max-size", "65537", "--output", str(tmp_path / "c")])
    assert "from 3 to 65,536" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("texts", "more", "told"),
    [
        (["", "   ", "<br />"] * 40, [], "no text of the split train holds a word"),
        (["", "   ", "a lamp"] * 40, ["--min-count", "1000"], "no word occurs 1,000 times"),
    ],
)
def test_texts_without_words_are_one_sentence(
    texts: list[str],
    more: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_texts(tmp_path, texts)
    monkeypatch.setenv("DLNLP_DATA", str(tmp_path))
    output = tmp_path / "corpus"
    given = ["--dataset", "reviews5", "--output", str(output), "--workers", "1", *more]
    assert main(given) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert told in sentence and not output.exists()


def test_two_preparations_of_one_corpus(
    archives: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "corpus"
    with claimed(output):
        assert main(["--dataset", "reviews5", "--output", str(output)]) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"another run is using {output}: ")


def test_imdb_is_divided_by_film(imdb_corpus) -> None:
    films = {name: set(imdb_corpus.split(name).groups) for name in imdb_corpus.info["splits"]}
    assert films["train"] and films["validation"]
    assert not films["train"] & films["validation"]
    assert films["train"] | films["validation"] == set(FILMS[:30])
    for name in ("train", "validation"):
        for film in films[name]:
            assert is_validation("imdb", Review("any text", 0, film, 0)) == (name == "validation")
    assert imdb_corpus.info["validation"] == "by film"
    counts = {name: found["documents"] for name, found in imdb_corpus.info["splits"].items()}
    assert counts["train"] + counts["validation"] == 160
    assert counts["test"] == 60
    assert set(imdb_corpus.split("validation").labels.tolist()) == {0, 1}
    assert set(imdb_corpus.split("unsup").labels.tolist()) == {-1}


def test_unlabelled_copies_of_held_out_texts_are_left_out(imdb_corpus) -> None:
    unsup = imdb_corpus.split("unsup")
    assert unsup.rows.tolist() == list(range(190))
    every = texts_of("imdb", "unsup")
    held_out = {review.text for review in texts_of("imdb", "test").values()}
    assert every[190].text in held_out
    published = texts_of("imdb", "train")
    validation = imdb_corpus.split("validation").rows.tolist()
    assert every[191].text in {published[row].text for row in validation}
    assert not {every[row].text for row in unsup.rows.tolist()} & held_out


def test_imdb_learns_words_from_unlabelled_texts_too_and_never_from_test(imdb_corpus) -> None:
    assert "unlabelled" in imdb_corpus.vocabulary
    assert "testonly" not in imdb_corpus.vocabulary
    assert imdb_corpus.info["word_vectors"]["trained_on"] == "train without validation + unsup"
    vector = imdb_corpus.embeddings()[imdb_corpus.vocabulary.encode(["unlabelled"])[0]]
    assert np.abs(vector).max() > 0
    assert "br" not in imdb_corpus.vocabulary


def test_texts_without_a_word_are_counted_and_left_out(tmp_path: Path, star_corpus) -> None:
    documents = train.corpora.encoding._encode
    train.corpora.encoding._start_worker(star_corpus.preprocessor.to_dict(), ("good",))
    chunk = documents([Review("good. Good", 3, "a", 5), Review("--", 1, "b", 6)])
    found = train.corpora.encoding.write_split(
        tmp_path / "x.arrow", [chunk, chunk], star_corpus.preprocessor
    )
    assert (found["documents"], found["empty"], found["tokens"]) == (2, 2, 4)
    assert found["labels"] == {"3": 2}


def test_documents_longer_than_the_network_reads_are_counted(tmp_path: Path, star_corpus) -> None:
    limit = star_corpus.preprocessor.max_sentences
    train.corpora.encoding._start_worker(star_corpus.preprocessor.to_dict(), ("good",))
    chunk = train.corpora.encoding._encode(
        [Review("good\n" * count, 0, "", count) for count in (limit - 1, limit, limit + 1)]
    )
    found = train.corpora.encoding.write_split(
        tmp_path / "x.arrow", [chunk], star_corpus.preprocessor
    )
    assert found["longer_than_max_sentences"] == 1
    assert found["sentences"] == 3 * limit


def test_every_data_set_of_texts_can_be_prepared() -> None:
    assert set(VALIDATION_SHARE) == {n for n, s in datasets.DATASETS.items() if s.folder}
    with pytest.raises(DatasetError):
        prepare("nothing", Path("nowhere"), workers=1, settings=Settings())
