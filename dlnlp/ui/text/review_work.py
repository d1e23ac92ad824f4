"""What the tab keeps of a page that reads reviews, and how the page takes it back."""

from collections.abc import Container, Mapping
from typing import Any

import streamlit as st

from dlnlp.ui.shell import kept_work
from dlnlp.ui.text import versions
from dlnlp.ui.text.review_page import ReviewPage

MOST_CHARACTERS = 200_000


def keep(page: ReviewPage, place: str) -> None:
    """Keep the text, the version beside it, the model and the settings.

    Args:
        page: The page.
        place: Where this is drawn; each fragment that draws a setting keeps for itself.
    """
    state, text, kept = st.session_state, versions.text(page), versions.kept(page)
    work: dict[str, Any] = {name: state.get(page.setting(name)) for name in page.settings}
    work |= {"model": state.get(page.model)}
    if len(text) + len(kept or "") <= MOST_CHARACTERS:
        work |= {"text": text, "kept": kept, "kept_by_click": versions.kept_by_click(page)}
    elif place == "page":
        st.caption(
            f"A text of more than {MOST_CHARACTERS:,} characters is lost when you reload this page."
        )
    kept_work.keep(page.stem, work, place)


def take_back(page: ReviewPage, linked: Container[str]) -> None:
    """Bring back what the tab has kept; first on the page.

    Args:
        page: The page.
        linked: What the link in the address bar names. The link wins: with "text", `versions.undo`
            brings back the text that the tab has kept; with "model" alone, all but the model comes
            back.
    """
    kept_work.take_back(
        page.stem, lambda work: _restore(page, work, linked), typed={"text": page.key("editor")}
    )


def _restore(page: ReviewPage, work: Mapping[str, Any], linked: Container[str]) -> None:
    text = _text(work.get("text"))
    if "text" in linked:
        versions.put_before(page, text or "", "Your text")
        return
    state = st.session_state
    for name, values in page.settings.items():
        if work.get(name) in values:
            state[page.setting(name)] = work[name]
    if "model" not in linked and isinstance(
        work.get("model"), str
    ):  # one that is not here is replaced
        state[page.model] = work["model"]
    if text is None:
        return
    versions.put(page, text, "Restored your text")
    kept = _text(work.get("kept"))
    if kept is not None:
        versions.keep(page, kept, by_click=work.get("kept_by_click") is True)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and len(value) <= MOST_CHARACTERS else None
