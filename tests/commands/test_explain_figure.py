"""`dlnlp explain --figure`: one text as SVG, PDF, LaTeX or PNG."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from dlnlp import artifacts
from dlnlp.__main__ import main
from dlnlp.figures import writing
from dlnlp.scoring import gradient_processes
from tests.tiny_han import POLARITY, write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn

Draw = Callable[..., int]
STARTS = {"svg": b"<svg", "pdf": b"%PDF", "tex": b"% Compiles", "png": b"\x89PNG"}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    write_tiny_han(root / "han_imdb", 1, class_names=POLARITY, dataset="imdb")
    write_tiny_han(root / "stars", 2)
    write_tiny_kim_cnn(root / "kim_cnn")
    return root


@pytest.fixture
def draw(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """`draw(file, *options)` runs the command in an empty folder."""
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.chdir(tmp_path)

    def draw(file: str, *options: str, model: str = "kim_cnn", method: str = "evidence") -> int:
        return main(["explain", "--model", model, "--method", method, "--figure", file, *options])

    return draw


@pytest.mark.parametrize("kind", STARTS)
def test_a_text_is_drawn_in_every_format(
    draw: Draw, kind: str, capsys: pytest.CaptureFixture
) -> None:
    assert draw(f"out.{kind}", "--text", "A good film.", "--numbers") == 0
    made = Path(f"out.{kind}").read_bytes()
    assert made.startswith(STARTS[kind])
    assert f"out.{kind}: evidence of kim_cnn, {len(made):,} bytes." in capsys.readouterr().err
    assert list(Path().iterdir()) == [Path(f"out.{kind}")]


def test_a_row_of_a_table_is_drawn(draw: Draw) -> None:
    Path("in.csv").write_text("id,text\n1,good phone\n2,bad film\n")
    assert draw("out.svg", "in.csv", "--row", "2") == 0
    drawn = Path("out.svg").read_text()
    assert ">film<" in drawn and ">phone<" not in drawn
    assert draw("out.svg", "in.csv") == 0
    assert ">phone<" in Path("out.svg").read_text()


def test_gradients_of_a_han_come_from_a_process(
    draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    def processes(*_: object) -> object:
        def ask(documents: list[list[np.ndarray]], *_: object) -> list[tuple[np.ndarray, float]]:
            return [(np.full(sum(map(len, each)), 0.5, np.float32), 0.0) for each in documents]

        return nullcontext(ask)

    monkeypatch.setattr(gradient_processes, "GradientProcesses", processes)
    given = ("--text", "a good phone", "--numbers", "--beside", "delete")
    assert draw("out.svg", *given, model="han_imdb", method="integrated_gradients") == 0
    assert Path("out.svg").read_text().count("+0.50") >= 3


def test_two_methods_and_an_edit_stand_side_by_side(draw: Draw) -> None:
    given = ("--text", "a good phone", "--beside", "delete")
    assert draw("out.svg", *given, model="han_imdb", method="within") == 0
    drawn = Path("out.svg").read_text()
    assert drawn.count(">phone<") == 2 and "attention" in drawn
    assert draw("out.svg", "--text", "a bad film", "--before", "a good film") == 0
    drawn = Path("out.svg").read_text()
    assert ">Before:<" in drawn and ">After:<" in drawn and "gone" in drawn


def test_the_class_can_be_chosen(draw: Draw) -> None:
    for name in POLARITY:
        assert draw("out.svg", "--text", "a good film", "--target", name) == 0
        assert "for</text>\n" in (drawn := Path("out.svg").read_text()) and f">{name}<" in drawn


def test_upper_is_drawn_against_the_lower_classes(
    draw: Draw, capsys: pytest.CaptureFixture
) -> None:
    given = ("--text", "a good phone", "--beside", "delete", "--target")
    assert draw("out.svg", *given, "upper", model="stars", method="written") == 0
    assert "Class explained: 4–5 over 1–2 stars" in Path("out.svg").read_text()
    assert draw("out.svg", *given, "lower", model="stars", method="written") == 2
    assert "5 stars, upper" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("out.jpg", "--text", "x"), "does not end in one of .svg, .pdf, .tex, .png"),
        (("out.svg",), "give either --text or IN.csv"),
        (("out.svg", "in.csv", "--text", "x"), "give either --text or IN.csv"),
        (("out.svg", "--text", "x", "--output", "o.jsonl"), "leave one of them out"),
        (("out.svg", "--text", "x", "--beside", "within"), "'within' is no method here"),
        (("out.svg", "--text", "x", "--target", "nothing"), "'nothing' is no class"),
        (("out.svg", "--text", "x", "--beside", "delete", "--before", "y"), "not allowed with"),
        (("in.csv", "in.csv"), "does not end in one of"),
        (("out.png", "--text", "x", "--width", "90000"), "whole number from 200 to 4,000"),
    ],
)
def test_wrong_usage_is_a_sentence(
    draw: Draw, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture
) -> None:
    Path("in.csv").write_text("text\ngood\n")
    try:
        status = draw(*options)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    assert status == 2 and told in capsys.readouterr().err
    assert not Path("out.svg").exists()


def test_what_cannot_be_drawn_is_told(
    draw: Draw, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("in.csv").write_text("text\ngood\n")
    assert draw("out.svg", "in.csv", "--row", "9") == 1
    assert "in.csv has no readable row 9" in capsys.readouterr().err
    assert draw("out.svg", "--text", " ") == 1
    assert "no word" in capsys.readouterr().err
    monkeypatch.setattr(writing, "_MOST_PIXELS", 1_000)
    assert draw("out.png", "--text", "good", "--width", "4000") == 2
    assert "pixels wide, not 4,000: choose a smaller width" in capsys.readouterr().err
    assert not Path("out.svg").exists()


def test_a_table_still_needs_its_two_files(draw: Draw, capsys: pytest.CaptureFixture) -> None:
    assert main(["explain", "--model", "kim_cnn", "--method", "evidence"]) == 2
    assert "IN.csv and --output are needed" in capsys.readouterr().err
    given = ["explain", "--model", "kim_cnn", "--method", "evidence", "--text", "x"]
    assert main(given) == 2
    assert "give --figure the name of a file" in capsys.readouterr().err
