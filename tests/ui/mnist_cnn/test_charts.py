"""Charts of responses and calibration against counts made by hand."""

import numpy as np
import pytest

from dlnlp.explain.digits import Response
from dlnlp.ui.mnist_cnn import charts


def response(name: str, shares: list[list[float]]) -> Response:
    probabilities = np.array(shares, np.float32)
    amounts = np.arange(len(shares), dtype=np.float32) - len(shares) // 2
    return Response(name, "pixels", amounts, probabilities, np.zeros((len(shares), 28, 28)))


SHIFT = response("shift", [[0.1, 0.9, 0], [0.8, 0.15, 0.05], [0.95, 0.03, 0.02]])
TURN = response("turn", [[0.2, 0.75, 0.05], [0.8, 0.15, 0.05], [0.04, 0.06, 0.9]])


def test_digits_keep_their_looks_across_charts() -> None:
    looks = charts.line_colours([SHIFT, TURN])
    assert list(looks) == [0, 1, 2]
    assert len(set(looks.values())) == 3
    assert list(charts.line_colours([SHIFT])) == [0, 1]  # the third stays below a tenth


def test_lines_are_probabilities_in_percent() -> None:
    looks = charts.line_colours([SHIFT, TURN])
    figure = charts.response_figure(SHIFT, looks)
    assert [line.name for line in figure.data] == ["0", "1"]
    assert np.allclose(figure.data[0].y, [10, 80, 95]) and figure.data[0].x.tolist() == [-1, 0, 1]
    assert figure.data[0].line.color == looks[0][0]


def test_response_in_words() -> None:
    words = charts.response_in_words(TURN)
    assert words.endswith("1 from −1 to −1, 0 from 0 to 0, 2 from 1 to 1")


def test_calibration_groups_count_digits_and_right_guesses() -> None:
    sure = np.array([0.6, 0.7, 0.75, 0.999, 1.0, 1.0], np.float32)
    probabilities = np.stack([sure, 1 - sure], 1)
    labels = np.array([0, 1, 0, 0, 0, 1], np.uint8)
    edges = (0.0, 0.5, 0.72, 0.9, 1.0)
    groups = charts.calibration_groups(labels, probabilities, edges)
    assert [group[0] for group in groups] == [2, 1, 3]
    assert [group[1] for group in groups] == pytest.approx([0.65, 0.75, 2.999 / 3])
    assert [group[2] for group in groups] == pytest.approx([0.5, 1, 2 / 3])
    for _, _, share, low, high in groups:
        assert 0 <= low <= share <= high <= 1
    # Wilson's interval for 1 of 2, by hand.
    z = 1.96
    half = z * np.sqrt(0.25 / 2 + z * z / 16) / (1 + z * z / 2)
    assert groups[0][3] == pytest.approx(0.5 - half)
    assert "70.0 % sure" not in charts.calibration_in_words(groups)
    assert "65.0 % predicted, 50.0 % observed of 2" in charts.calibration_in_words(groups)
    figure = charts.calibration_figure(groups)
    assert np.allclose(figure.data[1].y, [50, 100, 200 / 3])
    assert np.allclose(figure.data[1].customdata, [2, 1, 3])


def test_every_confidence_belongs_to_a_group() -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.full(10, 0.05), 3_000).astype(np.float32)
    groups = charts.calibration_groups(np.zeros(3_000, np.uint8), probabilities)
    sure = probabilities.max(1)
    assert sum(group[0] for group in groups) == int((sure <= 1).sum())
