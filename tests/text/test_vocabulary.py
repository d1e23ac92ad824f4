from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.text.vocabulary import PADDING, UNKNOWN, Vocabulary


def test_the_most_frequent_words_come_first_and_ties_in_alphabetical_order() -> None:
    counts = {"rare": 4, "b": 7, "é": 7, "a": 7, "top": 9, "edge": 5}
    assert Vocabulary.build(counts).words == ("<pad>", "<unk>", "top", "a", "b", "é", "edge")
    assert Vocabulary.build(dict(reversed(counts.items()))) == Vocabulary.build(counts)


def test_limits_count_the_reserved_words() -> None:
    counts = {"a": 3, "b": 2, "c": 1}
    assert Vocabulary.build(counts, 1, 4).words[2:] == ("a", "b")
    assert Vocabulary.build(counts, 1, 2).words[2:] == ()
    assert Vocabulary.build(counts, 3).words[2:] == ("a",)
    assert Vocabulary.build({}).words == ("<pad>", "<unk>")
    for limits in ((0, 10), (1, 1)):
        with pytest.raises(ValueError, match="must be >="):
            Vocabulary.build(counts, *limits)


def test_more_words_stand_behind_its_own_as_far_as_there_is_room() -> None:
    own = Vocabulary(["b", "a"])
    assert own.extended(["a", "c", "<unk>", "d", "e"], 6).words[2:] == ("b", "a", "c", "d")
    assert own.extended(["c"], 4) == own == own.extended(["c"], 3)
    assert own.words[2:] == ("b", "a")


def test_words_have_indices_and_others_are_unknown() -> None:
    vocabulary = Vocabulary(["good", "bad"])
    ids = vocabulary.encode(["bad", "new", "good", "GOOD"])
    assert ids.dtype == np.int32
    assert ids.tolist() == [3, UNKNOWN, 2, UNKNOWN]
    assert vocabulary.encode([]).shape == (0,)
    assert vocabulary.encode(word for word in ("good",)).tolist() == [2]
    assert len(vocabulary) == 4
    assert "good" in vocabulary
    assert "new" not in vocabulary


def test_text_cannot_inject_padding_or_pass_for_a_known_word() -> None:
    vocabulary = Vocabulary.build({"<pad>": 99, "<unk>": 99, "good": 9})
    assert vocabulary.words == ("<pad>", "<unk>", "good")
    assert vocabulary.encode(["<pad>", "<unk>", "good"]).tolist() == [UNKNOWN, UNKNOWN, 2]
    assert PADDING not in vocabulary.encode(["<pad>"])
    assert "<pad>" not in vocabulary
    assert "<unk>" not in vocabulary


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a", "a"], "twice"),
        (["<pad>"], "reserved"),
        (["<unk>"], "reserved"),
        ([""], "not a word: ''"),
        (["a b"], "not a word: 'a b'"),
        (["a\u2028"], "not a word"),
        ([" "], "not a word"),
    ],
)
def test_impossible_words_are_refused(words: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Vocabulary(words)


@given(st.sets(st.text("aé<>0.'很", min_size=1, max_size=5)))
def test_a_saved_vocabulary_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, words: set[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "vocabulary.txt"
    vocabulary = Vocabulary(sorted(words))
    vocabulary.save(path)
    loaded = Vocabulary.load(path)
    assert loaded == vocabulary
    assert hash(loaded) == hash(vocabulary)
    assert loaded.encode(words).tolist() == vocabulary.encode(words).tolist()
    assert path.read_bytes().count(b"\n") == len(vocabulary)
    assert loaded != Vocabulary([*sorted(words), "more"])
    assert loaded != sorted(words)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<pad>\n<unk>\ngood",  # the last line is cut
        b"<unk>\n<pad>\ngood\n",
        b"good\n<pad>\n<unk>\n",
        b"<pad>\n<unk>\ngood\n\nbad\n",
        b"<pad>\n<unk>\ngood\ngood\n",
        b"<pad>\n<unk>\ngo od\n",
        b"<pad>\n<unk>\n\xff\n",
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vocabulary.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"vocabulary\.txt"):
        Vocabulary.load(path)
