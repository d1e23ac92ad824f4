"""The rows behind the numbers, and the pictures of an evaluation."""

import numpy as np
import pytest

from dlnlp.scoring.evaluation import evaluate, operating_point
from dlnlp.scoring.score import ScoredRow
from dlnlp.tables.dialect import Dialect
from dlnlp.tables.reader import BadRow
from dlnlp.ui.batch import opening
from dlnlp.ui.batch.evaluation_charts import in_words, shades, threshold_figure
from dlnlp.ui.batch.evaluation_view import class_rows, rows_of
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.labelled_rows import labelled
from dlnlp.ui.shell.charts import calibration_figure
from dlnlp.ui.tables.upload import UploadedTable
from tests.tiny_han import POLARITY


def make_job() -> ScoreJob:
    """True labels neg, pos, neg, none; the second row cannot be read, the last not be scored."""
    table = UploadedTable("x.csv", ("text", "gold"), Dialect(), ())
    job = ScoreJob(table, 0, "kim_cnn", POLARITY, state="done")
    job.rows += [
        ScoredRow(2, ("good", "neg"), (0.1, 0.9)),
        BadRow(3, 3, "broken"),
        ScoredRow(4, ("bad", " pos"), (0.8, 0.2)),
        ScoredRow(5, ("dull", "neg"), (0.7, 0.3)),
        ScoredRow(6, ("so so", "?"), (0.6, 0.4)),
        ScoredRow(7, ("", "pos"), (), "there is no word in the text"),
    ]
    return job


MEANINGS = {"neg": 0, "pos": 1, "?": None}


def test_only_rows_with_an_answer_and_a_label_count() -> None:
    found = labelled(make_job(), 1, MEANINGS)
    assert found is not None
    assert [row.line for row in found.rows] == [2, 4, 5]
    assert found.evaluation.labels.tolist() == [0, 1, 0]
    assert labelled(make_job(), 1, {"neg": None}) is None


def test_a_cell_shows_its_rows_and_none_the_surest_errors() -> None:
    found = labelled(make_job(), 1, MEANINGS)
    assert found is not None
    lines = [row.line for row in found.rows]
    assert [lines[k] for k in rows_of(found.evaluation, None)] == [2, 4]
    assert [lines[k] for k in rows_of(found.evaluation, (0, 0))] == [5]
    assert rows_of(found.evaluation, (1, 1)).tolist() == []
    assert len(rows_of(found.evaluation, None, most=1)) == 1


def test_each_class_has_its_measures() -> None:
    found = labelled(make_job(), 1, MEANINGS)
    assert found is not None
    first, second = class_rows(found.evaluation)
    assert first["class"] == "negative" and first["recall"].startswith("50.0 % (")
    assert second["precision"].startswith("0.0 % (") and second["rows"] == "1"


def test_steps_say_where_a_row_stands_and_what_was_said() -> None:
    job = make_job()
    row = job.rows[0]
    assert isinstance(row, ScoredRow)
    step = opening.step(job, row, "negative")
    assert step.label == "line 2, true label negative, predicted positive (90.0 %)"
    assert step.text == "good"
    assert opening.beginning("x" * 400) == "x" * 300 + " …"


def test_shades_follow_the_share_of_the_true_label() -> None:
    css = shades(np.array([[3, 1], [0, 0]]))
    assert (
        css[0, 0].endswith("0.45)") and css[0, 1].endswith("0.15)") and css[1, 0].endswith("0.00)")
    )


def test_the_curve_over_thresholds_holds_each_operating_point() -> None:
    said = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])
    evaluation = evaluate(np.array([0, 0, 1]), said, POLARITY)
    figure = threshold_figure(evaluation, 0.5)
    point = operating_point(evaluation, 0.7)
    for trace, value in zip(
        figure.data, (point.accuracy, point.precision, point.recall), strict=True
    ):
        assert trace.y[70] == value
    assert "accuracy 100.0 %" in in_words(point, "positive")
    nothing = in_words(operating_point(evaluation, 1.0), "positive")
    assert "precision none" in nothing and "recall 0.0 %" in nothing


@pytest.mark.parametrize("selected", [[], [7]])
def test_nothing_opens_without_a_row(selected: list[int]) -> None:
    opening.open_selected(make_job(), "Error", [], selected)


def test_class_names_are_no_markdown() -> None:
    found = evaluate(np.array([0, 1]), np.array([[0.9, 0.1], [0.2, 0.8]]), ["**bold**", "$x$ _y_"])
    assert [row["class"] for row in class_rows(found)] == [
        r"\*\*bold\*\*",
        r"\$x\$ \_y\_",
    ]


def test_a_dot_on_the_frame_of_the_calibration_is_whole() -> None:
    found = evaluate(np.array([1, 0]), np.array([[0.9, 0.1], [0.2, 0.8]]), POLARITY)
    _, dots = calibration_figure(found.calibration).data
    assert max(dots.y) == 0 and dots.cliponaxis is False
