"""A job searches once for a text, and stops when another text, or nobody, is there."""

import threading
import time
from typing import Any

import pytest
import streamlit as st

from dlnlp.explain.counterfactuals import KINDS, find
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.text import counterfactual_job
from dlnlp.ui.text.counterfactual_job import CounterfactualJob, forget, job_of
from dlnlp.ui.text.review_page import ReviewPage
from tests.ui.text.counterfactual_jobs import TEXT, finished, tiny

PAGE = ReviewPage("page")


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(worker_jobs, "is_there", lambda session: lambda: True)
    kept = counterfactual_job._Kept()
    monkeypatch.setattr(counterfactual_job, "_kept", lambda: kept)
    return state


def test_a_finished_job_holds_what_the_searches_find() -> None:
    job = finished()
    assert [found.kind for found in job.searched] == list(KINDS) and job.steps == 5
    for found in job.searched:
        again = find(job.predictor, job.result, found.kind)
        assert again.outcome == found.outcome
    assert job.drafts
    for tried in job.drafts:
        again = job.predictor.predict(tried.draft.text)
        assert again.logits == pytest.approx(tried.result.logits, abs=1e-5)


def test_a_text_is_searched_once_and_known_when_it_comes_back() -> None:
    predictor = tiny()
    first, other = predictor.predict(TEXT), predictor.predict("good film")
    job = job_of(PAGE, predictor, first, None)
    assert job.wait(60) and job_of(PAGE, predictor, first, None) is job
    second = job_of(PAGE, predictor, other, None)
    assert second is not job
    assert job_of(PAGE, predictor, first, None) is job
    assert job_of(PAGE, predictor, first, (first.predicted + 1) % 5) is not job


def test_another_text_stops_the_search_for_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    turn = threading.Lock()
    monkeypatch.setattr(counterfactual_job, "_turn", lambda: turn)
    predictor = tiny()
    with turn:  # another session searches
        job = job_of(PAGE, predictor, predictor.predict(TEXT), None)
        assert job.state == "waiting"
        other = job_of(PAGE, predictor, predictor.predict("good film"), None)
        assert job.wait(60) and job.state == "stopped"
    assert other.wait(60) and other.state == "done"
    again = job_of(PAGE, predictor, predictor.predict(TEXT), None)
    assert again is not job and again.wait(60) and again.state == "done"


@pytest.mark.parametrize("why", ["cancelled", "gone", "unseen"])
def test_a_search_that_nobody_waits_for_ends(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    predictor = tiny()
    job = CounterfactualJob(predictor, predictor.predict(TEXT), None)
    if why == "cancelled":
        job.cancel()
    if why == "unseen":
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 60)
    job.run(threading.Lock(), lambda: why != "gone")
    assert job.state == "stopped" and len(job.searched) == 0 and job.wait(0)


def test_a_failure_is_one_sentence_and_can_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, session: dict[str, Any]
) -> None:
    predictor = tiny()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(counterfactual_job, "find", fail)
    job = job_of(PAGE, predictor, predictor.predict(TEXT), None)
    assert job.wait(60) and job.state == "failed" and "no memory" in job.error
    assert job_of(PAGE, predictor, predictor.predict(TEXT), None) is job
    monkeypatch.undo()
    monkeypatch.setattr(st, "session_state", session)
    forget(PAGE)
    assert session[PAGE.key("counterfactuals")] is None
