"""The one worker of this server, shared by all sessions; a session's job ends with the session."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dlnlp.ui.shell.streamlit_internals import session_id, session_is_there
from dlnlp.worker.worker import Job, Worker


@st.cache_resource(show_spinner=False, on_release=lambda worker: worker.close())
def shared_worker() -> Worker:
    """The worker; no process is started before its first job."""
    return Worker()


def submit(task: str, arguments: dict[str, Any], *, kind: str = "") -> Job:
    """Give the worker a job of this session; one of the same kind that it still has is cancelled.

    Raises:
        QueueFull: too many others are waiting; the message is for the page.
    """
    session = session_id()
    owner = session and f"{session} {kind}"
    return shared_worker().submit(task, arguments, owner=owner, alive=is_there(session))


def is_there(session: str) -> Callable[[], bool]:
    """A question that any thread may ask: is this session still connected?"""
    return lambda: session_is_there(session)
