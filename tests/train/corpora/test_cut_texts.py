"""Cut texts come back from disk as they were, or not at all."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.corpora.cut_texts import Cut, CutRecord, CutTexts

DOCUMENTS: list[Cut] = [
    (3, "shop", 7, [["it", "is", "naïve"], ["!!"]]),
    (-1, "", 8, []),
    (0, "café", 9, [["<url>"]]),
]


def documents_of(record: CutRecord) -> list[Cut]:
    words = [record.words[position] for position in record.positions.tolist()]
    found = []
    for label, group, row, lengths in record.about:
        sentences = [[words.pop(0) for _ in range(length)] for length in lengths]
        found.append((label, group, row, sentences))
    assert not words
    return found


def test_records_hold_documents_in_order(tmp_path: Path) -> None:
    texts = CutTexts(tmp_path / "train.cut")
    parts = (DOCUMENTS[:2], DOCUMENTS[2:], [])
    texts.write(CutRecord.of(part).to_bytes() for part in parts)
    assert [documents_of(CutRecord.from_bytes(stored)) for stored in texts] == list(parts)
    assert [path.name for path in tmp_path.iterdir()] == ["train.cut"]


@given(st.lists(st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1))))
def test_a_record_counts_its_words(texts: list[list[list[str]]]) -> None:
    record = CutRecord.of((0, "", row, sentences) for row, sentences in enumerate(texts))
    words = [word for sentences in texts for sentence in sentences for word in sentence]
    assert record.counts() == Counter(words)
    assert len(record.words) == len(set(words))


def test_an_interrupted_file_does_not_appear(tmp_path: Path) -> None:
    def interrupted():
        yield CutRecord.of(DOCUMENTS).to_bytes()
        raise KeyboardInterrupt

    texts = CutTexts(tmp_path / "train.cut")
    with pytest.raises(KeyboardInterrupt):
        texts.write(interrupted())
    assert not texts.path.exists()
