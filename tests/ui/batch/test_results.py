"""What is shown of a scored table and what is taken away are the same rows."""

import csv
import io

import pytest

from dlnlp.scoring.score import ScoredRow
from dlnlp.tables.dialect import Dialect
from dlnlp.tables.reader import BadRow
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.results import (
    answered,
    certainty_figure,
    counts_figure,
    scored_frame,
    unread,
)
from dlnlp.ui.batch.scored_table import names, scored_csv
from dlnlp.ui.tables.upload import UploadedTable
from tests.tiny_han import POLARITY


def make_job(header: tuple[str, ...] = ("=id", "text", "note")) -> ScoreJob:
    table = UploadedTable("x.csv", header, Dialect(";"), ())
    job = ScoreJob(table, 1, "han_imdb", POLARITY, state="done")
    job.rows += [
        ScoredRow(2, ("1", "good,\nreally", "=1+1"), (0.25, 0.75), unknown_share=0.5),
        BadRow(4, 5, "broken"),
        ScoredRow(6, ("-3.5", "  ", "@x"), (), "there is no word in the text"),
        ScoredRow(7, ("1e5", "bad", "-x"), (0.9, 0.1)),
    ]
    return job


def test_the_download_holds_every_row_and_no_formula() -> None:
    content = scored_csv(make_job())
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert rows == [
        ["'=id", "text", "note", "label", "p_negative", "p_positive", "unknown_share"],
        ["1", "good,\nreally", "'=1+1", "positive", "0.250000", "0.750000", "0.5000"],
        ["-3.5", "  ", "'@x", "", "", "", ""],
        ["1e5", "bad", "'-x", "negative", "0.900000", "0.100000", "0.0000"],
    ]


def test_what_could_not_be_scored_has_place_and_reason() -> None:
    job = make_job()
    assert [row.line for row in answered(job)] == [2, 7]
    assert unread(job) == [
        {"where": "lines 4 to 5", "why": "broken", "in the scored table": "left out"},
        {
            "where": "line 6",
            "why": "there is no word in the text",
            "in the scored table": "without a label",
        },
    ]


def test_the_table_on_screen() -> None:
    frame = scored_frame(make_job())
    assert list(frame.columns) == [
        *("label", "p_negative", "p_positive", "unknown_share", "text", "=id", "note")
    ]
    assert list(frame.index) == [2, 6, 7]
    assert frame["p_positive"].tolist()[::2] == [0.75, 0.1] and frame["p_positive"].isna()[6]
    assert frame["unknown_share"].tolist()[::2] == [0.5, 0.0] and frame["unknown_share"].isna()[6]


def test_added_names_never_clash() -> None:
    job = make_job(("label", "text", "han_imdb_p_negative"))
    assert names(job) == (
        "han_imdb_han_imdb_label",
        "han_imdb_han_imdb_p_negative",
        "han_imdb_han_imdb_p_positive",
        "han_imdb_han_imdb_unknown_share",
    )
    assert len(set(scored_frame(job).columns)) == 7


def test_counts_are_written_on_their_bars() -> None:
    (bar,) = counts_figure(POLARITY, [1, 3]).data
    assert list(bar.x) == [1, 3] and list(bar.text) == ["1  (25.0 %)", "3  (75.0 %)"]


def test_certainty_counts_every_row_once() -> None:
    (bar,) = certainty_figure([0.5, 0.51, 0.999, 1.0, 1.0000001], 2).data
    assert bar.y.tolist() == [2, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert bar.customdata[0] == "50 to 55 %"
    (bar,) = certainty_figure([0.2, 0.3], 5).data
    assert sum(bar.y) == 2 and bar.x[0] == pytest.approx(0.24)


def test_class_names_are_no_markup_and_leave_room_for_the_bars() -> None:
    hostile = ("<b>bold</b>", "a long name that goes on and on", "a long name that goes elsewhere")
    figure = counts_figure(hostile, (1, 2, 3))
    assert all("<b" not in name and len(name) < 25 for name in figure.layout.yaxis.ticktext)
    (bars,) = figure.data
    assert list(bars.y) == [0, 1, 2], "names that are cut alike stay two bars"
    assert "<b" not in bars.customdata[0]
