"""The page of all cards, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts
from dlnlp.artifacts import available_models, json_bytes, open_artifact, write_artifact


@pytest.fixture
def models(app: AppTest) -> AppTest:
    app.run()
    app.switch_page("pages/models.py").run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    return " ".join(str(element.value) for element in (*app.markdown, *app.text, *app.metric))


def test_the_first_card_is_open_and_each_can_be(models: AppTest) -> None:
    names = available_models()
    for name in names:
        models.segmented_control(key="network").set_value(name).run()
        assert not models.exception and not models.error
        (table,) = (t.value for t in models.table if "measure" in t.value.columns)
        assert list(table.columns) == ["measure", *names]
        hashes = next(t.value for t in models.dataframe if "sha256" in t.value.columns)
        assert "network.onnx" in set(hashes["file"])
        assert "Intended use" in text_of(models) and "Limits" in text_of(models)


def test_the_choice_survives_a_change_of_page(models: AppTest) -> None:
    models.segmented_control(key="network").set_value("mnist_cnn").run()
    models.switch_page("pages/home.py").run()
    models.switch_page("pages/models.py").run()
    assert models.segmented_control(key="network").value == "mnist_cnn"


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
    assert app.segmented_control(key="network").value == "kim_cnn"


def test_a_damaged_card_is_told_and_the_others_are_shown(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "other"):
        write_artifact(tmp_path / name, {"config.json": json_bytes({})}, {"model": name})
    (tmp_path / "one" / "config.json").write_text("{ }")
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.run()
    app.switch_page("pages/models.py").run()
    assert not app.exception and len(app.error) == 1
    assert f"{tmp_path / 'one' / 'config.json'} has changed" in app.text[0].value
    assert app.segmented_control(key="network").options == ["other"]


def test_without_weights_there_is_a_remedy(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.run()
    app.switch_page("pages/models.py").run()
    assert not app.exception and "git checkout" in app.text[0].value
