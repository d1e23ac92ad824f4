"""Figures hold the numbers they were given."""

import numpy as np
import pytest

from dlnlp.inference.document_map import DocumentMap
from dlnlp.ui.shell import charts
from tests.ui.text.attention_results import STARS


def make_map(documents: int = 200, classes: int = 5) -> DocumentMap:
    rng = np.random.default_rng(0)
    labels = rng.integers(classes, size=documents)
    vectors = rng.normal(size=(documents, 6)).astype(np.float32)
    return DocumentMap.fit(vectors, labels, labels, np.arange(documents))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_colours_differ_and_end_at_blue(count: int) -> None:
    colours = charts.class_colours(count)
    assert len(set(colours)) == count
    assert colours[-1] == charts.class_colours(5)[-1]


def test_map_draws_each_class_the_review_and_its_neighbours() -> None:
    document_map = make_map()
    figure = charts.map_figure(document_map, STARS, np.array([0.5, -1.0]), [3, 4])
    *classes, near, review = figure.data
    assert [trace.name for trace in classes] == list(STARS)
    assert sum(len(trace.x) for trace in classes) == 200
    np.testing.assert_allclose(near.x, document_map.coordinates[[3, 4], 0])
    assert (review.x[0], review.y[0]) == (0.5, -1.0)
    share = f"{100 * document_map.explained[0]:.0f} %"
    assert share in figure.layout.xaxis.title.text


def test_map_without_a_review_has_no_cross() -> None:
    figure = charts.map_figure(make_map(), STARS, None)
    assert "your review" not in [trace.name for trace in figure.data]


def test_large_maps_are_thinned_evenly() -> None:
    shown = charts.shown_points(np.zeros(10_000, dtype=np.uint8), 100)
    assert len(shown) == 100 and shown[0] == 0 and shown[-1] == 9_999
    assert len(charts.shown_points(np.zeros(7, dtype=np.uint8), 100)) == 7
