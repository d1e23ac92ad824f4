"""The editor: one text that is read and written, with the shades of its words behind them.

The browser's text area holds the text; the session holds what Python knows of it. Every text that
the browser sends bears a sequence number and the revision that it was typed into. A text that
Python chose (an example, a link, an undone change) is a new revision: what was typed into the one
before is dropped, and the browser types the new text in, so that its own undo brings the old back.
"""

import secrets
from dataclasses import dataclass
from typing import Any, TypedDict

import streamlit as st

from dlnlp.text import edits
from dlnlp.ui.shell.component import component
from dlnlp.ui.text import versions
from dlnlp.ui.text.editor_shading import Shading, character_offset
from dlnlp.ui.text.review_page import ReviewPage

_OWNER = "editor_owner"


class EditorData(TypedDict):
    """Everything the component is told, as plain JSON; the types are said in `editor.js`."""

    name: str
    owner: str
    revision: int
    sequence: int
    text: str
    shading: Shading | None
    pending: str
    mask: str


@dataclass(frozen=True, slots=True)
class Known:
    """The text that the browser and the session agree on.

    Attributes:
        revision: How many texts Python has chosen.
        sequence: How many were typed since.
        text: The text.
    """

    revision: int
    sequence: int
    text: str


HTML = """
<div class="ed hued">
  <div class="written">
    <div class="scroller">
      <div class="paper">
        <div class="gutter" role="group" aria-label="Sentences; press one to select it"></div>
        <div class="stage">
          <div class="unread" aria-hidden="true"></div>
          <div class="shades" aria-hidden="true"></div>
          <div class="copy" aria-hidden="true"></div>
          <textarea aria-label="Your review" spellcheck="true" dir="auto"
            placeholder="Paste or type a review in English …"></textarea>
        </div>
      </div>
    </div>
    <div class="legend"></div>
  </div>
  <div class="panel">
    <div class="actions" role="group" aria-label="Change the word or sentence at the caret">
      <span class="subject"></span>
      <button class="remove" type="button" disabled>Delete</button>
      <button class="mask" type="button" disabled
        title="Puts ☐ in its place: the network reads an unknown word there. You can type it, too."
        >Mask</button>
      <form class="form">
        <input class="replacement" aria-label="Replace it with" placeholder="Replace with …"
          maxlength="200" autocomplete="off" disabled>
        <button class="replace" type="submit" disabled>Replace</button>
      </form>
      <span class="status"></span>
    </div>
    <div class="told">
      <div class="hints"></div>
      <div class="numbers" hidden><span class="about"></span><dl class="facts"></dl></div>
    </div>
  </div>
  <div class="spoken" role="status"></div>
</div>
"""

_mount = component(__file__, HTML)


def _owner() -> str:
    """A name for this session; what a browser typed into an earlier one is not meant for it."""
    if _OWNER not in st.session_state:
        st.session_state[_OWNER] = secrets.token_hex(4)
    return str(st.session_state[_OWNER])


def plain(text: str) -> str:
    """A text as a text area holds it: with plain line ends, and no half characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def known(page: ReviewPage) -> Known:
    """What the browser is told of the text; a new revision when it is another than it sent."""
    state, text = st.session_state, plain(versions.text(page))
    if text != versions.text(page):
        state[page.text] = text
    last: Known | None = state.get(page.key("known_text"))
    if last is None or last.text != text:
        last = Known(last.revision + 1 if last else 1, 0, text)
        state[page.key("known_text")] = last
    return last


def accept(page: ReviewPage, sent: Any) -> bool:
    """Take over a text that the browser sends, unless Python has chosen another meanwhile.

    Args:
        page: The page.
        sent: What came: hostile until checked.

    Returns:
        Whether the page now holds that text.
    """
    last: Known | None = st.session_state.get(page.key("known_text"))
    if last is None or not isinstance(sent, dict) or sent.get("owner") != _owner():
        return False
    revision, sequence, text = (sent.get(name) for name in ("revision", "sequence", "text"))
    if type(sequence) is not int or not isinstance(text, str) or revision != last.revision:
        return False
    if versions.text(page) != last.text:
        return False
    if sequence > last.sequence:
        text = plain(text)
        st.session_state[page.text] = text
        st.session_state[page.key("known_text")] = Known(last.revision, sequence, text)
    return sequence >= last.sequence


def change(page: ReviewPage, sent: Any) -> None:
    """Delete, mask or replace a stretch of the text that the browser sends with it.

    Args:
        page: The page.
        sent: What came: hostile until checked.
    """
    if not accept(page, sent):
        return
    text, kind, new = versions.text(page), sent.get("kind"), sent.get("replacement")
    try:
        start, end = (character_offset(text, int(sent.get(name))) for name in ("begin", "end"))
        words = _short(text[start:end])
        if kind == "delete":
            versions.edit(page, edits.delete_span(text, start, end), f"Deleted {words}")
        elif kind == "mask":
            versions.edit(page, edits.mask_span(text, start, end), f"Masked {words}")
        elif kind == "replace" and isinstance(new, str) and new.strip():
            changed = edits.replace_span(text, start, end, new)
            versions.edit(page, changed, f"{words} became {_short(new)}")
    except (TypeError, ValueError):
        return  # offsets that the text does not have


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return f"“{flat[:40]}…”" if len(flat) > 41 else f"“{flat}”"


def _sent(page: ReviewPage, name: str) -> Any:
    return (st.session_state.get(page.key("editor")) or {}).get(name)


def editor(page: ReviewPage, shading: Shading | None, pending: str = "") -> None:
    """Draw the editor.

    Args:
        page: The page.
        shading: Of the text that is on the page; None where there is none.
        pending: Why there is none yet, in a few words; the shades of the text before stay until
            it comes.
    """
    last = known(page)
    data = EditorData(
        name=page.key("editor"),
        owner=_owner(),
        revision=last.revision,
        sequence=last.sequence,
        text=last.text,
        shading=shading,
        pending=pending,
        mask=edits.MASK,
    )
    # Callbacks, since a change of page drops the run that an edit causes, but not its callbacks.
    _mount(
        key=page.key("editor"),
        data=data,
        on_edit_change=lambda: accept(page, _sent(page, "edit")),
        on_change_change=lambda: change(page, _sent(page, "change")),
    )
