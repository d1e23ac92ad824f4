"""The pictures of a table and of a training: as Plotly wants them, whatever the names hold."""

import numpy as np
import plotly.graph_objects as go
import pytest

from dlnlp.ui.train import pictures
from dlnlp.ui.train.course import Course


def checked(figure: go.Figure) -> go.Figure:
    """The same figure, every property of it checked by Plotly."""
    return go.Figure(figure.to_dict())


def test_classes_are_bars_with_names_as_they_are_written() -> None:
    figure = checked(pictures.classes_figure({"<b>bold</b>": 30, "否\0": 20, "x" * 99: 1}))
    assert list(figure.data[0].x) == [30, 20, 1]
    assert figure.layout.yaxis.ticktext == ("&lt;b>bold&lt;/b>", "否", "x" * 24 + "…")


def test_many_classes_end_in_one_number_without_a_bar() -> None:
    figure = checked(pictures.classes_figure({f"c{n}": 50 - n for n in range(50)}))
    assert figure.layout.yaxis.ticktext[-1] == "38 more"
    assert figure.data[0].x[-1] == 0 and figure.data[0].text[-1] == f"{sum(range(39)):,}"
    assert figure.data[0].textangle == 0, "short numbers would be turned"


@pytest.mark.parametrize("lengths", [[], [0, 0], [1], [3, 3, 3], [1, 2, 5000], list(range(400))])
def test_all_texts_are_in_the_picture_of_lengths(lengths: list[int]) -> None:
    figure = checked(pictures.lengths_figure(np.array(lengths, np.int64)))
    assert sum(figure.data[0].y) == len(lengths)


def test_the_axis_of_lengths_has_whole_words_and_says_what_the_last_bar_holds() -> None:
    few = checked(pictures.lengths_figure(np.array([1, 2, 2], np.int64))).layout.xaxis
    assert few.dtick == 1 and few.title.text == "words per text"
    many = checked(pictures.lengths_figure(np.array([3] * 99 + [500], np.int64))).layout.xaxis
    assert many.title.text == "words per text (last bar: 3 or more)"


def test_a_long_curve_is_thinned_to_means() -> None:
    at, means = pictures.thinned(np.arange(10_001, dtype=np.float64))
    assert len(at) <= pictures.MOST_POINTS and at[-1] == 10_001
    assert means[0] == pytest.approx(np.arange(7).mean())
    at, means = pictures.thinned(np.array([2.0, 1.0]))
    assert at.tolist() == [1, 2] and means.tolist() == [2, 1]
    assert pictures.thinned(np.zeros(0))[0].tolist() == []


def test_the_course_is_drawn_at_any_time() -> None:
    checked(pictures.course_figure(Course()))
    course = Course(total=10, epochs=2, losses=[1.0, 0.5], rates=[(2, 0.004)])
    course.validation = [(2, 0.4, 0.75)]
    figure = checked(pictures.course_figure(course))
    assert figure.data[0].name == "loss of the batch" and figure.layout.xaxis.range[1] > 10
    assert pictures.course_in_words(course) == (
        "Step 2 of 10. Validation: loss 0.400, accuracy 75.0%."
    )
