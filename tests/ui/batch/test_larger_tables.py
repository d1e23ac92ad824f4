"""The commands for larger tables are commands that there are."""

import shlex
from pathlib import Path

import pytest

from dlnlp import artifacts
from dlnlp.__main__ import main
from dlnlp.ui.batch.larger_tables import commands
from tests.tiny_han import write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn


@pytest.mark.parametrize("model", ["han_stars", "kim_cnn"])
def test_both_commands_run(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny_han(tmp_path / "han_stars")
    write_tiny_kim_cnn(tmp_path / "kim_cnn")
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("reviews.csv").write_text("text\n" + "good film\nbad phone\n" * 3)
    for command in commands(model):
        start, words = shlex.split(command)[:3], shlex.split(command)[3:]
        assert start == ["python", "-m", "dlnlp"]
        assert main(words) == 0
    assert {"scored.csv", "explained.parquet", "words.csv"} <= {p.name for p in Path().iterdir()}
