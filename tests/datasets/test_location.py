import os
from pathlib import Path

import pytest

from dlnlp.datasets import DATASETS, DatasetError, cache_directory, find, iterate, locate
from dlnlp.datasets.location import _platform_caches


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DLNLP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(
        "DLNLP_DATA", os.pathsep.join(["", str(tmp_path / "one"), str(tmp_path / "two")])
    )
    for name in ("cache", "one", "two"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_find_prefers_the_folders_of_dlnlp_data_in_their_order(folders: Path) -> None:
    assert find("imdb") is None
    for name in ("cache", "two", "one"):
        (folders / name / "aclImdb_v1.tar.gz").write_bytes(b"")
        assert find("imdb") == folders / name / "aclImdb_v1.tar.gz"


def test_find_takes_no_folder_for_a_file_and_no_partial_download(folders: Path) -> None:
    (folders / "one" / "mnist.npz").mkdir()
    (folders / "cache" / "mnist.npz.part").write_bytes(b"")
    assert find("mnist") is None


def test_find_does_not_verify_contents(folders: Path) -> None:
    (folders / "two" / "mnist.npz").write_bytes(b"a copy whose checksum differs")
    assert find("mnist") == folders / "two" / "mnist.npz" == locate("mnist")


def test_locating_what_has_no_address_names_the_remedy() -> None:
    with pytest.raises(DatasetError, match=r"put reviews5_csv\.tar\.gz into .* DLNLP_DATA"):
        locate("reviews5")


def test_unknown_names_and_splits_are_refused_at_once(folders: Path) -> None:
    with pytest.raises(DatasetError, match="'yelp': choose one of reviews5, amazon_full"):
        find("yelp")
    with pytest.raises(DatasetError, match="imdb has no split 'validation': .*train, test, unsup"):
        iterate("imdb", "validation")
    with pytest.raises(DatasetError, match="mnist holds no texts"):
        iterate("mnist", "train")
    with pytest.raises(DatasetError, match=r"aclImdb_v1\.tar\.gz is not there: download it"):
        iterate("imdb", "train")
    with pytest.raises(DatasetError, match=r"nowhere\.tgz is not there"):
        iterate("amazon_full", "train", path=folders / "nowhere.tgz")


def test_the_cache_is_where_the_platform_keeps_caches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache_directory() == tmp_path / "cache"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert _platform_caches("linux") == tmp_path / "xdg"
    assert _platform_caches("win32") == tmp_path / "local"
    assert _platform_caches("darwin") == tmp_path / "Library" / "Caches"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert _platform_caches("linux") == tmp_path / ".cache"
    monkeypatch.delenv("DLNLP_CACHE")
    assert cache_directory().name == "dlnlp"


def test_the_registry_is_consistent() -> None:
    for name, spec in DATASETS.items():
        assert spec.name == name
        assert spec.splits[:2] == ("train", "test")
        assert spec.url is None or spec.url.startswith("https://")
        assert spec.url is None or spec.url.endswith("/" + spec.file_name)
        if spec.checksum is not None:
            assert len(spec.checksum[1]) == {"md5": 32, "sha256": 64}[spec.checksum[0]]
