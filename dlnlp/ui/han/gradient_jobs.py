"""Gradients of a HAN from the worker's process: asked for once a text, kept, watched, stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import streamlit as st
from cachetools import LRUCache
from numpy.typing import NDArray

from dlnlp.inference import HanPredictor
from dlnlp.ui.shell import networks, worker_jobs
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text.review_page import ReviewPage
from dlnlp.worker.worker import Job, QueueFull

TASK = "dlnlp.tasks.han_saliency:saliency"
EVERY = 0.3
# Bounded by size: a text of 2,000 words takes thirty times as much as one of 60.
MOST_BYTES = 16_000_000

Saliency = Mapping[str, NDArray[np.float64]]
_Key = tuple[str, str, tuple[tuple[int, ...], ...], int | None]


class _Kept:
    """The newest results of all sessions."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._results: LRUCache[_Key, Saliency] = LRUCache(MOST_BYTES, getsizeof=_bytes)

    def get(self, key: _Key) -> Saliency | None:
        with self._lock:
            return self._results.get(key)

    def put(self, key: _Key, result: Saliency) -> None:
        with self._lock:
            if _bytes(result) <= MOST_BYTES:
                self._results[key] = result


def _bytes(result: Saliency) -> int:
    return sum(part.nbytes for part in result.values())


@st.cache_resource(show_spinner=False)
def _kept() -> _Kept:
    return _Kept()


@dataclass
class _Asked:
    """What this session has asked for last; no job where the queue was full."""

    key: _Key
    job: Job | None
    problem: str = ""


def _key(predictor: HanPredictor, sentences: Sequence[NDArray[np.int32]], seed: int | None) -> _Key:
    ids = tuple(tuple(sentence.tolist()) for sentence in sentences)
    return predictor.name, str(predictor.card.get("card_sha256")), ids, seed


def known(predictor: HanPredictor, sentences: Sequence[NDArray[np.int32]]) -> Saliency | None:
    """Saliency that was computed before, or None, of sentences int32 ``[words]``.

    Arrays such as ``gradient_x_input`` ``[C, N]``: see `dlnlp.tasks.han_saliency.saliency`.
    """
    return _kept().get(_key(predictor, sentences, None))


def _submit(page: ReviewPage, key: _Key) -> None:
    name, _, sentences, seed = key
    arguments: dict[str, Any] = {
        "weights": str(networks.directory(name)),
        "sentences": [list(sentence) for sentence in sentences],
        "seed": seed,
    }
    try:
        asked = _Asked(key, worker_jobs.submit(TASK, arguments, kind="gradients"))
    except QueueFull as full:
        asked = _Asked(key, None, str(full))
    st.session_state[page.key("asked")] = asked


def saliency(
    page: ReviewPage,
    predictor: HanPredictor,
    sentences: Sequence[NDArray[np.int32]],
    seed: int | None = None,
    place: str = "view",
) -> Saliency | None:
    """The gradients of a text; while they are computed, draw the progress and a button to stop.

    Args:
        page: The page.
        predictor: The model.
        sentences: Token ids of each sentence that was read, int32 ``[words]``.
        seed: Seed of the random weights; None for the trained ones.
        place: Where on the page this is drawn, for the keys of its buttons.

    Returns:
        What :func:`known` returns; None while there is no result: the page has said why.
    """
    key = _key(predictor, sentences, seed)
    found = _kept().get(key)
    if found is not None:
        return found
    asked: _Asked | None = st.session_state.get(page.key("asked"))
    if asked is not None and asked.key[:3] == key[:3] and asked.key != key and _busy(asked):
        st.caption("Waits for another computation on this text …")
        return None
    if asked is None or asked.key != key:
        _submit(page, key)
        asked = st.session_state[page.key("asked")]
    job = asked.job
    if job is not None and job.state == "done":
        found = {name: np.array(part, np.float64) for name, part in job.result.items()}
        _kept().put(key, found)
        return found
    if job is not None and job.active:
        st.button(
            "Stop",
            key=page.key(f"stop_gradients_{place}"),
            on_click=worker_jobs.shared_worker().cancel,
            args=(job,),
        )
        _watch(job)
    else:
        st.text(asked.problem or (job.error if job is not None else "") or "Stopped.")
        st.button(
            "Try again", key=page.key(f"ask_again_{place}"), on_click=_submit, args=(page, key)
        )
    return None


def _busy(asked: _Asked) -> bool:
    return asked.job is not None and asked.job.active


@fragment(run_every=EVERY)
def _watch(job: Job) -> None:
    if not job.active:
        st.rerun()
    messages = list(job.messages)
    place = worker_jobs.shared_worker().place(job)
    if place:
        words = f"In the queue: {place} before this one."
    elif not messages:
        words = "Waking the background process; the first time takes some seconds …"
    else:
        words = "Differentiating in the background process …"
    st.progress(float(messages[-1]["share"]) if messages else 0.0, text=words)
