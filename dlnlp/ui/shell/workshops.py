"""A temporary folder for each visitor who trains: texts and networks that nobody else sees.

The folder belongs to whoever knows its token, a secret that the session and the tab of its browser
keep: a page that is reloaded finds its folder again. It is removed some time after its session has
gone, and when the server ends.
"""

import atexit
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from dlnlp.ui.shell.streamlit_internals import session_id, session_is_there

GONE = 300.0  # seconds: from the last sight of a session until its folder is removed
MOST = 30  # folders at a time
MOST_BYTES = 300_000_000  # of one folder
_EVERY = 10.0
_TOKEN = "workshop_token"


class NoRoom(Exception):
    """There is no place for another folder; the message is one sentence for the page."""


@dataclass(eq=False)
class Workshop:
    """What one visitor has on this server.

    Attributes:
        token: the secret.
        folder: where everything lies.
        session: whose it is now.
        seen: when that session was last there, in seconds of `time.monotonic()`.
        work: what is done here now; of the page that does it.
    """

    token: str
    folder: Path
    session: str
    seen: float = field(default_factory=time.monotonic)
    work: Any = None

    @property
    def networks(self) -> Path:
        """The folder of finished networks."""
        return self.folder / "networks"

    @property
    def size(self) -> int:
        """Bytes of all files."""
        files = (path for path in self.folder.rglob("*") if not path.is_symlink())
        return sum(path.stat().st_size for path in files if path.is_file())


class Workshops:
    """All folders of this server, and the thread that removes those nobody comes back to.

    Args:
        is_there: whether a session is connected.
        gone: see :data:`GONE`.
        every: seconds between two looks.
    """

    def __init__(
        self,
        is_there: Callable[[str], bool] = session_is_there,
        *,
        gone: float = GONE,
        every: float = _EVERY,
    ) -> None:
        self._is_there, self._gone, self._every = is_there, gone, every
        self._lock = threading.Lock()
        self._all: dict[str, Workshop] = {}
        self._closed = threading.Event()
        self._watcher: threading.Thread | None = None
        atexit.register(self.close)

    def open(self, session: str) -> Workshop:
        """A new folder for a session.

        Raises:
            NoRoom: there are as many as the server takes.
        """
        with self._lock:
            if len(self._all) >= MOST or self._closed.is_set():
                raise NoRoom("Many people are training here already: try again in some minutes.")
            made = Workshop(
                secrets.token_urlsafe(24), Path(tempfile.mkdtemp(prefix="dlnlp-")), session
            )
            made.networks.mkdir()
            self._all[made.token] = made
            if self._watcher is None:
                self._watcher = threading.Thread(
                    target=self._watch, name="visitors' folders", daemon=True
                )
                self._watcher.start()
            return made

    def of(self, token: str, session: str) -> Workshop | None:
        """The folder of a token, which from now on is that session's; None where there is none."""
        with self._lock:
            found = self._all.get(token)
            if found is not None:
                found.session, found.seen = session, time.monotonic()
            return found

    def awaited(self, token: str) -> bool:
        """Whether the session of a folder is there; any thread may ask."""
        found = self._all.get(token)
        return found is not None and self._is_there(found.session)

    def close(self) -> None:
        """Remove all."""
        self._closed.set()
        with self._lock:
            for each in self._all.values():
                shutil.rmtree(each.folder, ignore_errors=True)
            self._all.clear()
        atexit.unregister(self.close)

    def _watch(self) -> None:
        while not self._closed.wait(self._every):
            now = time.monotonic()
            with self._lock:
                for token, each in list(self._all.items()):
                    if self._is_there(each.session):
                        each.seen = now
                    elif now - each.seen > self._gone:
                        del self._all[token]
                        shutil.rmtree(each.folder, ignore_errors=True)


@st.cache_resource(show_spinner=False, on_release=lambda workshops: workshops.close())
def workshops() -> Workshops:
    """Those of this server."""
    return Workshops()


def mine() -> Workshop | None:
    """The folder of this session; None until it has one."""
    token = st.session_state.get(_TOKEN)
    return None if token is None else workshops().of(token, session_id())


def make_mine() -> Workshop:
    """The folder of this session, made where it has none.

    Raises:
        NoRoom: there are as many as the server takes.
    """
    found = mine()
    if found is None:
        found = workshops().open(session_id())
        st.session_state[_TOKEN] = found.token
    return found


def token() -> str | None:
    """The secret of this session's folder, for the tab of its browser; None without a folder."""
    found = mine()
    return None if found is None else found.token


def claim(token: object) -> None:
    """Take the folder back whose secret the tab of the browser has kept: hostile until found."""
    if isinstance(token, str) and workshops().of(token, session_id()) is not None:
        st.session_state[_TOKEN] = token
