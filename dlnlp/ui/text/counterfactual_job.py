"""The searches for what would change a prediction, beside the page: in a thread, kept, stopped."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st
from cachetools import LRUCache

from dlnlp.explain.counterfactuals import KINDS, Searched, Stopped, find
from dlnlp.explain.drafts import Draft, drafts
from dlnlp.inference import TextPredictor
from dlnlp.inference.text_result import TextResult
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.streamlit_internals import session_id
from dlnlp.ui.shell.turns import aside
from dlnlp.ui.text.review_page import ReviewPage

# Seconds that a page waits for a search before it draws how far it is.
AT_ONCE = 0.2
# Seconds after which nobody looks any more: another tab is open, or the page is closed.
_UNSEEN = 20.0
_ASK = 0.2
_KEPT = 64
_LOGGER = logging.getLogger(__name__)

State = Literal["waiting", "running", "done", "stopped", "failed"]
Key = tuple[str, str, str, int | None]


@dataclass(frozen=True, eq=False)
class TriedDraft:
    """A draft, and what the network says of it."""

    draft: Draft
    result: TextResult


@dataclass(eq=False)
class CounterfactualJob:
    """All searches for one text; its thread writes, the page reads.

    Attributes:
        predictor: the network.
        result: what it read in the text.
        goal: the class that is to win; None: any other than now.
        drafts: small changes and what they do; None until they were read.
        searched: what is found so far, in the order of `KINDS`.
        state: where it stands.
        error: one sentence when it failed.
    """

    predictor: TextPredictor
    result: TextResult
    goal: int | None
    drafts: list[TriedDraft] | None = None
    searched: list[Searched[TextResult]] = field(default_factory=list)
    state: State = "waiting"
    error: str = ""
    _seen: float = field(default_factory=time.monotonic)
    _cancel: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def key(self) -> Key:
        """What the answer depends on."""
        card = str(self.predictor.card.get("card_sha256"))
        return self.predictor.name, card, self.result.text, self.goal

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    @property
    def steps(self) -> int:
        """How many of its parts are done."""
        return (self.drafts is not None) + len(self.searched)

    def cancel(self) -> None:
        """Ask it to stop before the next texts that it reads."""
        self._cancel.set()

    def look(self) -> None:
        """Say that somebody waits for it."""
        self._seen = time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; returns whether it has come."""
        return self._ended.wait(seconds)

    def run(self, turn: threading.Lock, alive: Callable[[], bool]) -> None:
        """Wait for the turn and search; ends early when cancelled or left alone.

        Args:
            turn: held by whoever searches.
            alive: whether the session is still there.
        """

        def over() -> bool:
            unseen = time.monotonic() - self._seen > _UNSEEN
            return self._cancel.is_set() or unseen or not alive()

        while not turn.acquire(timeout=_ASK):
            if over():
                self.state = "stopped"
                self._ended.set()
                return
        try:
            self.state = "running"
            self.drafts = self._try_drafts()
            for kind in KINDS:
                goal = None if kind == "keep" else self.goal
                found = find(self.predictor, self.result, kind, goal, stopped=over)
                self.searched.append(found)
            self.state = "done"
        except Stopped:
            self.state = "stopped"
        except Exception as error:  # whatever it is: the page would wait for ever
            _LOGGER.exception("the search for changes by %s failed", self.predictor.name)
            self.error = f"The network could not go on ({error}): please try again."
            self.state = "failed"
        finally:
            turn.release()
            self._ended.set()

    def _try_drafts(self) -> list[TriedDraft]:
        made = [
            draft
            for draft in drafts(self.result, self.predictor.vocabulary)
            if self.predictor.token_lists(draft.text)
        ]
        results = self.predictor.predict_batch([draft.text for draft in made]) if made else []
        return [TriedDraft(*pair) for pair in zip(made, results, strict=True)]


@st.cache_resource(show_spinner=False)
def _turn() -> threading.Lock:
    """One for all sessions: two searches at once would take twice as long each."""
    return threading.Lock()


class _Kept:
    """The newest finished jobs of all sessions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: LRUCache[Key, CounterfactualJob] = LRUCache(_KEPT)

    def get(self, key: Key) -> CounterfactualJob | None:
        with self._lock:
            return self._jobs.get(key)

    def put(self, job: CounterfactualJob) -> None:
        with self._lock:
            self._jobs[job.key] = job


@st.cache_resource(show_spinner=False)
def _kept() -> _Kept:
    return _Kept()


def job_of(
    page: ReviewPage, predictor: TextPredictor, result: TextResult, goal: int | None
) -> CounterfactualJob:
    """The job for what is on the page; it is started where there is none, and another one stopped.

    Args:
        page: the page.
        predictor: the network.
        result: what it read in the text.
        goal: the class that is to win; None: any other than now.
    """
    state, place = st.session_state, page.key("counterfactuals")
    last: CounterfactualJob | None = state.get(place)
    job = CounterfactualJob(predictor, result, goal)
    if last is not None and last.key == job.key and last.state != "stopped":
        last.look()
    else:
        if last is not None:
            last.cancel()
        known = _kept().get(job.key)
        state[place] = last = known or job
        if known is None:
            _start(job)
    if last.state == "done":
        _kept().put(last)
    return last


def forget(page: ReviewPage) -> None:
    """Let the next look start anew."""
    st.session_state[page.key("counterfactuals")] = None


def _start(job: CounterfactualJob) -> None:
    """Run a job in a thread that ends with this session; wait a moment for a quick one."""
    arguments: tuple[Any, ...] = _turn(), worker_jobs.is_there(session_id())
    threading.Thread(target=job.run, args=arguments, name="counterfactuals", daemon=True).start()
    with aside():
        job.wait(AT_ONCE)
