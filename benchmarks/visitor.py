"""A visitor without a browser: speaks the websocket protocol of the app's pages.

Does what a browser's client does: sends what a widget has become, reads messages until the script
has run, and names the messages that it keeps, so that the server need not send them again.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection
from websockets.protocol import State

from dlnlp.ui.shell.component import unpacked

_SUCCESS = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one message to the server led to.

    Attributes:
        answered: seconds until the element that was waited for had come.
        finished: seconds until the script had run to its end.
        size: bytes received.
    """

    answered: float
    finished: float
    size: int


class PageError(Exception):
    """The page showed an exception, or its script did not end well."""


class Visitor:
    """One session of the app.

    Args:
        url: of the server, without a slash at the end.
    """

    def __init__(self, url: str) -> None:
        self._url = url.replace("http", "ws", 1) + "/_stcore/stream"
        self._kept: dict[str, ForwardMsg] = {}
        self._script = ""
        self._widgets: dict[str, tuple[str, str]] = {}
        self._told: dict[str, BidiComponent] = {}
        self._socket: ClientConnection | None = None

    async def open(self, page: str) -> Answer:
        """Go to a page, for example ``han``; connects first where that is needed."""
        if not self.is_connected():
            self._kept.clear()  # a new session: the server remembers nothing of the one before
            self._socket = await websockets.connect(
                self._url,
                subprotocols=[websockets.Subprotocol("streamlit")],
                max_size=None,
                open_timeout=60,
                compression=None,
                proxy=None,
            )
        message = BackMsg()
        message.rerun_script.page_name = page
        self._widgets.clear()
        return await self._run(message, None)

    async def change(
        self, key: str, field: str, value: Any, answer: Callable[[Element], bool]
    ) -> Answer:
        """Give a widget a value.

        Args:
            key: pattern that the end of the widget's key matches.
            field: of Streamlit's WidgetState, for example ``string_value``.
            value: of that field; or what makes it of what a component was told last.
            answer: tells the element that shows the answer.

        Raises:
            PageError: the page showed an exception, or lacks the widget or the answer.
        """
        found = self._found(key)
        if not found:
            raise PageError(f"there is no widget {key!r} on this page")
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add()
        state.id, fragment = self._widgets[found[0]]
        setattr(state, field, value(unpacked(self._told[state.id])) if callable(value) else value)
        message.rerun_script.page_script_hash = self._script
        message.rerun_script.fragment_id = fragment
        return await self._run(message, answer)

    def has(self, key: str) -> bool:
        """Whether a widget whose key ends with this pattern is on the page."""
        return bool(self._found(key))

    def _found(self, key: str) -> list[str]:
        return [name for name in self._widgets if re.search(f"-{key}$", name)]

    def is_connected(self) -> bool:
        """Whether the session's connection stands; `open` makes a new one."""
        return self._socket is not None and self._socket.state is State.OPEN

    async def close(self) -> None:
        """End the session."""
        if self._socket is not None:
            await self._socket.close()

    async def _run(self, message: BackMsg, answer: Callable[[Element], bool] | None) -> Answer:
        if self._socket is None:
            raise PageError("open a page first")
        message.rerun_script.cached_message_hashes.extend(self._kept)
        started, answered, size, wrong = time.perf_counter(), 0.0, 0, ""
        await self._socket.send(message.SerializeToString())
        while True:
            raw = await self._socket.recv(decode=False)
            size += len(raw)
            got = self._read(raw)
            kind = got.WhichOneof("type")
            if kind == "navigation":
                self._script = got.navigation.page_script_hash
            elif kind == "delta" and got.delta.WhichOneof("type") == "new_element":
                element = got.delta.new_element
                self._remember(element, got.delta.fragment_id)
                if element.WhichOneof("type") == "exception":
                    wrong = element.exception.message
                if not answered and answer is not None and answer(element):
                    answered = time.perf_counter() - started
            elif kind == "script_finished" and got.script_finished in _SUCCESS:
                break
            elif kind == "script_finished" and (
                got.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR
            ):
                wrong = "the script did not compile"
                break
        if answer is not None and not answered:
            wrong = wrong or "the answer did not come"
        if wrong:
            raise PageError(wrong)
        finished = time.perf_counter() - started
        return Answer(answered or finished, finished, size)

    def _read(self, raw: bytes) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(raw)
        if message.WhichOneof("type") == "ref_hash":
            kept = ForwardMsg()
            kept.CopyFrom(self._kept[message.ref_hash])
            kept.metadata.CopyFrom(message.metadata)
            return kept
        if message.metadata.cacheable and message.hash:
            self._kept[message.hash] = message
        return message

    def _remember(self, element: Element, fragment: str) -> None:
        """Which widgets are on the page, by their ids, which end with their keys."""
        inner = getattr(element, element.WhichOneof("type") or "empty")
        name = getattr(inner, "id", "")
        if isinstance(name, str) and name:
            self._widgets[name] = (name, fragment)
            self._told[name] = element.bidi_component
