"""One run at a time works in a folder; what goes on is said."""

from pathlib import Path

import pytest

from train.checkpoints import FolderInUseError, claimed, from_checkpoint
from train.mnist_cnn import main


def test_a_folder_is_claimed_once_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    for _ in range(2):
        with claimed(folder):
            assert not folder.exists()
            with pytest.raises(FolderInUseError, match="another run is using"), claimed(folder):
                pass
            with claimed(tmp_path / "new" / "other"):
                pass


def test_a_second_run_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    training = pytest.importorskip("train.digits.mnist_cnn_training")
    monkeypatch.setattr(training, "read_data", lambda: None)
    with claimed(tmp_path / "c"):
        given = ["--checkpoints", str(tmp_path / "c"), "--output", str(tmp_path / "o")]
        assert main(given) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"another run is using {tmp_path / 'c'}: ")


def test_what_goes_on(tmp_path: Path) -> None:
    then = from_checkpoint(tmp_path)
    assert then() == "it starts from the beginning, as there is no checkpoint yet"
    (tmp_path / "seed1" / "model").mkdir(parents=True)
    (tmp_path / "seed1" / "model" / "newest.npz").write_bytes(b"")
    assert then() == f"it goes on from the last checkpoint in {tmp_path}"
