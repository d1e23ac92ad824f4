"""How far a range test has come, and what its seeds have found."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.training.range_analysis import FEWEST
from dlnlp.ui.shell.range_view import results
from dlnlp.worker.worker import Job

PLANNED = {"steps": 40, "seeds": 2}


def reported(seed: int, losses: list[float | None]) -> dict[str, Any]:
    return {"seed": seed, "rates": np.geomspace(1e-4, 1, len(losses)).tolist(), "losses": losses}


def job(*messages: dict[str, Any], **others: Any) -> Job:
    found = Job(1, "module:test", {}, "me", lambda: True, **others)
    found.messages.extend(messages)
    return found


def falling(count: int) -> list[float | None]:
    return np.linspace(2, 1, count).tolist()


def test_each_seed_with_enough_losses_has_a_result() -> None:
    few: list[float | None] = [*falling(FEWEST - 1), None]
    ended = job(PLANNED, reported(0, falling(40)), reported(1, few), state="done")
    (found,) = results(ended)
    np.testing.assert_array_equal(found.losses, falling(40))
    assert results(job(state="cancelled")) == []


def test_how_the_seeds_ended_is_told_once() -> None:
    seeds = [reported(seed, falling(40)) for seed in (0, 1)]
    told = {"notes": ["It diverged.", "It diverged."]}
    assert [found.note for found in results(job(PLANNED, *seeds, result=told))] == [
        "It diverged.",
        "",
    ]


def page() -> None:
    import streamlit as st

    from dlnlp.ui.shell.range_view import draw_progress

    draw_progress(*st.session_state["shown"], (1e-4, 1.0), "Waking up …", key="live")


@pytest.mark.parametrize(
    ("shown", "share", "words"),
    [
        ((job(), 2), 0, "In the queue: 2 before yours."),
        ((job(), 0), 0, "Waking up …"),
        ((job(PLANNED), 0), 0, "Seed 1 of 2, step 0 of 40"),
        ((job(PLANNED, reported(0, falling(30))), 0), 37, "Seed 1 of 2, step 30 of 40"),
        (
            (job(PLANNED, reported(0, falling(40)), reported(1, falling(10))), 0),
            62,
            "Seed 2 of 2, step 10 of 40",
        ),
    ],
)
def test_how_far_it_has_come(shown: tuple[Job, int], share: int, words: str) -> None:
    app = AppTest.from_function(page)
    app.session_state["shown"] = shown
    app.run()
    assert not app.exception
    (bar,) = app.get("progress")
    assert (bar.proto.value, bar.proto.text) == (share, words)
