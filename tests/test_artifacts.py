"""Directories of weights: whole or not at all, and every byte accounted for."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from dlnlp.artifacts import (
    CARD,
    ArtifactError,
    amend_artifact,
    available_models,
    json_bytes,
    open_artifact,
    write_artifact,
)

CONFIG = {"format": 1, "model": "han", "class_names": ["negative", "positive"], "rate": 0.1}


def write_small(path, **card):
    files = {
        "config.json": json_bytes(CONFIG),
        "embeddings.npy": lambda file: np.save(file, np.arange(6, dtype=np.float16)),
        "vocabulary.txt": b"<pad>\n<unk>\nfilm\n",
    }
    write_artifact(path, files, {"model": "han", "seed": 3, "metrics": {"accuracy": 0.705}} | card)


@pytest.fixture
def artifact(tmp_path):
    path = tmp_path / "han_small"
    write_small(path)
    return path


def test_round_trip(artifact):
    opened = open_artifact(artifact)
    assert opened.config == CONFIG
    assert opened.card["metrics"] == {"accuracy": 0.705}
    assert set(opened.card["files"]) == {"config.json", "embeddings.npy", "vocabulary.txt"}
    assert opened.file("vocabulary.txt").read_bytes() == b"<pad>\n<unk>\nfilm\n"
    array = np.load(opened.file("embeddings.npy"), allow_pickle=False)
    np.testing.assert_array_equal(array, np.arange(6))


@pytest.mark.parametrize("name", ["card.json", "config.json", "embeddings.npy", "vocabulary.txt"])
def test_every_flipped_byte_is_noticed(artifact, name):
    file = artifact / name
    whole = file.read_bytes()
    for position in range(len(whole)):
        changed = bytearray(whole)
        changed[position] ^= 1 << position % 8
        file.write_bytes(changed)
        with pytest.raises(ArtifactError):
            open_artifact(artifact)
    file.write_bytes(whole)
    open_artifact(artifact)


@pytest.mark.parametrize("name", ["card.json", "config.json", "embeddings.npy", "vocabulary.txt"])
def test_a_missing_or_cut_file_is_named_with_the_remedy(artifact, name):
    whole = (artifact / name).read_bytes()
    for damage in (lambda file: file.write_bytes(whole[:-1]), lambda file: file.unlink()):
        damage(artifact / name)
        with pytest.raises(ArtifactError) as caught:
            open_artifact(artifact)
        assert str(artifact / name) in str(caught.value)
        assert "git checkout -- weights/han_small" in str(caught.value)


def test_no_directory(tmp_path):
    with pytest.raises(ArtifactError, match="there is no directory .*absent.*train"):
        open_artifact(tmp_path / "absent")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff\xfe", b'{"format": NaN}', b"[" * 100_000]
)
def test_an_unreadable_card(artifact, content):
    (artifact / CARD).write_bytes(content)
    with pytest.raises(ArtifactError, match=r"card\.json is not (readable JSON|a JSON object)"):
        open_artifact(artifact)


@pytest.mark.parametrize("damage", [{"seed": 4}, {"files": {}}, {"x": "\ud800"}, {"format": True}])
def test_a_rewritten_card_is_noticed(artifact, damage):
    card = json.loads((artifact / CARD).read_bytes()) | damage
    (artifact / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"card\.json has changed"):
        open_artifact(artifact)


def test_an_infinite_number_in_the_card(artifact):
    text = (artifact / CARD).read_text(encoding="utf-8").replace('"seed": 3', '"seed": 1e999')
    (artifact / CARD).write_text(text, encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"card\.json has changed"):
        open_artifact(artifact)


def test_a_newer_format_asks_for_an_update(artifact):
    card = json.loads((artifact / CARD).read_bytes()) | {"format": 2}
    (artifact / CARD).write_bytes(json_bytes(card))
    with pytest.raises(ArtifactError, match=r"format 2 and this program reads 1; update"):
        open_artifact(artifact)


def test_links_are_refused(artifact):
    (artifact / "extra.bin").symlink_to("/etc/hostname")
    with pytest.raises(ArtifactError, match=r"extra\.bin is a link"):
        open_artifact(artifact)


def test_an_unlisted_file_is_not_handed_out(artifact):
    (artifact / "network.onnx").write_bytes(b"x")
    with pytest.raises(ArtifactError, match=r"card\.json does not list network\.onnx"):
        open_artifact(artifact).file("network.onnx")


def test_a_new_version_replaces_the_old_one_whole(artifact):
    (artifact / "left_over.txt").write_bytes(b"from before")
    write_small(artifact, seed=9)
    assert open_artifact(artifact).card["seed"] == 9
    assert not (artifact / "left_over.txt").exists()
    assert os.listdir(artifact.parent) == ["han_small"]


def test_what_is_amended_is_added_and_the_rest_stays(artifact):
    before = open_artifact(artifact)
    kept = {name: before.file(name).read_bytes() for name in before.card["files"]}
    amend_artifact(before, {"seed": 4, "baselines": {"linear": 0.6}}, {"record.json": b"{}"})
    after = open_artifact(artifact)
    assert {name: after.file(name).read_bytes() for name in kept} == kept
    assert set(after.card["files"]) == {*kept, "record.json"}
    assert after.card["seed"] == 4 and after.card["baselines"] == {"linear": 0.6}
    assert after.card["metrics"] == before.card["metrics"]


def fail(file):
    file.write_bytes(b"half")
    raise OSError("disk full")


@pytest.mark.parametrize(
    ("files", "card", "error"),
    [
        ({"weights.bin": fail}, {}, OSError),
        ({"weights.bin": lambda file: None}, {}, FileNotFoundError),
        ({}, {"loss": float("nan")}, ValueError),
        ({}, {"path": Path("x")}, TypeError),
    ],
)
def test_a_failure_leaves_the_old_version_and_nothing_else(artifact, files, card, error):
    with pytest.raises(error):
        write_artifact(artifact, {"config.json": b"{}"} | files, card)
    assert open_artifact(artifact).card["seed"] == 3
    assert os.listdir(artifact.parent) == ["han_small"]


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_nothing_but_weights_is_replaced(tmp_path: Path, kind: str) -> None:
    path, mine = tmp_path / "thesis", tmp_path / "mine"
    mine.mkdir()
    (mine / "chapter.txt").write_text("two years")
    if kind == "folder":
        mine.rename(path)
    elif kind == "file":
        path.write_text("two years")
    else:
        path.symlink_to(mine)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ArtifactError, match="is no directory of weights"):
        write_artifact(path, {"config.json": b"{}"}, {})
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_may_become_one_and_long_names_are_fine(tmp_path: Path) -> None:
    path = tmp_path / ("w" * 255)
    path.mkdir()
    for _ in range(2):
        write_artifact(path, {"config.json": b"{}"}, {})
    assert open_artifact(path).config == {}
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_failed_exchange_puts_the_old_version_back(artifact, monkeypatch):
    rename = Path.rename

    def refuse(self, target):
        if self.name.endswith(".part"):
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="no"):
        write_small(artifact, seed=9)
    assert open_artifact(artifact).card["seed"] == 3
    assert os.listdir(artifact.parent) == ["han_small"]


@pytest.mark.parametrize("name", ["", "..", "a/b", "../x", "card.json", "c:x"])
def test_names_that_leave_the_directory_are_refused(tmp_path, name):
    with pytest.raises(ValueError, match="plain file name"):
        write_artifact(tmp_path / "m", {"config.json": b"{}", name: b""}, {})


def test_a_directory_without_config_is_not_written(tmp_path):
    with pytest.raises(ValueError, match=r"config\.json"):
        write_artifact(tmp_path / "m", {"a.bin": b""}, {})


def test_available_models(tmp_path):
    assert available_models(tmp_path / "absent") == ()
    write_small(tmp_path / "b")
    write_small(tmp_path / "a")
    (tmp_path / "empty").mkdir()
    (tmp_path / ".a.123.old").mkdir()
    (tmp_path / ".a.123.old" / CARD).write_text("{}")
    assert available_models(tmp_path) == ("a", "b")
    (tmp_path / "a" / CARD).unlink()
    (tmp_path / "b" / "config.json").unlink()
    assert available_models(tmp_path) == ("a", "b"), "opening them says what is missing"
