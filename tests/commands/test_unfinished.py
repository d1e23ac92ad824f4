"""The folder of an output that is made in parts: one run at a time, and only what is whole."""

from pathlib import Path

import pytest

from dlnlp.commands.unfinished import Fingerprints, Unfinished, UnfinishedError
from dlnlp.tables.reader import BadRow, Row

RUN = {"method": "evidence", "model": "kim_cnn"}


def test_parts_are_there_again(tmp_path: Path) -> None:
    first = Unfinished(tmp_path / "out", RUN)
    for text in "ab":
        first.next_file().write_text(text)
        first.add(16, 15, f"sum {text}")
    first.close()
    again = Unfinished(tmp_path / "out", RUN)
    assert [path.read_text() for path in again.files] == ["a", "b"]
    assert (again.items, again.parts[1].explained, again.parts[1].fingerprint) == (32, 15, "sum b")
    assert "goes on behind 32 rows" in again.kept()
    again.remove()
    assert list(tmp_path.iterdir()) == []


def test_one_run_at_a_time(tmp_path: Path) -> None:
    first = Unfinished(tmp_path / "out", RUN)
    with pytest.raises(UnfinishedError, match="another run writes .*out: wait"):
        Unfinished(tmp_path / "out", RUN)
    first.close()
    Unfinished(tmp_path / "out", RUN).close()
    assert list(tmp_path.iterdir()) == []  # without a part, nothing stays


def test_another_run_is_refused_and_told_apart(tmp_path: Path) -> None:
    first = Unfinished(tmp_path / "out", RUN)
    first.add(16, 16, "")
    first.close()
    with pytest.raises(UnfinishedError, match="with another model: run that command again, or"):
        Unfinished(tmp_path / "out", RUN | {"model": "han_imdb"})
    assert Unfinished(tmp_path / "out", RUN).items == 16  # and the lock was let go


def test_sums_tell_rows_apart_also_when_they_are_read_ahead() -> None:
    rows = [Row(2, ("a", "b")), BadRow(3, 3, "bad"), Row(4, ("\ud800",)), Row(5, ("c",))]

    def sums(given: list[Row | BadRow]) -> list[str]:
        prints = Fingerprints(2)
        read = len(list(prints.through(given)))
        return [prints.taken() for _ in range(-(-read // 2))] + [prints.now]

    assert sums(rows) == sums(list(rows)) and len(set(sums(rows))) == 2
    assert sums(rows[:3])[0] == sums(rows)[0] != sums([Row(2, ("ab", "")), *rows[1:]])[0]
    prints = Fingerprints(2)
    stream = prints.through(iter(rows))
    next(stream), next(stream)
    assert prints.now == sums(rows)[0]
