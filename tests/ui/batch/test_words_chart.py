"""The bar chart of word effects: positive and negative ones, each with its interval."""

import plotly.graph_objects as go
import pytest

from dlnlp.ui.batch.words import CLASSES, Decider, Question
from dlnlp.ui.batch.words_chart import axis_title, in_words, outer, words_figure

FOUND = [
    Decider(f"word{number}", 1, (7,), 5.0 - number, 4.5 - number, 6.0 - number)
    for number in range(11)
]


def test_the_outer_ends_of_a_ranking_are_drawn() -> None:
    shown = outer(FOUND, 3)
    assert [each.mean for each in shown] == [5, 4, 3, -3, -4, -5]
    assert outer([], 3) == [] and outer(FOUND[5:6], 3) == []  # an effect of 0 is on no side


def test_a_bar_has_its_interval_and_is_no_markup() -> None:
    attack = Decider("<b>" + "x" * 90, 1, (7, 8), 1.0, 0.5, 3.0)
    figure = words_figure([attack, FOUND[-1]], Question("positive"))
    go.Figure(figure.to_dict())  # checks every property
    (bars,) = figure.data
    assert list(bars.error_x.array) == [2.0, 1.0] and list(bars.error_x.arrayminus) == [0.5, 0.5]
    assert bars.marker.color[0] != bars.marker.color[1]
    (name, _) = figure.layout.yaxis.ticktext
    assert "<b>" not in name and len(name) < 40
    assert "<b>" not in bars.customdata[0][0] and bars.customdata[0][1] == "7 / 8"


def test_words_say_what_the_bars_are() -> None:
    assert axis_title(Question("positive")) == "mean effect on “positive” (logits), 95 % interval"
    compared = axis_title(Question("positive", CLASSES, ("positive", "negative")))
    assert compared == "mean effect on “positive” (logits) in positive less that in negative"
    assert "<b>" not in axis_title(Question("<b>bold</b>"))
    assert in_words(FOUND[:1]) == "From most for the class to most against it: word0 +5.00."


@pytest.mark.parametrize("name", ["a&lt;b", "<br>", "&amp;"])
def test_entities_stay_what_they_are(name: str) -> None:
    figure = words_figure([Decider(name, 1, (7,), 1.0, 0.5, 3.0)], Question("positive"))
    assert figure.layout.yaxis.ticktext[0].replace("\u200b", "") == name
