"""The page of digits without a browser, on a tiny untrained network."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts, datasets
from dlnlp.explain import digits
from dlnlp.inference.digits import DigitPredictor
from dlnlp.ui.mnist_cnn import loading, state, strokes
from dlnlp.ui.mnist_cnn.drawing_canvas import Stroke
from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.shell.component import unpacked
from tests.tiny_mnist_cnn import write_tiny_mnist_cnn

CROSS = (Stroke(60, (200, 200, 800, 800)), Stroke(60, (800, 200, 200, 800)))
TABS = ("Nearest neighbours", "Where it looked", "Invariance")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    write_tiny_mnist_cnn(root / "mnist_cnn")
    return root


@pytest.fixture
def machine(app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app on a machine without data sets, before the page is opened."""
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setattr(datasets, "find", lambda name: None)
    app.run()
    return app


@pytest.fixture
def board(machine: AppTest) -> AppTest:
    return opened(machine)


def opened(app: AppTest) -> AppTest:
    app.switch_page("pages/mnist_cnn.py").run()
    assert not app.exception
    return app


def components(app: AppTest, name: str) -> list[dict[str, Any]]:
    """What each component of a kind was told to draw."""
    return [
        unpacked(element.proto)
        for element in app.get("bidi_component")
        if element.proto.component_name == f"dlnlp.mnist_cnn_{name.removeprefix('digit_')}"
    ]


def groups(app: AppTest) -> dict[str, dict[str, Any]]:
    """The groups of pictures on the page, by their titles."""
    drawn = components(app, "digit_gallery")
    return {group["title"]: group for data in drawn for group in data["groups"]}


def answer(app: AppTest) -> dict[str, Any]:
    (data,) = components(app, "digit_answer")
    return data


def draw(app: AppTest, drawing: tuple[Stroke, ...]) -> None:
    app.session_state["digit_drawing"] = drawing
    app.run()
    assert not app.exception


def show_tab(app: AppTest, key: str, title: str) -> None:
    app.session_state[key] = title
    app.run()
    assert not app.exception


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_opens_with_an_example_and_its_answer(board: AppTest) -> None:
    (canvas,) = components(board, "drawing_canvas")
    assert canvas["replace_on_first_stroke"] and len(canvas["strokes"]) == len(EXAMPLES[0].drawing)
    data = answer(board)
    assert [bar["name"] for bar in data["bars"]] == list("0123456789")
    assert sum(bar["share"] for bar in data["bars"]) == pytest.approx(1, abs=1e-3)
    assert sorted(bar["place"] for bar in data["bars"])[-2:] == [1, 2]
    (steps,) = components(board, "digit_steps")
    names = [step["name"] for step in steps["steps"]]
    assert names == ["ink", "background", "stroke", "crop", "scale", "center"]
    assert [step["on"] for step in steps["steps"]] == [None, True, True, True, True, True]


def test_answer_is_the_networks(board: AppTest, weights: Path) -> None:
    from dlnlp.images import preprocess

    draw(board, CROSS)
    image = preprocess(strokes.rasterize(CROSS)).image
    expected = DigitPredictor.load(weights / "mnist_cnn").predict(image[None])
    shares = [bar["share"] for bar in answer(board)["bars"]]
    assert np.allclose(shares, expected.probabilities[0], atol=1e-4)
    if expected.is_digit[0]:
        assert answer(board)["headline"] == f"This is a {int(np.argmax(shares))}"
    else:
        assert "does not look like a digit" in answer(board)["headline"]


def test_an_empty_sheet_asks_for_a_digit(board: AppTest) -> None:
    draw(board, ())
    assert answer(board)["bars"] == [] and "Draw a digit" in answer(board)["below"]
    assert components(board, "digit_steps")[0]["steps"] == []


def test_drawing_survives_a_change_of_page(board: AppTest) -> None:
    draw(board, CROSS)
    before = answer(board)
    board.switch_page("pages/home.py").run()
    opened(board)
    (canvas,) = components(board, "drawing_canvas")
    assert canvas["strokes"][0]["p"] == [200, 200, 800, 800]
    assert answer(board) == before


