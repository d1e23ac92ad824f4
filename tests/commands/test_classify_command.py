"""`python -m dlnlp classify` as a user meets it: paths, streams, messages, exit status."""

import csv
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dlnlp import artifacts
from dlnlp.__main__ import main
from dlnlp.commands import classify_command, score_output
from dlnlp.images import preprocess
from dlnlp.inference.digits import DigitPredictor
from tests.images.drawings import draw
from tests.scoring.test_digit_table import Comparer, png
from tests.tiny_mnist_cnn import write_tiny_mnist_cnn

Classify = Callable[..., int]


@pytest.fixture
def classify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Classify:
    """Runs the command in a folder with pictures, with a network that compares drawings."""
    monkeypatch.chdir(tmp_path)
    Path("scans").mkdir()
    for digit in "047":
        Path(f"{digit}.png").write_bytes(png(draw(digit)))
        Path(f"scans/{digit}.PNG").write_bytes(png(draw(digit, 90)))
    Path("scans/notes.txt").write_text("no picture")
    Path("scans/.hidden.png").write_text("no picture")
    predictor = SimpleNamespace(load=lambda path: Comparer())
    monkeypatch.setitem(
        sys.modules, "dlnlp.inference.digits", SimpleNamespace(DigitPredictor=predictor)
    )
    return lambda *arguments: main(["classify", *arguments])


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def labels(text: str) -> dict[str, str]:
    return {row["path"]: row["label"] for row in table(text)}


def test_pictures_give_a_table(classify: Classify, capsys: pytest.CaptureFixture) -> None:
    assert classify("7.png", "0.png", "--output", "out.csv") == 0
    assert capsys.readouterr() == ("", "")
    assert labels(Path("out.csv").read_text()) == {"7.png": "7", "0.png": "0"}
    assert list(table(Path("out.csv").read_text())[0])[:3] == ["path", "label", "probability"]


def test_folders_patterns_and_stdout(
    classify: Classify, capfdbinary: pytest.CaptureFixture
) -> None:
    assert classify("scans", "?.png") == 0
    out, error = capfdbinary.readouterr()
    expected = {os.path.join("scans", f"{digit}.PNG"): digit for digit in "047"}
    assert labels(out.decode()) == expected | {f"{digit}.png": digit for digit in "047"}
    assert error == b""


def test_unreadable_files_are_a_line_each_and_the_others_are_done(
    classify: Classify, capsys: pytest.CaptureFixture
) -> None:
    Path("text.png").write_text("no picture")
    Path("cut.png").write_bytes(Path("4.png").read_bytes()[:300])
    Path("empty").mkdir()
    given = ["0.png", "text.png", "gone.png", "cut.png", "empty", "no*.png", os.devnull, "4.png"]
    assert classify(*given, "--output", "out.csv") == 3
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == given[1:-1]
    assert all(line.endswith((".", ")")) for line in lines)
    assert labels(Path("out.csv").read_text()) == {"0.png": "0", "4.png": "4"}


def test_a_blank_picture_is_a_row_without_an_answer(classify: Classify) -> None:
    Path("blank.png").write_bytes(png(np.full((40, 40), 250, np.uint8)))
    assert classify("blank.png", "--output", "out.csv") == 0
    (row,) = table(Path("out.csv").read_text())
    assert row["label"] == row["probability"] == row["p_3"] == "" and row["is_digit"] == "false"


