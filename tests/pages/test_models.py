"""The page of all cards, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts
from dlnlp.artifacts import available_models, json_bytes, open_artifact, write_artifact
from dlnlp.cards import model_title
from dlnlp.ui.shell.model_card import SECTIONS
from tests.ui.drawn_tables import tables


@pytest.fixture
def models(app: AppTest) -> AppTest:
    app.switch_page("pages/models.py").run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    return " ".join(str(element.value) for element in (*app.markdown, *app.text, *app.metric))


def test_each_card_can_be_opened_and_names_are_the_same_everywhere(models: AppTest) -> None:
    names = available_models()
    titles = [model_title(name) for name in names]
    assert models.segmented_control(key="models_network").options == titles
    for name in names:
        models.segmented_control(key="models_network").set_value(name).run()
        assert not models.exception and not models.error
        (table,) = (each for each in tables(models) if "test error" in each)
        assert list(table["network"]) == [f"**{title}**" for title in titles]
        assert models.header[0].value == model_title(name)
        assert [tab.label for tab in models.tabs] == list(SECTIONS)
        shown = " ".join(str(frame.value.values) for frame in models.dataframe)
        card = open_artifact(artifacts.WEIGHTS / name).card
        assert card["files"]["network.onnx"] not in shown, "hashes are for the download"


def test_the_choice_survives_a_change_of_page(models: AppTest) -> None:
    models.segmented_control(key="models_network").set_value("mnist_cnn").run()
    models.switch_page("pages/home.py").run()
    models.switch_page("pages/models.py").run()
    assert models.segmented_control(key="models_network").value == "mnist_cnn"


@pytest.mark.parametrize("asked", ["nowhere", "<script>", "x" * 5000, ""])
def test_a_link_to_no_network_shows_the_first(app: AppTest, asked: str) -> None:
    app.query_params["network"] = asked
    app.switch_page("pages/models.py").run()
    assert not app.exception
    first = open_artifact(artifacts.WEIGHTS / available_models()[0]).card
    assert first["architecture"] in text_of(app)


def test_a_link_opens_its_card(app: AppTest) -> None:
    app.query_params["network"] = "kim_cnn"
    app.switch_page("pages/models.py").run()
    assert app.segmented_control(key="models_network").value == "kim_cnn"


def test_a_damaged_card_is_told_and_the_others_are_shown(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "other"):
        write_artifact(tmp_path / name, {"config.json": json_bytes({})}, {"model": name})
    (tmp_path / "one" / "config.json").write_text("{ }")
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.switch_page("pages/models.py").run()
    assert not app.exception and len(app.error) == 1
    assert f"{tmp_path / 'one' / 'config.json'} has changed" in app.text[0].value
    assert app.segmented_control(key="models_network").options == ["other"]


def test_without_weights_there_is_a_remedy(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.switch_page("pages/models.py").run()
    assert not app.exception and "git checkout" in app.text[0].value


def test_the_address_follows_the_choice(models: AppTest) -> None:
    assert not dict(models.query_params)
    models.segmented_control(key="models_network").set_value("kim_cnn").run()
    assert models.query_params["network"] in ("kim_cnn", ["kim_cnn"])
    assert models.segmented_control(key="models_network").value == "kim_cnn"


def test_own_networks_follow_the_shipped_ones_and_a_damaged_one_is_one_line(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLNLP_MODELS", str(tmp_path))
    (tmp_path / "hotels").symlink_to(artifacts.WEIGHTS / "kim_cnn")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "config.json").write_text("[]")
    app.switch_page("pages/models.py").run()
    assert not app.exception
    names = [*(model_title(name) for name in available_models()), "hotels"]
    assert app.segmented_control(key="models_network").options == names
    (error,) = app.error
    assert "foreign" in error.value
    app.segmented_control(key="models_network").set_value("hotels").run()
    assert app.header[0].value == "hotels"
