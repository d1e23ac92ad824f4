"""The shipped networks and the visitor's own; one that was trained again is opened again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from dlnlp import artifacts, catalogue
from dlnlp.cards import model_title
from dlnlp.ui.models import comparison
from dlnlp.ui.shell import loading, networks, workshops
from tests.tiny_kim_cnn import write_tiny_kim_cnn


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    st.cache_resource.clear()
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path / "weights")
    monkeypatch.setenv(catalogue.VARIABLE, str(tmp_path / "models"))
    monkeypatch.setattr(st, "session_state", {})
    write_tiny_kim_cnn(tmp_path / "weights" / "kim_cnn")
    yield tmp_path
    st.cache_resource.clear()


def test_a_visitors_networks_come_last_and_are_nobody_elses(
    monkeypatch: pytest.MonkeyPatch, places: Path
) -> None:
    assert networks.mine() == () and networks.text_models() == ("kim_cnn",)
    name = networks.marked("hotels")
    folder = workshops.make_mine().networks
    write_tiny_kim_cnn(folder / name)
    assert networks.text_models("kim_cnn") == ("kim_cnn", name)
    assert networks.text_models("han") == ()
    assert networks.own_models() == (name,) and model_title(name) == "hotels"
    assert networks.directory(name) == folder / name
    assert loading.predictor(name).name == name
    monkeypatch.setattr(st, "session_state", {})
    assert networks.text_models() == ("kim_cnn",)
    assert not networks.directory(name).exists()
    with pytest.raises(artifacts.ArtifactError):
        loading.predictor(name)


def test_names_are_free_and_marks_never_the_same() -> None:
    folder = workshops.make_mine().networks
    first = networks.marked("hotels")
    write_tiny_kim_cnn(folder / first)
    assert networks.marked("hotels") != first
    assert networks.free_title("hotels") == "hotels_2" and networks.free_title("inns") == "inns"
    new = networks.rename(first, "inns")
    assert networks.mine() == (new,) and model_title(new) == "inns"
    assert networks.find(first) == networks.find(new) == new, "its mark stays"
    networks.delete(new)
    assert networks.mine() == () and networks.find(first) is None
    networks.delete("kim_cnn")
    assert networks.text_models() == ("kim_cnn",), "only what is the visitor's is deleted"


def test_a_damaged_network_stops_no_list() -> None:
    folder = workshops.make_mine().networks
    (folder / "broken~1").mkdir()
    (folder / "broken~1" / "card.json").write_text("{")
    assert networks.mine() == ("broken~1",) and networks.text_models() == ("kim_cnn",)


def test_a_network_trained_anew_under_its_name_is_opened_anew(places: Path) -> None:
    path = places / "models" / "hotels"
    write_tiny_kim_cnn(path, class_names=("bad", "good"))
    first = loading.predictor("hotels")
    said = loading.read_sentiment("hotels", "good film").result
    assert loading.predictor("hotels") is first and said is not None
    assert comparison.summary("hotels").card["card_sha256"] == first.card["card_sha256"]
    write_tiny_kim_cnn(path, seed=5, class_names=("no", "yes"))
    second = loading.predictor("hotels")
    assert second is not first and second.class_names == ("no", "yes")
    again = loading.read_sentiment("hotels", "good film").result
    assert again is not None and again.class_names == ("no", "yes")
    assert comparison.summary("hotels").card["card_sha256"] == second.card["card_sha256"]
    assert loading.predictor("kim_cnn") is loading.predictor("kim_cnn")
