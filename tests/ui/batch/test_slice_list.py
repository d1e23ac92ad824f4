"""What the picture of slices is told."""

from dlnlp.cards import Measure
from dlnlp.scoring.slices import Counted, compare
from dlnlp.ui.batch.slice_list import MOST_DRAWN, checked, slices_data

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


def test_only_the_number_of_a_slice_is_a_choice() -> None:
    slices = compare([Counted("word", "x", 50, 40)], 500, 400)

    def sent(place: object, subject: str = "words") -> object:
        return {"subject": subject, "place": place}

    assert checked(sent(0), "words", slices) == 0
    assert checked(sent(0, "columns"), "words", slices) is None
    wrong = [*map(sent, (1, -1, "0", None, True, 0.0)), 0, None]
    assert [checked(each, "words", slices) for each in wrong] == [None] * 8
