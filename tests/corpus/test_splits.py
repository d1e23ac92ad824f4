"""Documents come back from a mapped file as they were written; damage is named."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from dlnlp.corpus import splits
from dlnlp.corpus.splits import (
    CorpusError,
    Document,
    JoinedSplits,
    PartOfSplit,
    Split,
    SplitWriter,
)
from tests.small_splits import flat, random_documents, write_split


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splits, "BATCH_ROWS", 4)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("count", [1, 3, 4, 5, 8, 11])
def test_documents_are_read_as_written_over_several_record_batches(
    tmp_path: Path, count: int
) -> None:
    documents = random_documents(count, seed=count)
    labels = [(-1) ** n * (n % 3) for n in range(count)]
    # A new group appears in a later batch; "" is a group too.
    groups = [("", "film a", "film b", "é")[n % 4 if n > 5 else n % 2] for n in range(count)]
    split = write_split(tmp_path / "train.arrow", documents, labels, groups)
    with pa.ipc.open_file(tmp_path / "train.arrow") as reader:
        assert reader.num_record_batches == -(-count // 4)
    tokens, lengths = flat(documents)
    assert len(split) == count
    for index in range(count):
        assert split.tokens(index).tolist() == tokens[index].tolist()
        assert split.sentence_lengths(index).tolist() == lengths[index].tolist()
    assert split.tokens(0).dtype == np.uint16
    assert split.sentence_lengths(0).dtype == np.uint8
    assert split.labels.tolist() == labels
    assert split.groups == groups
    assert split.rows.tolist() == [3 * n for n in range(count)]
    assert split.token_counts.tolist() == [len(t) for t in tokens]
    assert split.sentence_counts.tolist() == [len(document) for document in documents]


def test_a_split_may_be_empty(tmp_path: Path) -> None:
    split = write_split(tmp_path / "test.arrow", [])
    assert len(split) == len(split.token_counts) == len(split.labels) == 0
    assert split.groups == []
    with pytest.raises(IndexError, match="document 0 of a split of 0"):
        split.tokens(0)


@pytest.mark.usefixtures("small_batches")
def test_there_is_no_document_outside(tmp_path: Path) -> None:
    split = write_split(tmp_path / "test.arrow", random_documents(5))
    for index in (-1, 5):
        with pytest.raises(IndexError, match=f"document {index} of a split of 5"):
            split.tokens(index)
        with pytest.raises(IndexError, match=f"document {index} of a split of 5"):
            split.sentence_lengths(index)


def test_tokens_stay_in_the_mapped_file(tmp_path: Path) -> None:
    document = Document(np.full(50_000, 7, np.uint16), np.full(1000, 50, np.uint8), 0, "", 0)
    with SplitWriter(tmp_path / "train.arrow") as writer:
        for _ in range(40):
            writer.append(document)
    before = pa.total_allocated_bytes()
    split = Split(tmp_path / "train.arrow")
    tokens = split.tokens(39)
    assert tokens.base is not None
    assert np.shares_memory(tokens, split.tokens(39))
    assert not tokens.flags.writeable
    # 4 MB of token ids lie in the file; nothing of that size was allocated to open it.
    assert pa.total_allocated_bytes() - before < 100_000


def test_sentences_are_cut_at_the_limit(tmp_path: Path) -> None:
    split = write_split(tmp_path / "test.arrow", [[[5, 6], [7], [8, 9, 2]], [[3]]])
    for limit, expected in [
        (1, [[5, 6]]),
        (2, [[5, 6], [7]]),
        (3, [[5, 6], [7], [8, 9, 2]]),
        (64, [[5, 6], [7], [8, 9, 2]]),
    ]:
        sentences = split.sentences(0, limit)
        assert [sentence.tolist() for sentence in sentences] == expected
        assert {sentence.dtype for sentence in sentences} == {np.dtype(np.int32)}
    assert [sentence.tolist() for sentence in split.sentences(1, 64)] == [[3]]
    long = write_split(tmp_path / "long.arrow", [[[4] * 200, [5] * 200, [6]]])
    assert [len(sentence) for sentence in long.sentences(0, 64)] == [200, 200, 1]


@pytest.mark.usefixtures("small_batches")
def test_joined_splits_are_read_one_after_the_other(tmp_path: Path) -> None:
    documents = random_documents(11)
    parts = [documents[:5], documents[5:6], documents[6:]]
    splits = [write_split(tmp_path / f"{n}.arrow", part) for n, part in enumerate(parts)]
    joined = JoinedSplits(splits)
    tokens, lengths = flat(documents)
    assert len(joined) == 11
    for index in range(11):
        assert joined.tokens(index).tolist() == tokens[index].tolist()
        assert joined.sentence_lengths(index).tolist() == lengths[index].tolist()
    assert joined.token_counts.tolist() == [len(t) for t in tokens]
    assert joined.sentence_counts.tolist() == [len(document) for document in documents]
    for index in (-1, 11):
        with pytest.raises(IndexError):
            joined.tokens(index)


def test_a_part_of_a_split_is_read_as_a_split(tmp_path: Path) -> None:
    documents = random_documents(9)
    split = write_split(tmp_path / "train.arrow", documents, [n % 3 for n in range(9)])
    chosen = [7, 2, 3]
    part = PartOfSplit(split, np.array(chosen))
    tokens, lengths = flat([documents[index] for index in chosen])
    assert len(part) == 3 and part.labels.tolist() == [1, 2, 0]
    for index in range(3):
        assert part.tokens(index).tolist() == tokens[index].tolist()
        assert part.sentence_lengths(index).tolist() == lengths[index].tolist()
    assert part.token_counts.tolist() == [len(t) for t in tokens]
    assert part.sentence_counts.tolist() == [len(documents[index]) for index in chosen]


def test_a_missing_or_damaged_split_is_named(tmp_path: Path) -> None:
    path = tmp_path / "train.arrow"
    with pytest.raises(CorpusError, match=r"train\.arrow is missing: run `python -m train\.prep"):
        Split(path)
    write_split(path, random_documents(20))
    whole = path.read_bytes()
    for content in (b"", b"no arrow", whole[: len(whole) // 2], whole[:-6]):
        path.write_bytes(content)
        with pytest.raises(CorpusError, match=r"train\.arrow is damaged .*prepare the corpus aga"):
            Split(path)


def test_documents_stay_readable_when_their_pages_are_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dlnlp.corpus.splits.READS", 3)
    documents = random_documents(50, seed=9)
    split = write_split(tmp_path / "train.arrow", documents)
    views = [split.tokens(index) for index in range(50)]
    for document, view in zip(documents, views, strict=True):
        assert view.tolist() == [word for sentence in document for word in sentence]
