"""Visitors who speak the websocket's protocol: what a change draws again, several at once."""

import asyncio
import json
import random
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load import WORK, Work, one_round, table
from benchmarks.visitor import Answer, Visitor
from dlnlp.ui.shell.component import unpacked

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own: Playwright has an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Reader(Visitor):
    """A visitor who notes what it is sent.

    Attributes:
        fragments: of all that is drawn; "" is the page around them.
        runs: the page of every run, and whether only fragments of it ran.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.fragments: set[str] = set()
        self.runs: list[tuple[str, bool]] = []

    def _read(self, raw: bytes) -> ForwardMsg:
        message = super()._read(raw)
        kind = message.WhichOneof("type")
        if kind == "delta":
            self.fragments.add(message.delta.fragment_id)
        elif kind == "new_session":
            page, parts = message.new_session.page_script_hash, message.metadata.run.fragment_ids
            self.runs.append((page, bool(parts)))
        return message

    async def type_and_leave(self, text: str, page: str) -> None:
        """Ask for another page, and send an edit of the one on the screen before it has come."""
        (editor,) = (name for name in self._widgets if name.endswith("_editor"))
        leave, edit = BackMsg(), BackMsg()
        leave.rerun_script.page_script_hash = page
        last = unpacked(self._told[editor])
        told = {name: last[name] for name in ("owner", "revision")}
        state = edit.rerun_script.widget_states.widgets.add()
        state.id, edit.rerun_script.fragment_id = self._widgets[editor]
        state.json_value = json.dumps(
            {"edit": {**told, "sequence": last["sequence"] + 1, "text": text}}
        )
        edit.rerun_script.page_script_hash = self._script
        assert self._socket is not None
        await self._socket.send(leave.SerializeToString())
        await self._run(edit, None)

    def text(self) -> str:
        """What the editor was told last."""
        (editor,) = (name for name in self._widgets if name.endswith("_editor"))
        return str(unpacked(self._told[editor])["text"])


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.name)
def test_a_change_draws_again_only_what_follows_it(server: str, work: Work) -> None:
    async def change() -> tuple[set[str], set[str], Answer]:
        reader = Reader(server)
        await reader.open(work.page)
        opened, reader.fragments = reader.fragments, set()
        value = work.value(random.Random(1))
        answer = await reader.change(work.key, work.field, value, work.answer)
        await reader.close()
        return opened, reader.fragments, answer

    opened, changed, answer = run(change())
    assert "" in opened
    assert changed and changed <= opened - {""}
    assert 0 < answer.answered <= answer.finished and answer.size > 0


def test_a_page_comes_even_if_the_one_before_is_typed_into_once_more(server: str) -> None:
    async def type_and_leave() -> tuple[str, list[tuple[str, bool]], Reader]:
        reader = Reader(server)
        await reader.open("schedules")
        schedules = reader._script
        await reader.open("kim_cnn")
        reader.runs.clear()
        await reader.type_and_leave("My own words.", schedules)
        runs = [*reader.runs]
        await reader.open("kim_cnn")
        runs += reader.runs[len(runs) :]
        await reader.close()
        return schedules, runs, reader

    schedules, runs, reader = run(type_and_leave())
    assert runs[0] == (schedules, False)
    assert not [page for page, parts in runs if parts], "a part of a page that was left"
    assert reader.text() == "My own words."


def test_several_visitors_at_once_are_answered(server: str) -> None:
    record = run(one_round(server, sessions=6, each=6, think=0.05, seed=1))
    assert record.errors.total() == 0
    answers = [answer for name, found in record.answers.items() for answer in found]
    assert len(answers) == 6 * 6 + 6 * 2  # everybody opens two pages
    assert {work.name for work in WORK} <= set(record.answers)
    assert "**all interactions** | 36 " in table(record)
