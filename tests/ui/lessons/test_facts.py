"""What the lessons claim is true of the shipped networks, which may be trained again."""

from collections.abc import Iterator

import pytest

from dlnlp.ui.lessons.lesson import FACTS, Lesson, shipped
from dlnlp.worker.worker import Worker
from tests.ui.lessons.claims import CHECKS, faults, race_faults

RACES = {"learned", "diverged", "best", "worst_that_learned", "range_test_maximum"}
OF_NETWORKS = [lesson for lesson in shipped().values() if lesson.page != "schedules"]
OF_SCHEDULES = [lesson for lesson in shipped().values() if lesson.page == "schedules"]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def test_every_fact_that_can_be_claimed_is_checked() -> None:
    assert {*CHECKS} | RACES == FACTS


@pytest.mark.parametrize("lesson", OF_NETWORKS, ids=lambda lesson: lesson.name)
def test_what_a_lesson_claims_of_a_network_is_so(lesson: Lesson) -> None:
    wrong = {}
    for number, step in enumerate(lesson.steps, start=1):
        wrong[f"step {number}"] = faults(lesson.page, step.state, step.facts)
        if step.then is not None:
            wrong[f"step {number}, then"] = faults(
                lesson.page, step.then, step.then_facts, step.state
            )
    assert {place: claims for place, claims in wrong.items() if claims} == {}


@pytest.mark.parametrize("lesson", OF_SCHEDULES, ids=lambda lesson: lesson.name)
def test_what_a_lesson_claims_of_a_race_is_so(lesson: Lesson, worker: Worker) -> None:
    wrong = {}
    for number, step in enumerate(lesson.steps, start=1):
        wrong[f"step {number}"] = race_faults(worker, step.state, step.facts)
        wrong[f"step {number}, then"] = race_faults(worker, step.then or {}, step.then_facts)
    assert {place: claims for place, claims in wrong.items() if claims} == {}


def test_a_claim_that_is_not_so_is_found() -> None:
    lesson = shipped()["kim_maximum"]
    state, then = lesson.steps[2].state, lesson.steps[2].then
    assert then is not None
    assert faults("kim_cnn", state, {"predicted": "negative", "strongest_word": "seeing"}) == [
        "predicted = negative",
        "strongest_word = seeing",
    ]
    assert faults("kim_cnn", then, {"raised": "positive", "like_before": True}, state) == [
        "raised = positive",
        "like_before = True",
    ]


def test_every_step_claims_something() -> None:
    for lesson in shipped().values():
        assert all(step.facts or step.then_facts for step in lesson.steps), lesson.name
