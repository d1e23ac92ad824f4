"""What both pages of reviews say of their own explanations; the worker runs a toy task."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.ui.han import explaining as han_explaining
from dlnlp.ui.han import gradient_jobs
from dlnlp.ui.han.methods import HAN, METHODS
from dlnlp.ui.kim_cnn import explaining as kim_explaining
from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.parts import COMPARE, TRUTH, TWO
from dlnlp.ui.text.review_page import ReviewPage
from tests.pages import review_editor
from tests.pages.review_editor import SHADED, components, prediction, shaded, told
from tests.ui.drawn_tables import tables

TEXT = "the good film. it is bad"
LONG = "the good film and the bad book that i love. " * 4


@pytest.fixture
def pages(app: AppTest, tiny_weights: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setattr(gradient_jobs, "TASK", "tests.toy_tasks:saliency")
    yield app
    worker_jobs.shared_worker().close()


@pytest.fixture
def han(pages: AppTest) -> AppTest:
    return open_page(pages, "han", TEXT)


@pytest.fixture
def kim(pages: AppTest) -> AppTest:
    return open_page(pages, "kim_cnn", TEXT)


def open_page(app: AppTest, page: str, text: str) -> AppTest:
    app.switch_page(f"pages/{page}.py").run()
    return write(app, page, text)


def write(app: AppTest, page: str, text: str) -> AppTest:
    review_editor.write(app, HAN if page == "han" else KIM, text)
    return app


def choose(app: AppTest, key: str, value: str) -> None:
    app.session_state[key] = value
    app.run()
    assert not app.exception


def words(app: AppTest) -> dict:
    """What the editor is told of the words."""
    shading = shaded(app)
    assert shading is not None
    found: dict = shading["words"]
    return found


def views(app: AppTest) -> list[dict]:
    """What the open tab is told to draw."""
    return components(app, SHADED)


def compare(app: AppTest, page: ReviewPage, second: str) -> None:
    app.session_state[page.key("part")] = COMPARE
    choose(app, page.setting("beside"), second)


def values(view: dict) -> list[float]:
    return [p["shade"] for row in view["rows"] for p in row["spans"] if not isinstance(p, str)]


def wait(app: AppTest, condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited for too long"
        time.sleep(0.05)
        app.run()
    assert not app.exception


def said(app: AppTest) -> str:
    return "\n".join(e.value for e in [*app.markdown, *app.caption, *app.text])


def test_leaving_out_speaks_for_the_class_that_is_chosen(han: AppTest) -> None:
    choose(han, HAN.setting("shading"), "delete")
    assert words(han)["scale"]["kind"] == "diverging"
    assert words(han)["columns"][0] == METHODS["delete"].column
    effects, rows = han_explaining.left_out("han_stars", TEXT, "delete")
    for place in (1, 5):
        choose(han, HAN.setting("target"), str(place))
        assert f"for {place} star" in words(han)["scale"]["high"]
        top = abs(effects[:, place - 1]).max()
        expected = (effects[:, place - 1] / top).tolist()
        assert words(han)["shades"] == pytest.approx(expected, abs=1e-3)
        told = shaded(han)["sentences"]["numbers"][0]  # type: ignore[index]
        shown = [float(number.replace("−", "-").replace("±", "")) for number in told]
        assert shown == pytest.approx(rows[:, place - 1].tolist(), abs=1e-3)


def test_a_class_that_the_model_lacks_is_the_default(han: AppTest) -> None:
    choose(han, HAN.setting("target"), "5")
    choose(han, HAN.model, "han_imdb")
    choose(han, HAN.setting("shading"), "unknown")
    assert words(han)["scale"]["high"].endswith("for positive")


def test_gradients_come_from_the_worker_once_a_text(
    han: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(han, HAN.setting("shading"), "gradient_x_input")
    wait(han, lambda: shaded(han))
    assert words(han)["shades"] == [-0.25, 0, 0.25, 0.5, 0.75, 1.0]
    monkeypatch.setattr(worker_jobs, "submit", lambda *a, **k: pytest.fail("computed again"))
    choose(han, HAN.setting("shading"), "integrated_gradients")
    assert "The gap: +0.5000." in said(han)
    choose(han, HAN.setting("target"), "1")
    choose(han, HAN.setting("shading"), "within")
    choose(han, HAN.setting("shading"), "gradient_x_input")
    assert shaded(han)


def test_gradients_can_be_stopped_and_asked_for_again(han: AppTest) -> None:
    write(han, "han", LONG)
    choose(han, HAN.setting("shading"), "gradient_x_input")
    wait(han, lambda: any(b.label == "Stop" for b in han.button))
    assert shaded(han) is None and han.get("progress")
    assert "not computed yet" in told(han)["pending"]  # the browser keeps the shades before
    assert "stars expected" in prediction(han)
    next(b for b in han.button if b.label == "Stop").click().run()
    wait(han, lambda: any(b.label == "Try again" for b in han.button))
    assert "Stopped." in said(han)
    write(han, "han", TEXT)
    wait(han, lambda: shaded(han))
    choose(han, HAN.setting("shading"), "within")
    assert shaded(han) and told(han)["pending"] == ""


def test_randomised_weights_stand_beside_the_trained_ones(han: AppTest) -> None:
    compare(han, HAN, "random")
    wait(han, lambda: len(views(han)) == 2)
    assert "Word attention, randomised weights" in said(han)
    trained, other = views(han)
    assert len(set(values(other))) == 1  # the toy's attention is the same everywhere
    assert max(values(trained) + values(other)) == 1 and trained["scale"] == other["scale"]
    choose(han, HAN.setting("shading"), "raw")
    trained, other = views(han)
    assert trained["scale"] == other["scale"] and other["scale"]["high"] == "5.00"
    assert other["rows"][0]["label"] == "0.50"
    choose(han, HAN.setting("shading"), "delete")
    assert len(views(han)) == 2 and "Kendall's τ is" in said(han)


def test_methods_of_other_units_have_a_scale_each(han: AppTest) -> None:
    compare(han, HAN, "unknown")
    first, second = views(han)
    assert first["scale"]["kind"] == "sequential" and second["scale"]["kind"] == "diverging"
    assert "Their units differ" in said(han)
    choose(han, HAN.setting("shading"), "delete")
    first, second = views(han)
    assert first["scale"]["numbers"] == second["scale"]["numbers"]
    assert "Both on one scale." in said(han)


def test_an_example_can_stand_beside_the_text(han: AppTest) -> None:
    compare(han, HAN, "kept")
    assert views(han) == [] and "No version is kept yet" in said(han)
    han.menu_button(key=HAN.key("second_example")).click("1 ★").run()
    assert not han.exception
    kept, now = views(han)
    assert len(kept["rows"]) == 10 and len(now["rows"]) == 2 and kept["scale"] == now["scale"]
    assert "Kept version: Word attention" in said(han)


def test_faithfulness_is_measured_when_asked_for(
    han: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(han, HAN.setting("part"), TRUTH)
    charts = len(han.get("plotly_chart"))
    for mode, words in (
        ("delete", "Without its top words"),
        ("unknown", "UNK in place of its top words"),
    ):
        choose(han, HAN.setting("removal"), mode)
        assert len(han.get("plotly_chart")) == charts + 2
        assert f"{words} by attention" in said(han)
    han.button(key=HAN.key("add_gradients")).click().run()
    wait(han, lambda: not han.get("progress") and "gradients" in str(tables(han)[:1]))
    assert not any(b.label in ("Add the gradients", "Stop") for b in han.button)
    monkeypatch.setattr(han_explaining, "measure", lambda *a, **k: pytest.fail("measured again"))
    han.run()
    choose(han, HAN.setting("removal"), "off")
    assert len(han.get("plotly_chart")) == charts


def test_kim_is_measured_and_checked_without_a_worker(
    kim: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_jobs, "submit", lambda *a, **k: pytest.fail("needs no worker"))
    kim.session_state[KIM.key("part")] = TRUTH
    kim.run()
    choose(kim, KIM.setting("removal"), "delete")
    assert "by exact contribution" in said(kim)
    assert "Gradient norm" in str(tables(kim)[0])
    for method in ("evidence", "gradient_norm", "delete"):
        choose(kim, KIM.setting("method"), method)
        compare(kim, KIM, "random")
        trained, random = views(kim)
        assert values(trained) != values(random) and ", randomised weights" in said(kim)
    compare(kim, KIM, "integrated_gradients")
    assert views(kim)[1]["columns"][0] == "Integrated gradient"
    monkeypatch.setattr(kim_explaining, "measure", lambda *a, **k: pytest.fail("measured again"))
    kim.run()
    assert not kim.exception


@pytest.mark.parametrize("page", ["han", "kim_cnn"])
def test_one_review_through_both_networks(pages: AppTest, page: str) -> None:
    app = open_page(pages, page, TEXT)
    if page == "han":
        assert TWO not in [tab.label for tab in app.tabs]
        choose(app, HAN.model, "han_imdb")
        write(app, "han", TEXT)
    app.session_state[f"{page}_part"] = TWO
    app.run()
    for choice in ("own", "unknown"):
        choose(app, f"{page}_both", choice)
        first, second = views(app)
        assert first["scale"]["kind"] == ("sequential" if choice == "own" else "diverging")
        assert second["scale"]["kind"] == "diverging"
        assert len(values(first)) == len(values(second)) == 6
        assert said(app).count("Probability of a positive review") == 2
        assert "**Hierarchical attention**" in said(app) and "Kendall" in said(app)
        assert "**Kim's convolutional network**" in said(app)


def test_links_restore_the_new_settings(pages: AppTest) -> None:
    settings = {"shading": "delete", "beside": "unknown", "target": "5", "removal": "unknown"}
    for name, value in settings.items():
        pages.query_params[name] = value
    pages.switch_page("pages/han.py").run()
    assert not pages.exception
    assert {name: pages.session_state[HAN.setting(name)] for name in settings} == settings
    assert shaded(pages)
    pages.session_state[HAN.key("take_away")] = True
    pages.run()
    (link,) = [code.value for code in pages.code if "text=" in code.value]
    assert all(f"{name}={value}" in link for name, value in settings.items())
