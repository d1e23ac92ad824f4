"""The Kim CNN page without a browser, on a tiny untrained network."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.explain import text_attribution
from dlnlp.ui.kim_cnn import explaining
from dlnlp.ui.kim_cnn.flow import DRAWING as DRAWN
from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.parts import COMPARE, MAP, NETWORK
from tests.pages import review_editor
from tests.pages.review_editor import (
    BARS,
    SHADED,
    components,
    told,
)
from tests.ui.drawn_tables import tables

DRAWING = "dlnlp.kim_cnn_flow"


@pytest.fixture
def kim(app: AppTest, tiny_weights: Path) -> AppTest:
    """The page after its first run."""
    app.switch_page("pages/kim_cnn.py").run()
    assert not app.exception
    return app


def open_part(app: AppTest, title: str) -> None:
    app.session_state[KIM.setting("part")] = title
    app.run()
    assert not app.exception


def write(app: AppTest, text: str) -> None:
    review_editor.write(app, KIM, text)


def test_opens_with_the_network_drawn(kim: AppTest) -> None:
    open_part(kim, NETWORK)
    (drawing,) = components(kim, DRAWING)
    assert drawing["many_words"] == 88 - 28  # it reads 60 words


def test_a_class_is_explained_by_its_bar_and_its_numbers_mirror_the_others(kim: AppTest) -> None:
    write(kim, "the good film! it is bad")
    shades = []
    for target, name in (("predicted", "positive"), ("1", "negative"), ("2", "positive")):
        kim.session_state[KIM.setting("target")] = target
        kim.run()
        words = told(kim)["shading"]["words"]
        assert words["scale"]["high"].endswith(f"for {name}")
        shades.append(words["shades"])
    assert shades[0] == shades[2] == [-shade for shade in shades[1]]
    (bars,) = components(kim, BARS)
    assert bars["enabled"] and bars["bars"][bars["target"]]["name"] == "positive"
    choose(kim, "gradient_norm")
    (bars,) = components(kim, BARS)
    assert not bars["enabled"] and bars["target"] == -1 and "shade by Contribution" in bars["note"]


def test_the_network_is_drawn_for_the_text_and_for_what_is_asked(kim: AppTest) -> None:
    open_part(kim, NETWORK)
    write(kim, "the good film")
    (drawing,) = components(kim, DRAWING)
    result = loading.read_sentiment("kim_cnn", "the good film").result
    assert result is not None
    assert drawing["words"]["text"] == ["the", "good", "film"]
    assert drawing["target"] == drawing["first_target"] == 1
    assert drawing["predicted"] == result.predicted
    assert len(drawing["filters"]["number"]) == (result.pooled > 0).sum()
    known = [each["number"] for each in drawing["details"]]
    other = next(number for number in range(18) if number not in known)
    choice = {"chosen": 0, "instead_of": 1}
    kim.session_state[DRAWN] = {"opened": other, "query": "good", "target": choice}
    kim.run()
    assert not kim.exception
    (asked,) = components(kim, DRAWING)
    assert [each["number"] for each in asked["details"]] == [*known, other]
    assert asked["found"]["query"] == "good"
    assert asked["logit"] == pytest.approx(-drawing["logit"])
    write(kim, "another bad phone")
    (later,) = components(kim, DRAWING)
    assert other in [each["number"] for each in later["details"]]


def test_both_maps_are_drawn(kim: AppTest) -> None:
    open_part(kim, MAP)
    maps = [json.loads(chart.proto.spec) for chart in kim.get("plotly_chart")]
    assert len(maps) == 2
    for figure in maps:
        assert {"nearest", "your review"} <= {trace["name"] for trace in figure["data"]}


def test_a_change_is_compared_with_the_kept_version(kim: AppTest) -> None:
    write(kim, "the film is good")
    next(button for button in kim.button if button.label == "Keep this version").click().run()
    write(kim, "the film is bad")
    assert any("Since the version you kept" in line.value for line in kim.markdown)
    open_part(kim, COMPARE)
    assert len(components(kim, SHADED)) == 2 and tables(kim)[0]["answer"] == ["positive"]


def choose(app: AppTest, method: str) -> None:
    app.session_state[KIM.setting("method")] = method
    app.run()
    assert not app.exception


def test_rerun_without_a_change_computes_nothing(
    kim: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(kim, "delete")
    choose(kim, "evidence")

    def refuse(*arguments: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(loading.KimCnnPredictor, "predict", refuse)
    monkeypatch.setattr(explaining, "evidence", refuse)
    for name in ("saliency", "network_effects"):
        monkeypatch.setattr(text_attribution, name, refuse)
    kim.run()
    choose(kim, "delete")


def test_a_method_is_computed_only_when_it_is_chosen(
    kim: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("computed unasked")

    for name in ("saliency", "network_effects"):
        monkeypatch.setattr(text_attribution, name, refuse)
    write(kim, "the film is good")


def test_card_and_calibration_are_shown(kim: AppTest) -> None:
    assert any("temperature of 1.10" in text.value for text in kim.markdown)

    def shown() -> bool:
        return any("Accuracy" in str(frame.value.to_dict()) for frame in kim.dataframe)

    assert not shown(), "the card is made when somebody opens it"
    kim.session_state["card Kim CNN · film reviews"] = True
    kim.run()
    assert shown()
