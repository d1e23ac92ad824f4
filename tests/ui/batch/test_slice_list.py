"""What the picture of slices is told."""

from dlnlp.cards import Measure
from dlnlp.scoring.slices import Counted, compare
from dlnlp.ui.batch.slice_list import MOST_DRAWN, slices_data

OVERALL = Measure(0.8, 0.78, 0.82)


def test_a_line_says_all_that_is_drawn() -> None:
    slices = compare([Counted("domain", "<b>book", 50, 10)], 500, 400)
    data = slices_data(slices, OVERALL, 0)
    (line,) = data["slices"]
    assert line["value"] == "<b>book" and line["rows"] == "50 rows" and line["worse"]
    assert line["low"] < line["accuracy"] == 0.2 < line["high"]
    assert line["written"] == "20.0 %" and data["overall_written"] == "80.0 %"
    assert "20.0 % (11.2 to 33.0)" in line["spoken"] and "significantly worse" in line["spoken"]
    assert data["more"] == "Show all 1"


def test_not_more_than_can_be_drawn_goes_to_the_browser() -> None:
    slices = compare([Counted("word", str(n), 50, 40) for n in range(300)], 500, 400)
    data = slices_data(slices, OVERALL, -1)
    assert len(data["slices"]) == MOST_DRAWN and data["more"] == f"Show the first {MOST_DRAWN}"
