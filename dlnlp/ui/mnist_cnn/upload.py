"""The visitor's picture of a digit, and the one before it."""

import hashlib
from dataclasses import dataclass

import streamlit as st

from dlnlp.ui.mnist_cnn import state as digit_state

_UPLOAD, _BEFORE = "digit_upload", "digit_upload_before"


@dataclass(frozen=True, eq=False)
class Upload:
    """A file of the visitor's.

    Attributes:
        name: as the browser says it: hostile text.
        data: its bytes.
        key: hash of the bytes.
    """

    name: str
    data: bytes
    key: str


def upload() -> Upload | None:
    """The visitor's file, if any."""
    kept: Upload | None = st.session_state.get(_UPLOAD)
    return kept


def set_upload(name: str, data: bytes) -> None:
    """Keep the visitor's file."""
    _replace_upload(Upload(name, data, hashlib.sha256(data).hexdigest()))
    digit_state.changed()


def drop_upload() -> None:
    """Take the visitor's file off the page."""
    _replace_upload(None)


def can_undo_upload() -> bool:
    """Whether there was another file."""
    return st.session_state.get(_BEFORE) not in (None, upload())


def undo_upload() -> None:
    """Bring back the file before; once more, and the later one is back."""
    _replace_upload(st.session_state.get(_BEFORE))
    digit_state.changed()


def _replace_upload(new: Upload | None) -> None:
    state = st.session_state
    # The field takes the old file out before it brings a second one: that is no step of its own.
    state[_BEFORE], state[_UPLOAD] = upload() or state.get(_BEFORE), new