def test_a_rerun_computes_nothing(board: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    for title in TABS:
        show_tab(board, "digit_inside", title)

    def refuse(*arguments: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(DigitPredictor, "predict", refuse)
    monkeypatch.setattr(loading, "digit_flow", refuse)
    for title in TABS:
        show_tab(board, "digit_inside", title)


def test_closed_tabs_compute_nothing(machine: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("computed without need")

    for name in ("occlusion_map", "gradient_map", "responses"):
        monkeypatch.setattr(digits, name, refuse)
    opened(machine)


def test_the_diagram_holds_every_map_of_the_digit(board: AppTest) -> None:
    (flow,) = components(board, "flow")
    assert [layer["count"] for layer in flow["layers"]] == [3, 4, 5, 6, 4]
    (kernels,) = components(board, "kernels")
    assert kernels["version"] == flow["version"] and len(kernels["kernels"]) == 5
    shares = [bar["share"] for bar in answer(board)["bars"]]
    assert flow["guesses"][0] == int(np.argmax(shares))
    draw(board, ())
    assert components(board, "flow")[0]["layers"] == []


def test_maps_of_evidence_have_scales(board: AppTest) -> None:
    show_tab(board, "digit_inside", "Where it looked")
    shown = [element.proto.body for element in board.get("html")]
    assert sum("against" in body and "data:image/png" in body for body in shown) == 2


def test_responses_are_four_charts_with_words(board: AppTest) -> None:
    show_tab(board, "digit_inside", "Invariance")
    assert len(board.get("plotly_chart")) == 4


def test_neighbours_have_their_pictures(board: AppTest) -> None:
    show_tab(board, "digit_inside", "Nearest neighbours")
    assert len(groups(board)["Nearest training digits"]["tiles"]) == 16


def test_weights_without_pictures_say_what_is_missing(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_mnist_cnn(tmp_path / "mnist_cnn")
    opened_directory = artifacts.open_artifact(tmp_path / "mnist_cnn")
    kept = {
        name: opened_directory.file(name).read_bytes()
        for name in opened_directory.card["files"]
        if "pictures" not in name
    }
    artifacts.write_artifact(tmp_path / "mnist_cnn", kept, opened_directory.card)
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.run()
    opened(app)
    assert any("test_pictures.npz" in text.value for text in app.text)
    app.segmented_control(key=state.SOURCE).set_value("test").run()
    assert not app.exception and "test_pictures.npz" in answer(app)["below"]


def test_test_digits_are_filtered_by_class_and_by_mistakes(board: AppTest, weights: Path) -> None:
    board.segmented_control(key=state.SOURCE).set_value("test").run()
    known = loading.record()

    def picked() -> dict[str, Any]:
        return groups(board)["Test digits"]

    assert len(picked()["tiles"]) == 35
    assert answer(board)["note"] == f"Test digit 0, by its label a {known.labels[0]}."
    (steps,) = components(board, "digit_steps")
    assert [step["title"] for step in steps["steps"]] == ["As in MNIST"]
    board.segmented_control(key="digit_pick_class").set_value("3").run()
    threes = int((known.labels == 3).sum())
    assert len(picked()["tiles"]) == min(threes, 35)
    assert all(": a 3, " in tile["label"] for tile in picked()["tiles"])
    board.toggle(key="digit_pick_mistakes").set_value(True).run()
    wrong = int(((known.labels == 3) & (known.predicted != 3)).sum())
    assert len(picked()["tiles"]) == wrong
    assert all(tile["caption"] == "3 → 4" for tile in picked()["tiles"])


def test_record_shows_counts_and_the_digits_behind_a_cell(board: AppTest) -> None:
    known = loading.record()
    (grid,) = components(board, "digit_confusion")
    assert np.sum(grid["counts"]) == 200
    for row in range(10):
        assert grid["counts"][row][(row + 1) % 10] == ((known.labels == row)[::10]).sum()
    headlines = [element.value for element in board.markdown]
    assert any("All 20 mistakes" in value for value in headlines)
    board.session_state["digit_cell"] = (2, 3)
    board.run()
    count = int(((known.labels == 2) & (known.predicted == 3)).sum())
    assert any(
        f"{count} digits: true label 2, predicted label 3" in element.value
        for element in board.markdown
    )


def test_calibration_and_card(board: AppTest) -> None:
    show_tab(board, "digit_record", "Calibration")
    assert len(board.get("plotly_chart")) == 1
    turned = {"change": "turned", "accuracy": 0.987, "share_called_no_digit": 0.01}
    loading.predictor().card["robustness"] = [turned]
    show_tab(board, "digit_record", "Robustness")
    (table,) = [frame.value for frame in board.dataframe if "Change" in frame.value]
    assert table.to_numpy().tolist() == [["turned", "98.7 %", "1.0 %"]]
    show_tab(board, "digit_record", "Card")
    assert any("Accuracy" in str(frame.value.values) for frame in board.dataframe)
    assert not any("Change" in frame.value for frame in board.dataframe)
    assert any("random" in text.value for text in board.text)


def test_upload_is_read_and_kept(board: AppTest) -> None:
    board.segmented_control(key=state.SOURCE).set_value("upload").run()
    assert "Choose a file" in answer(board)["below"]
    picture = png(strokes.rasterize(CROSS, 400))
    board.file_uploader[0].set_value(("<b>7</b>.png", picture, "image/png")).run()
    assert not board.exception
    assert len(answer(board)["bars"]) == 10
    assert any(text.value == "<b>7</b>.png" for text in board.text)
    before = answer(board)
    board.switch_page("pages/home.py").run()
    opened(board)
    assert answer(board) == before


def test_what_is_no_picture_is_one_sentence(board: AppTest) -> None:
    board.segmented_control(key=state.SOURCE).set_value("upload").run()
    board.file_uploader[0].set_value(("x.png", b"<script>alert(1)</script>", "image/png")).run()
    assert not board.exception
    assert answer(board)["bars"] == [] and "no picture" in answer(board)["below"]


def test_a_step_that_is_off_shows_and_says_what_would_be(board: AppTest) -> None:
    board.session_state["digit_off"] = ("crop",)
    board.run()
    (steps,) = components(board, "digit_steps")
    assert [step["name"] for step in steps["steps"] if step["on"] is False] == ["crop"]
    assert answer(board)["note"].startswith("With every step of the preparation on")


def test_batch_reads_many_and_names_what_it_cannot(board: AppTest) -> None:
    board.session_state["digit_batch"] = True
    board.run()
    cross = png(strokes.rasterize(CROSS, 200))
    files = [
        ("=1+1.png", cross, "image/png"),
        ("broken.png", b"nothing", "image/png"),
        ("blank.png", png(np.full((50, 50), 255, np.uint8)), "image/png"),
    ]
    board.file_uploader(key="digit_files").set_value(files).run()
    assert not board.exception
    table = next(frame.value for frame in board.dataframe if "file" in frame.value)
    assert table["file"].tolist() == ["=1+1.png", "broken.png", "blank.png"]
    assert table["reads"].tolist()[1:] == ["", ""]
    assert "no picture" in table["note"][1] and "no ink" in table["note"][2]


@pytest.fixture
def linked(machine: AppTest) -> Callable[..., AppTest]:
    def linked(**query: str) -> AppTest:
        for name, value in query.items():
            machine.query_params[name] = value
        return opened(machine)

    return linked


def test_link_restores_drawing_and_switches(linked: Callable[..., AppTest]) -> None:
    board = linked(drawing=strokes.encode(CROSS), off="scale,crop,unheard_of")
    (canvas,) = components(board, "drawing_canvas")
    assert [stroke["p"] for stroke in canvas["strokes"]] == [
        list(stroke.points) for stroke in CROSS
    ]
    assert not canvas["replace_on_first_stroke"]
    assert board.session_state["digit_off"] == ("crop", "scale")


@pytest.mark.parametrize("drawing", ["", "%%%", "A" * 100_000, "eJwDAAAAAAE"])
def test_bad_links_show_an_example_and_say_why(
    linked: Callable[..., AppTest], drawing: str
) -> None:
    board = linked(drawing=drawing, test="10000", off="<b>")
    assert "damaged" in board.warning[0].value
    assert components(board, "drawing_canvas")[0]["replace_on_first_stroke"]


def test_link_to_a_test_digit(linked: Callable[..., AppTest]) -> None:
    board = linked(test="123")
    assert answer(board)["note"].startswith("Test digit 123,")
    (picking,) = [
        data
        for data in components(board, "digit_gallery")
        if data["groups"][0]["title"] == "Test digits"
    ]
    assert picking["selected"] is None  # on another page of the pictures


def test_links_hold_the_open_tabs_and_close_others(linked: Callable[..., AppTest]) -> None:
    board = linked(test="123", inside="Invariance", record="<b>")
    assert board.session_state["digit_inside"] == "Invariance"
    assert board.session_state["digit_record"] == "Confusion matrix"
    for name in list(board.query_params):
        del board.query_params[name]
    board.query_params["test"] = "5"
    board.run()
    assert not board.exception
    assert board.session_state["digit_inside"] == "Nearest neighbours"


def test_broken_weights_say_so(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_mnist_cnn(tmp_path / "mnist_cnn")
    (tmp_path / "mnist_cnn" / "network.onnx").write_bytes(b"changed")
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.run()
    opened(app)
    assert len(app.error) == 1 and "network.onnx" in app.text[0].value


def test_without_weights_there_is_a_remedy(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.run()
    opened(app)
    assert "git checkout" in app.text[0].value
