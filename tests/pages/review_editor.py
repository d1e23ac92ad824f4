"""What tests of the pages that read reviews ask of the editor, and do with it."""

from typing import Any
from unittest.mock import patch

import streamlit as st
from streamlit.testing.v1 import AppTest

from dlnlp.ui.shell.component import unpacked
from dlnlp.ui.text import editor
from dlnlp.ui.text.review_page import ReviewPage

EDITOR, SHADED, BARS = (
    "dlnlp.text_editor",
    "dlnlp.text_highlighted_text",
    "dlnlp.text_class_bars",
)


def components(app: AppTest, name: str) -> list[dict]:
    """What the components of a name were told to draw."""
    return [
        unpacked(element.proto)
        for element in app.get("bidi_component")
        if element.proto.component_name == name
    ]


def told(app: AppTest) -> dict:
    """What the editor was told."""
    (found,) = components(app, EDITOR)
    return found


def shaded(app: AppTest) -> dict | None:
    """The shading of the text, None where there is none."""
    found: dict | None = told(app)["shading"]
    return found


def shaded_words(app: AppTest) -> list[str]:
    """The words that have a shade, as they are written."""
    data, shading = told(app), shaded(app)
    if shading is None:
        return []
    text, spans = data["text"].encode("utf-16-le"), shading["words"]["spans"]
    pairs = zip(spans[::2], spans[1::2], strict=True)
    return [text[2 * begin : 2 * end].decode("utf-16-le") for begin, end in pairs]


def prediction(app: AppTest) -> str:
    """The prediction in words; empty where there is none."""
    return "".join(bars["prediction"] for bars in components(app, BARS))


def write(app: AppTest, page: ReviewPage, text: str) -> None:
    """Another text, as if it were typed."""
    app.session_state[page.text] = text
    app.run()
    assert not app.exception


class _State:
    """A test's session as pages see theirs."""

    def __init__(self, app: AppTest) -> None:
        self._state = app.session_state

    def __getitem__(self, key: str) -> Any:
        return self._state[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._state[key] = value

    def __contains__(self, key: str) -> bool:
        return key in self._state

    def get(self, key: str, default: Any = None) -> Any:
        return self._state[key] if key in self._state else default


def act(app: AppTest, page: ReviewPage, kind: str, words: str, replacement: str = "") -> None:
    """Delete, mask or replace the first such words of the text, by the editor's panel."""
    data = told(app)
    begin = len(data["text"].partition(words)[0].encode("utf-16-le")) // 2
    end = begin + len(words.encode("utf-16-le")) // 2
    sent = {name: data[name] for name in ("owner", "revision", "sequence", "text")}
    sent |= {"kind": kind, "begin": begin, "end": end, "replacement": replacement}
    with patch.object(st, "session_state", _State(app)):
        editor.change(page, sent)
    app.run()
    assert not app.exception
