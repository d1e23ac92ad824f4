"""What is under way is renamed or removed, whoever ends it."""

from pathlib import Path

import pytest

from dlnlp import temporary


def test_what_is_not_renamed_is_removed(tmp_path: Path) -> None:
    with temporary.beside(tmp_path / "a") as fresh:
        fresh.write_text("new")
        assert fresh.parent == tmp_path and fresh.name.startswith(".a.")
        fresh.replace(tmp_path / "a")
    with pytest.raises(RuntimeError), temporary.beside(tmp_path / "b") as fresh:
        fresh.mkdir()
        (fresh / "part").write_text("half")
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("name", ["a" * 255, "ü" * 127, "👍" * 63])
def test_names_as_long_as_names_may_be(tmp_path: Path, name: str) -> None:
    with temporary.beside(tmp_path / name) as fresh:
        fresh.write_text("new")
        fresh.replace(tmp_path / name)
    assert (tmp_path / name).read_text() == "new"


def test_all_that_is_under_way_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary, "exchange", temporary.threading.Lock())
    (tmp_path / "kept").write_text("old")
    with temporary.beside(tmp_path / "a") as fresh, temporary.removed(tmp_path / "b") as other:
        fresh.mkdir()
        (fresh / "part").write_text("half")
        other.write_text("half")
        temporary.remove_all()
        assert [path.name for path in tmp_path.iterdir()] == ["kept"]
