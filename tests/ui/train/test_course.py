"""How far a training is, from what its job reported."""

import math

from dlnlp.ui.train.course import courses_of

POINT = {"step": 0, "epoch": 0.0, "loss": None, "texts": []}


def test_nothing_reported_is_nothing_known() -> None:
    (course,) = courses_of([])
    assert (course.total, course.step, course.recording, course.left) == (0, 0, None, None)


def test_reports_add_up() -> None:
    (course,) = courses_of(
        [
            {"said": "One row has no label."},
            {"plan": {"steps": 10, "epochs": 2}},
            {"watched": [{"text": "a"}], "class_names": ["x", "y"]},
            {"point": POINT},
            {"step": 1, "losses": [0.9], "rate": 0.1, "left": None},
            {"step": 3, "losses": [0.8, 0.7], "rate": 0.2, "left": 7.5},
            {"epoch": {"validation_loss": 0.6, "validation_accuracy": 0.5, "seconds": 2.0,
                       "tokens": 40}, "step": 5},
            {"problem": "The loss is nan."},
            {"ended": 5},
        ]
    )  # fmt: skip
    assert course.losses == [0.9, 0.8, 0.7] and course.step == 3
    assert course.rates == [(1, 0.1), (3, 0.2)] and course.left == 7.5
    assert course.validation == [(5, 0.6, 0.5)] and (course.words, course.seconds) == (40, 2.0)
    assert course.said == ["One row has no label."] and course.ended and course.problem
    assert course.recording is not None and course.recording["points"] == [POINT]


def test_a_training_that_goes_on_has_no_losses_of_before() -> None:
    (course,) = courses_of([{"step": 4, "losses": [0.5, 0.4], "rate": 0.1, "left": 1.0}])
    assert course.step == 4 and course.losses[2:] == [0.5, 0.4]
    assert all(map(math.isnan, course.losses[:2]))


def test_each_network_has_its_own_course() -> None:
    one, other = courses_of(
        [
            {"said": "One row has no label."},
            {"plan": {"steps": 4, "epochs": 2}},
            {"step": 1, "losses": [0.9], "rate": 0.1, "left": None},
            {"ended": 1},
            {"said": "hotels_han: accuracy on test 60.9%"},
            {"plan": {"steps": 6, "epochs": 3}},
            {"step": 2, "losses": [0.8, 0.7], "rate": 0.2, "left": 1.0},
        ]
    )
    assert (one.total, one.losses, one.ended) == (4, [0.9], True)
    assert (other.total, other.losses, other.ended) == (6, [0.8, 0.7], False)
