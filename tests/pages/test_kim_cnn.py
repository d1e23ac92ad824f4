"""The Kim CNN page without a browser, on a tiny untrained network."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts, datasets
from dlnlp.examples.texts import KIM_EXAMPLES
from dlnlp.explain import text_attribution
from dlnlp.explain.attribution import METHODS as RECORDS
from dlnlp.ui.kim_cnn import explaining
from dlnlp.ui.kim_cnn.flow import DRAWING as DRAWN
from dlnlp.ui.kim_cnn.methods import KIM, MAIN, METHODS
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.parts import COMPARE, MAP, NETWORK
from dlnlp.ui.shell.permalink import encode_text
from tests.pages import review_editor
from tests.pages.review_editor import (
    BARS,
    SHADED,
    act,
    components,
    prediction,
    shaded,
    shaded_words,
    told,
)
from tests.tiny_kim_cnn import write_tiny_kim_cnn

DRAWING = "dlnlp.kim_cnn_flow"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    write_tiny_kim_cnn(root / "kim_cnn")
    return root


def open_page(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch, **query: str
) -> AppTest:
    """The page after its first run, on a machine without data sets."""
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setattr(datasets, "find", lambda name: None)
    app.run()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("pages/kim_cnn.py").run()
    assert not app.exception
    return app


@pytest.fixture
def kim(app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    yield open_page(app, weights, monkeypatch)


def open_part(app: AppTest, title: str) -> None:
    app.session_state[KIM.setting("part")] = title
    app.run()
    assert not app.exception


def write(app: AppTest, text: str) -> None:
    review_editor.write(app, KIM, text)


def choose(app: AppTest, method: str) -> None:
    if method in MAIN:
        app.segmented_control(key=KIM.key("main_methods")).set_value(method).run()
    else:
        app.menu_button(key=KIM.key("more_methods")).click(method).run()
    assert not app.exception


def test_opens_with_a_result(kim: AppTest) -> None:
    assert kim.session_state[KIM.text] == KIM_EXAMPLES[0].text
    assert "Probability of a positive review" in prediction(kim)
    assert shaded_words(kim)[:5] == ["The", "first", "hour", "is", "a"]
    open_part(kim, NETWORK)
    (drawing,) = components(kim, DRAWING)
    assert drawing["many_words"] == 88 - 28  # it reads 60 words


def test_examples_fill_the_text(kim: AppTest) -> None:
    for example in KIM_EXAMPLES:
        kim.menu_button(key=KIM.key("example")).click(example.label).run()
        assert not kim.exception
        assert kim.session_state[KIM.text] == told(kim)["text"] == example.text
        assert all(word in example.text for word in shaded_words(kim))


def test_methods_change_the_scale(kim: AppTest) -> None:
    write(kim, "The film is very good but not great. I stopped!")
    titles = []
    for name, method in METHODS.items():
        choose(kim, name)
        words = told(kim)["shading"]["words"]
        titles.append(words["scale"]["title"])
        assert words["scale"]["kind"] == ("diverging" if RECORDS[name].signed else "sequential")
        assert words["columns"][0] == method.column
    assert len(set(titles)) == len(METHODS)


@pytest.mark.parametrize(
    "text",
    [
        "good",
        "<script>alert(1)</script> good <img src=x onerror=alert(1)>",
        "🙂👍🏽 good 👨‍👩‍👧",
        "这部电影很好看。我喜欢。",
        "good\0bad",
        "كتاب جميل جدا. ספר טוב",
        "$x$ `code` _under_ **bold** :smile: [link](javascript:alert(1)) <b>",
        "x" * 20_000,
        "=1+1 @good",
        "",
        "   \n ",
        "--- ---",
    ],
)
def test_hostile_text_has_a_sensible_view(kim: AppTest, text: str) -> None:
    write(kim, text)
    assert (shaded(kim) is None) == (len(kim.info) == 1)
    for element in [*kim.markdown, *kim.caption, *kim.header, *kim.info]:
        assert "alert(1)" not in element.value
    for element in kim.get("html"):
        assert "<script" not in element.proto.body and "<img" not in element.proto.body
    assert told(kim)["text"] == text
    assert all(word in text for word in shaded_words(kim))


def test_a_megabyte_is_answered(kim: AppTest) -> None:
    write(kim, "good bad film. " * 66_000)
    shading = shaded(kim)
    assert shading is not None
    assert len(json.dumps(shading)) < 100_000 and "Not read" in shading["rest"][0]["note"]
    write(kim, "good " * 250_000)
    assert len(kim.info) == 1 and "1,000,000" in kim.info[0].value


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


def test_a_word_is_deleted_by_the_panel(kim: AppTest) -> None:
    write(kim, "the good film! it is bad")
    act(kim, KIM, "delete", "bad")
    assert kim.session_state[KIM.text] == "the good film! it is"


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


def test_link_restores_the_view(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "A good film & a <b>bad</b> one."
    encoded = encode_text(text)
    assert encoded is not None
    open_page(app, weights, monkeypatch, method="unknown", text=encoded)
    assert app.session_state[KIM.text] == text
    assert told(app)["shading"]["words"]["columns"][0] == METHODS["unknown"].column
    app.session_state[KIM.key("take_away")] = True
    app.run()
    (link,) = [code.value for code in app.code if "text=" in code.value]
    shared = parse_qs(urlsplit(link).query)
    assert shared["method"] == ["unknown"] and shared["text"] == [encoded]
    write(app, "something else that is good")
    assert "text" not in app.query_params


def test_bad_links_show_an_example_and_say_why(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page(app, weights, monkeypatch, model="../x", method="<b>", text="%%%")
    assert app.session_state[KIM.text] == KIM_EXAMPLES[0].text
    assert told(app)["shading"]["words"]["columns"][0] == METHODS["evidence"].column
    assert "damaged" in app.warning[0].value


def test_text_and_method_survive_a_change_of_page(kim: AppTest) -> None:
    write(kim, "a good book")
    choose(kim, "delete")
    kim.switch_page("pages/home.py").run()
    kim.switch_page("pages/kim_cnn.py").run()
    assert kim.session_state[KIM.text] == "a good book"
    assert told(kim)["shading"]["words"]["columns"][0] == METHODS["delete"].column


def test_a_change_is_compared_with_the_kept_version(kim: AppTest) -> None:
    write(kim, "the film is good")
    next(button for button in kim.button if button.label == "Keep this version").click().run()
    write(kim, "the film is bad")
    assert any("Since the version you kept" in line.value for line in kim.markdown)
    open_part(kim, COMPARE)
    assert len(components(kim, SHADED)) == 2 and kim.table[0].value["answer"].tolist() == [
        "positive"
    ]


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


def test_broken_weights_say_so(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_kim_cnn(tmp_path / "kim_cnn")
    (tmp_path / "kim_cnn" / "filters.json").write_text("{}\n")
    open_page(app, tmp_path, monkeypatch)
    assert len(app.error) == 1
    assert any("filters.json" in text.value for text in app.text)


def test_without_weights_there_is_a_remedy(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page(app, tmp_path, monkeypatch)
    assert "git checkout" in app.text[0].value


def test_card_and_calibration_are_shown(kim: AppTest) -> None:
    assert any("temperature of 1.10" in text.value for text in kim.markdown)

    def shown() -> bool:
        return any("Accuracy" in str(frame.value.to_dict()) for frame in kim.dataframe)

    assert not shown(), "the card is made when somebody opens it"
    kim.session_state["card Kim CNN · film reviews"] = True
    kim.run()
    assert shown()
