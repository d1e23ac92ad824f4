"""Near copies are found, other documents are not; similarity is that of sets of word triples."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus.near_duplicates import HASHES, near_duplicates, signature, signatures
from dlnlp.corpus.splits import Document, Split, SplitWriter


def triples(tokens: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(tokens[i : i + 3].tolist()) for i in range(len(tokens) - 2)}


def test_equal_places_estimate_the_share_of_common_triples() -> None:
    rng = np.random.default_rng(0)
    gaps = []
    for _ in range(60):
        one = rng.integers(2, 30_000, 120).astype(np.uint16)
        other = one.copy()
        other[: rng.integers(0, 120)] = 7
        exact = len(triples(one) & triples(other)) / len(triples(one) | triples(other))
        gaps.append(np.mean(signature(one) == signature(other)) - exact)
    assert abs(np.mean(gaps)) < 0.02
    assert np.std(gaps) < 1.5 * np.sqrt(0.25 / HASHES)


@pytest.fixture
def splits(tmp_path: Path) -> tuple[Split, Split]:
    rng = np.random.default_rng(1)
    texts = [rng.integers(2, 30_000, 40).astype(np.uint16) for _ in range(300)]
    edited = texts[17].copy()
    edited[20] = 2
    others = [rng.integers(2, 30_000, 40).astype(np.uint16) for _ in range(50)]
    for name, documents in (("train", texts), ("test", [*others, texts[5], edited, texts[9][:2]])):
        with SplitWriter(tmp_path / f"{name}.arrow") as writer:
            for row, tokens in enumerate(documents):
                lengths = np.array([len(tokens)], np.uint8)
                writer.append(Document(tokens, lengths, 0, "", row))
    return Split(tmp_path / "train.arrow"), Split(tmp_path / "test.arrow")


def test_copies_and_edited_copies_are_found_and_no_others(splits: tuple[Split, Split]) -> None:
    train, test = splits
    found = near_duplicates(signatures(test), signatures(train))
    assert found[50:52].tolist() == [5, 17]
    assert (found[:50] == -1).all() and found[52] == -1


def test_within_a_split_a_document_repeats_an_earlier_one(splits: tuple[Split, Split]) -> None:
    train, test = splits
    table = np.concatenate([signatures(train), signatures(test)])
    found = near_duplicates(table, table, earlier=True)
    assert found[[350, 351]].tolist() == [5, 17]
    assert (found[:350] == -1).all()


def test_documents_of_one_or_two_words_have_a_signature() -> None:
    one, two = (signature(np.array(words, np.uint16)) for words in ([5], [5, 6]))
    assert np.mean(one == two) < 0.2
    assert (one == signature(np.array([5], np.uint16))).all()
