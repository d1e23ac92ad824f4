"""Both kinds of file hold what was explained, may be joined, and lose no digit."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from dlnlp.scoring import explanation_parquet
from dlnlp.scoring.explanation import TextExplanation, digits
from dlnlp.scoring.explanation_files import join, opened, read

SUFFIXES = [".jsonl", ".gz", ".parquet"]


def explanation(seed: int, target: str = "positive") -> TextExplanation:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 40))
    owners = np.sort(rng.integers(0, 4, count)).astype(np.int32)
    owners = np.unique(owners, return_inverse=True)[1].astype(np.int32)
    sentences = int(owners.max()) + 1
    spans = np.stack([np.arange(count), np.arange(count) + 1], 1).astype(np.int32)
    return TextExplanation(
        method="evidence",
        label=("negative", "positive")[seed % 2],
        probabilities={"negative": 0.25, "positive": 0.75},
        target=target,
        tokens=tuple(rng.choice(["good", "<b>", "😀", "שלום", "a\0b", "\ud800"], count)),
        spans=spans,
        token_sentence=owners,
        words=(rng.normal(size=count) * 10.0 ** rng.integers(-9, 4, count)).astype(np.float32),
        sentence_spans=np.zeros((sentences, 2), np.int32),
        sentences=rng.normal(size=sentences).astype(np.float32),
        read_to=None,
        bias=None if not target else 0.5,
        total=None if not target else float(rng.normal()),
    )


def write(path: Path, suffix: str, rows: range, target: str = "positive") -> None:
    with opened(path, suffix) as out:
        for row in rows:
            out.write(explanation(row, target), row, row + 1)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("target", ["positive", ""])
def test_what_was_written_is_read_to_the_last_digit(
    tmp_path: Path, suffix: str, target: str
) -> None:
    write(tmp_path / "file", suffix, range(1, 30), target)
    found = list(read(tmp_path / "file", suffix))
    assert [text.row for text in found] == list(range(1, 30))
    for text in found:
        expected = explanation(text.row, target)
        assert (text.label, text.target) == (expected.label, target)
        written = [token.encode("utf-8", "replace").decode() for token in expected.tokens]
        assert list(text.tokens) == written
        assert list(text.token_sentence) == expected.token_sentence.tolist()
        np.testing.assert_array_equal(text.values.astype(np.float32), expected.words)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_joined_parts_are_the_whole(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explanation_parquet, "GROUP", 64)
    parts = [tmp_path / f"{number}" for number in range(3)]
    for number, part in enumerate(parts):
        write(part, suffix, range(1 + 10 * number, 11 + 10 * number))
    join(parts, tmp_path / "joined", suffix)
    write(tmp_path / "whole", suffix, range(1, 31))
    joined, whole = ([*read(tmp_path / name, suffix)] for name in ("joined", "whole"))
    assert [text.tokens for text in joined] == [text.tokens for text in whole]
    if suffix == ".jsonl":
        assert (tmp_path / "joined").read_bytes() == (tmp_path / "whole").read_bytes()
    join(parts, tmp_path / "again", suffix)
    assert (tmp_path / "joined").read_bytes() == (tmp_path / "again").read_bytes()


def test_a_parquet_file_has_a_row_for_each_word_in_bounded_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explanation_parquet, "GROUP", 64)
    write(tmp_path / "x.parquet", ".parquet", range(1, 30))
    with pq.ParquetFile(tmp_path / "x.parquet") as file:
        sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
        table = file.read()
    assert set(sizes[:-1]) == {64} and sum(sizes) == table.num_rows
    first = explanation(1)
    assert table.num_rows == sum(len(explanation(row).tokens) for row in range(1, 30))
    row = table.to_pylist()[len(first.tokens) - 1]
    assert (row["row"], row["line"], row["start"]) == (1, 2, len(first.tokens) - 1)
    assert (row["target"], row["label"], row["method"]) == ("positive", "positive", "evidence")
    assert row["sentence_value"] == first.sentences[-1] and row["total"] == first.total


def test_methods_without_a_class_have_none_in_parquet(tmp_path: Path) -> None:
    write(tmp_path / "x.parquet", ".parquet", range(1, 3), target="")
    table = pq.read_table(tmp_path / "x.parquet")
    assert set(table["target"].to_pylist()) == {None} == set(table["bias"].to_pylist())


def test_packed_lines_do_not_tell_the_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, ".gz", range(1, 5))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_digits_tell_every_number_apart() -> None:
    values = np.random.default_rng(1).normal(size=2_000).astype(np.float32)
    found = digits(values)
    np.testing.assert_array_equal(np.array(found, np.float32), values)
    assert max(len(json.dumps(number)) for number in found) <= 15
    assert digits(np.array([np.nan, np.inf, 0.1], np.float32)) == [None, None, 0.1]