@pytest.mark.skipif(os.name != "posix", reason="such names are not allowed everywhere")
def test_odd_names_come_back_and_are_one_line(
    classify: Classify, capsys: pytest.CaptureFixture
) -> None:
    odd = 'a "b",\n0.png'
    Path(odd).write_bytes(png(draw("0")))
    Path("bad\nname.png").write_text("")
    assert classify(odd, "bad\nname.png", "--output", "out.csv") == 3
    with open("out.csv", newline="") as file:
        assert labels(file.read()) == {odd: "0"}
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_is_read_no_further_than_it_may(
    classify: Classify, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(classify_command, "MAX_BYTES", 99)
    assert len(classify_command._content("0.png")) == 100
    monkeypatch.setattr("dlnlp.images.reading.MAX_BYTES", 99)
    assert classify("0.png") == 3
    assert "at most" in capsys.readouterr().err


def test_wrong_output_is_usage_and_an_older_file_stays(
    classify: Classify, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    assert classify("0.png", "--output", "scans") == 2
    assert classify("0.png", "--output", "nowhere/out.csv") == 2
    Path("out.csv").write_text("older")

    def broken(path: Path) -> None:
        raise artifacts.ArtifactError("weights are damaged; restore them.")

    monkeypatch.setattr(sys.modules["dlnlp.inference.digits"].DigitPredictor, "load", broken)
    assert classify("0.png", "--output", "out.csv") == 1
    assert Path("out.csv").read_text() == "older"
    assert capsys.readouterr().err.splitlines()[-1] == "weights are damaged; restore them."


@pytest.mark.parametrize("given", [["7.png"], ["scans"], ["*.png", "scans/*"]])
def test_no_picture_is_replaced(
    classify: Classify, capsys: pytest.CaptureFixture, given: list[str]
) -> None:
    picture = Path("scans/7.PNG" if given == ["scans"] else "7.png")
    Path("link.csv").symlink_to(picture)
    os.link(picture, "hard.csv")
    before = picture.read_bytes()
    for output in (str(picture), f"./scans/../{picture}"):
        with pytest.raises(SystemExit) as ended:
            classify(*given, "--output", output)
        assert ended.value.code == 2
        assert "does not end in .csv" in capsys.readouterr().err
    for output in ("link.csv", "hard.csv"):
        assert classify(*given, "--output", output) == 2
        said = capsys.readouterr().err
        if output.endswith(".csv"):
            assert said.startswith(f"{output} is the input ")
            assert said.endswith(": give --output another name.\n")
        else:
            assert "does not end in .csv" in said
    assert picture.read_bytes() == before
    assert not list(Path().glob(".*.part"))


@pytest.mark.parametrize("name", ["a" * 251 + ".csv", "ü" * 125 + ".csv"])
def test_a_name_as_long_as_names_may_be(classify: Classify, name: str) -> None:
    assert classify("7.png", "--output", name) == 0
    assert labels(Path(name).read_text()) == {"7.png": "7"}


@pytest.mark.parametrize("name", ["", "a" * 256, "a\0b"])
def test_no_name_is_wrong_usage(
    classify: Classify, capsys: pytest.CaptureFixture, name: str
) -> None:
    before = sorted(Path().iterdir())
    with pytest.raises(SystemExit) as stopped:
        classify("7.png", "--output", name)
    assert stopped.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert sorted(Path().iterdir()) == before


def test_closed_standard_output_is_wrong_usage(
    classify: Classify, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(score_output, "closed_streams", {"stdout"})
    assert classify("7.png") == 2
    assert capsys.readouterr().err.startswith("standard output is closed")


def test_the_real_network_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny_mnist_cnn(tmp_path / "mnist_cnn")
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    picture, output = tmp_path / "3.png", tmp_path / "out.csv"
    picture.write_bytes(png(draw("3")))
    assert main(["classify", str(picture), "--output", str(output)]) == 0
    (row,) = table(output.read_text())
    predictor = DigitPredictor.load(tmp_path / "mnist_cnn")
    outputs = predictor.predict(preprocess(draw("3")).image[None])
    shares = [float(row[f"p_{name}"]) for name in predictor.class_names]
    np.testing.assert_allclose(shares, outputs.probabilities[0], atol=1e-6)
    assert row["label"] == predictor.class_names[int(outputs.probabilities[0].argmax())]
    assert row["is_digit"] == str(bool(outputs.is_digit[0])).lower()
