"""The scored table as a file: what is asked for has its own columns."""

import csv
import io

import pytest

from dlnlp.scoring.recalibration import Recalibration
from dlnlp.scoring.score import ScoredRow
from dlnlp.ui.batch.scored_table import Extra, names, scored_csv
from tests.ui.batch.labelled_table import labelled_table


def test_recalibrated_answers_and_a_threshold_have_their_own_columns() -> None:
    job, _ = labelled_table(5)
    job.rows.append(ScoredRow(99, ("", "film", "1", "pos", "x"), (), "no word"))
    plain = list(csv.DictReader(io.StringIO(scored_csv(job).decode("utf-8-sig"))))
    recalibration = Recalibration(2.0, (1.0, 1.0))
    content = scored_csv(job, Extra(recalibration, 0.99)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == 6
    for before, row in zip(plain[:-1], rows[:-1], strict=True):
        assert {name: row[name] for name in before} == before
        odds = (float(before["p_positive"]) / float(before["p_negative"])) ** 0.5
        assert float(row["recalibrated_p_positive"]) == pytest.approx(odds / (1 + odds), abs=1e-5)
        assert row["recalibrated_label"] == row["label"]
        assert row["label_from_0.99"] == "negative"
    assert rows[-1]["label_from_0.99"] == rows[-1]["recalibrated_label"] == ""


def test_names_that_are_taken_get_the_network_before_them() -> None:
    job, _ = labelled_table(3)
    assert "recalibrated_label" in names(job, Extra(Recalibration(1.0, (1.0, 1.0))))
    object.__setattr__(job.table, "header", ("text", "domain", "number", "gold", "label_from_0.5"))
    assert names(job, Extra(threshold=0.5))[-1] == "kim_cnn_label_from_0.5"
    assert names(job)[0] == "label"
