"""Which networks are found: the shipped ones, then one's own; a damaged own one stops nothing."""

from pathlib import Path

import pytest

from dlnlp import artifacts, catalogue


def directory(folder: Path, name: str, config: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "card.json").write_text("{}")
    (folder / name / "config.json").write_text(config)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    shipped, own = tmp_path / "weights", tmp_path / "own"
    monkeypatch.setattr(artifacts, "WEIGHTS", shipped)
    monkeypatch.setenv(catalogue.VARIABLE, str(own))
    directory(shipped, "han_x", '{"model": "han"}')
    directory(shipped, "kim_x", '{"model": "kim_cnn"}')
    directory(shipped, "digits", '{"model": "mnist_cnn"}')
    directory(shipped, "broken", "{")
    return shipped, own


def test_shipped_ones_come_first_and_broken_ones_are_among_them(places: tuple[Path, Path]) -> None:
    shipped, own = places
    assert catalogue.text_models() == ("broken", "han_x", "kim_x")
    directory(own, "a_hotels", '{"model": "han"}')
    directory(own, "b_hotels", '{"model": "kim_cnn"}')
    directory(own, "foreign", "[]")
    (own / "file").write_text("no directory")
    assert catalogue.own_models() == ("a_hotels", "b_hotels", "foreign")
    assert catalogue.text_models() == ("broken", "han_x", "kim_x", "a_hotels", "b_hotels")
    assert catalogue.text_models("han") == ("broken", "han_x", "a_hotels")
    assert catalogue.directory("a_hotels") == own / "a_hotels"
    assert catalogue.directory("han_x") == shipped / "han_x"
    assert catalogue.directory("nothing") == shipped / "nothing"


def test_an_own_network_never_takes_the_place_of_a_shipped_one(places: tuple[Path, Path]) -> None:
    shipped, own = places
    directory(own, "han_x", '{"model": "kim_cnn"}')
    assert catalogue.own_models() == ()
    assert catalogue.directory("han_x") == shipped / "han_x"


def test_own_networks_lie_among_the_users_data_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(catalogue.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/nowhere/data")
    assert catalogue.own_folder().parts[-2:] == ("dlnlp", "models")
    assert catalogue.text_models() == tuple(
        name for name in artifacts.available_models() if name != "mnist_cnn"
    )
