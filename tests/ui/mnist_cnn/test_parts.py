"""What the components of the page of digits draw, and what they believe of the browser."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlnlp.images import Step
from dlnlp.scoring.digit_table import PictureRow
from dlnlp.ui.mnist_cnn import answer, gallery
from dlnlp.ui.mnist_cnn import confusion as digit_confusion
from dlnlp.ui.mnist_cnn import steps as digit_steps
from dlnlp.ui.mnist_cnn.answer import answer_data
from dlnlp.ui.mnist_cnn.batch import batch_csv, shown_row
from dlnlp.ui.mnist_cnn.confusion import confusion, valid_cell
from dlnlp.ui.mnist_cnn.drawing_canvas import as_json, valid_drawing
from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.mnist_cnn.loading import DigitEvaluation, DigitReading
from dlnlp.ui.mnist_cnn.steps import step_data, valid_off

NAMES = tuple("0123456789")
SHARES = np.array([0, 0.02, 0, 0, 0.25, 0, 0, 0.7, 0, 0.03], np.float32)
READING = DigitReading(
    image=np.zeros((28, 28), np.float32),
    steps=(),
    empty=False,
    note="",
    probabilities=SHARES,
    embedding=np.zeros(3, np.float32),
    not_a_digit=0.125,
    is_digit=True,
)


def test_examples_fit_the_sheet() -> None:
    assert len({example.label for example in EXAMPLES}) == len(EXAMPLES)
    for example in EXAMPLES:
        assert valid_drawing(as_json(example.drawing)) == example.drawing


def test_answer_names_first_and_second_guess() -> None:
    data = answer_data(READING, "", "a note", NAMES, 0.5)
    assert data["headline"] == "This is a 7"
    assert data["below"] == "70.0 % sure; second guess 4, 25.0 %."
    assert [bar["place"] for bar in data["bars"]] == [0, 0, 0, 0, 2, 0, 0, 1, 0, 0]
    assert data["bars"][4]["text"] == "25.0 %" and data["sure"] and data["note"] == "a note"
    assert "0.12" in data["score"] and "threshold 0.50" in data["score"]


def test_what_is_no_digit_is_said_plainly() -> None:
    data = answer_data(replace(READING, is_digit=False), "", "", NAMES, 0.1)
    assert data["headline"] == "This does not look like a digit"
    assert data["below"] == "If it had to be one: 7 (70.0 %), or 4 (25.0 %)."
    assert not data["sure"] and len(data["bars"]) == 10


def test_nothing_to_read_has_no_bars() -> None:
    empty = answer_data(replace(READING, empty=True, note="No ink."), "", "", NAMES, 0.5)
    assert (empty["headline"], empty["below"], empty["bars"]) == ("Nothing to read", "No ink.", [])
    none = answer_data(None, "Draw!", "", NAMES, 0.5)
    assert none["below"] == "Draw!" and none["bars"] == [] and none["score"] == ""


def test_a_step_without_a_switch_and_one_that_is_off() -> None:
    picture = np.zeros((5, 9), np.uint8)
    ink, crop = Step("ink", "Found.", picture), Step("crop", "Cut.", picture)
    assert step_data(ink, ("crop",))["on"] is None
    assert step_data(crop, ("crop",))["on"] is False and step_data(crop, ())["on"] is True
    assert step_data(crop, ())["size"] == "9 × 5 pixels"
    assert not step_data(crop, ())["smooth"]
    assert step_data(Step("crop", "", np.zeros((280, 90), np.uint8)), ())["smooth"]


@pytest.mark.parametrize(
    ("reported", "names"),
    [
        (["scale", "crop"], ("crop", "scale")),
        ([], ()),
        (["<b>", "crop", 3, None, []], ("crop",)),
        ("crop", None),
        (None, None),
        (["crop"] * 6, None),
    ],
)
def test_switches_as_the_browser_reports_them(reported: Any, names: Any) -> None:
    assert valid_off(reported) == names


@pytest.mark.parametrize(
    "picked", [None, 3, [1], [1, 2, 3], [1, 10], [-1, 0], [True, 1], [1.0, 2], {"0": 1}, "12"]
)
def test_cells_that_do_not_exist_are_dropped(picked: Any) -> None:
    assert valid_cell(picked, 10) is None


def test_honest_clicks_are_kept() -> None:
    assert valid_cell([9, 0], 10) == (9, 0)


def test_confusion_counts_pairs() -> None:
    labels, predicted = np.array([0, 0, 1, 2, 2], np.uint8), np.array([0, 1, 1, 0, 0])
    assert confusion(labels, predicted, 3).tolist() == [[1, 1, 0], [0, 1, 0], [2, 0, 0]]


def test_mistakes_come_most_confident_first() -> None:
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7]], np.float32)
    record = DigitEvaluation(np.array([0, 1, 0, 0], np.uint8), probabilities)
    assert record.predicted.tolist() == [0, 0, 1, 1] and record.mistakes.tolist() == [2, 3, 1]


def test_table_of_many_pictures_is_the_command_lines() -> None:
    rows = [
        ("=cmd()\0.png", PictureRow("", "7", SHARES.astype(float), True)),
        ("bad.png", PictureRow("", problem="It is no picture.")),
        ("blank.png", PictureRow("")),
    ]
    lines = batch_csv(rows, NAMES).decode("utf-8-sig").splitlines()
    assert lines[0] == "path,label,probability," + ",".join(f"p_{n}" for n in NAMES) + ",is_digit"
    assert lines[1].startswith("'=cmd().png,7,0.700000,0.000000,0.020000")
    assert lines[2].startswith("blank.png,,,") and len(lines) == 3
    shown = shown_row(*rows[0], NAMES)
    assert (shown["reads"], shown["sure"], shown["second guess"]) == ("7", "70.0 %", "4 (25.0 %)")
    assert shown_row(*rows[1], NAMES)["note"] == "It is no picture."
    assert shown_row(*rows[2], NAMES)["note"] == "no ink was found"


@pytest.mark.parametrize("module", [answer, digit_confusion, gallery, digit_steps])
def test_scripts_never_parse_text_as_html(module: Any) -> None:
    script = Path(module.__file__).with_suffix(".js").read_text(encoding="utf-8")
    for parser in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert parser not in script
