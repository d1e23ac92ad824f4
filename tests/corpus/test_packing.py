"""Packed batches: every token once, in its place, also when something does not fit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.corpus.packing import BatchShape, make_batch, pack
from tests.small_splits import flat, random_documents, unpacked

SHAPE = BatchShape(rows=8, row_length=8, grid_rows=4, grid_length=6, documents=8, distinct=40)
DOCUMENTS = st.lists(
    st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=8), min_size=1, max_size=9),
    min_size=1,
    max_size=14,
)


@given(
    st.integers(1, 12).flatmap(
        lambda t: st.tuples(st.just(t), st.lists(st.integers(1, t), max_size=60))
    )
)
def test_packed_sequences_neither_overlap_nor_cross_the_end_of_a_row(
    case: tuple[int, list[int]],
) -> None:
    row_length, lengths = case
    starts, used = pack(np.array(lengths, np.int64), row_length)
    taken = [
        position
        for start, length in zip(starts.tolist(), lengths, strict=True)
        for position in range(start, start + length)
    ]
    assert len(set(taken)) == len(taken) == sum(lengths)
    for start, length in zip(starts.tolist(), lengths, strict=True):
        assert start // row_length == (start + length - 1) // row_length < used
    assert {position // row_length for position in taken} == set(range(used))
    # Two rows could not both be half empty: best fit would have joined them.
    assert used <= 2 * sum(lengths) / row_length + 1


def test_packing_by_hand() -> None:
    starts, used = pack(np.array([1, 5, 3, 2, 4]), 6)
    # Longest first: 5 opens row 0, 4 row 1, 3 row 2; 2 fills row 1, 1 fills row 0.
    assert used == 3
    assert starts.tolist() == [5, 0, 12, 10, 6]
    assert pack(np.zeros(0, np.int64), 6)[1] == 0


def test_packing_is_dense_for_sentences_of_many_lengths() -> None:
    lengths = np.random.default_rng(0).integers(1, 41, 2000)
    _, used = pack(lengths, 50)
    assert lengths.sum() / (used * 50) > 0.99


@pytest.mark.parametrize("lengths", [[3, 0], [7, 1]])
def test_lengths_out_of_range_are_refused(lengths: list[int]) -> None:
    with pytest.raises(ValueError, match="do not fit rows of 6"):
        pack(np.array(lengths), 6)


@settings(max_examples=150)
@given(DOCUMENTS)
def test_every_token_stands_once_in_its_sentence_and_document(
    documents: list[list[list[int]]],
) -> None:
    batch = make_batch(*flat(documents), SHAPE)
    expected = {n: document[: SHAPE.grid_length] for n, document in enumerate(documents)}
    assert unpacked(batch) == expected
    # Nothing else stands anywhere.
    tokens = sum(len(s) for document in expected.values() for s in document)
    assert (batch["sentence_ids"] < batch["document_ids"].size).sum() == tokens
    assert (batch["document_ids"] < len(batch["documents"])).sum() == sum(
        map(len, expected.values())
    )
    assert batch["sentence_ids"].max() <= batch["document_ids"].size
    assert batch["document_ids"].max() <= len(batch["documents"])
    assert batch["documents"].tolist() == [
        float(n < len(documents)) for n in range(len(batch["documents"]))
    ]
    distinct = {i for document in expected.values() for s in document for i in s}
    assert batch["word_ids"].tolist() == sorted(distinct) + [0] * (
        len(batch["word_ids"]) - len(distinct)
    )
    assert 0 <= batch["token_index"].min() <= batch["token_index"].max() < len(batch["word_ids"])


def test_a_batch_within_the_budgets_has_the_one_shape() -> None:
    for count in (1, 4):
        batch = make_batch(*flat(random_documents(count, most=3)), SHAPE)
        assert {name: array.shape for name, array in batch.items()} == {
            "word_ids": (40,),
            "token_index": (8, 8),
            "sentence_ids": (8, 8),
            "document_ids": (4, 6),
            "documents": (8,),
        }
        assert {name: array.dtype.name for name, array in batch.items()} == {
            "word_ids": "int32",
            "token_index": "int32",
            "sentence_ids": "int32",
            "document_ids": "int32",
            "documents": "float32",
        }


def test_what_is_too_much_enlarges_the_batch_by_quarters() -> None:
    documents = [[[n + 1] * 8] * 6 for n in range(9)]
    batch = make_batch(*flat(documents), replace(SHAPE, distinct=4))
    assert batch["documents"].shape == (10,)  # 8 and a quarter
    assert batch["document_ids"].shape == (9, 6)  # 4 and five quarters
    assert batch["sentence_ids"].shape == (54, 8)  # 8 and 23 quarters
    assert batch["word_ids"].shape == (9,)  # 4 and five quarters
    assert unpacked(batch) == dict(enumerate(documents))


def test_a_shape_of_more_rows_has_room_for_as_much_more() -> None:
    assert SHAPE.of_rows(SHAPE.rows) == SHAPE
    twice, half = SHAPE.of_rows(16), SHAPE.of_rows(4)
    assert (twice.rows, twice.grid_rows, twice.documents) == (16, 8, 16)
    assert (half.rows, half.grid_rows, half.documents) == (4, 2, 4)
    assert twice.row_length == SHAPE.row_length and twice.grid_length == SHAPE.grid_length
    assert SHAPE.distinct < twice.distinct < 2 * SHAPE.distinct  # words repeat
    make_batch(*flat(random_documents(6, most=3)), twice)


def test_documents_are_cut_at_the_length_of_the_grid() -> None:
    documents = [[[n + 1] for n in range(9)], [[20, 21]]]
    batch = make_batch(*flat(documents), SHAPE)
    assert unpacked(batch) == {0: [[1], [2], [3], [4], [5], [6]], 1: [[20, 21]]}
    assert not {7, 8, 9} & set(batch["word_ids"].tolist())
