"""Visitors who speak the websocket's protocol: what a change draws again, several at once."""

import asyncio
import random
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load import WORK, Work, one_round, table
from benchmarks.visitor import Answer, Visitor

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own: Playwright has an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Reader(Visitor):
    """A visitor who notes the fragments of all that it is sent; "" is the page around them."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.fragments: set[str] = set()

    def _read(self, raw: bytes) -> ForwardMsg:
        message = super()._read(raw)
        if message.WhichOneof("type") == "delta":
            self.fragments.add(message.delta.fragment_id)
        return message


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


def test_several_visitors_at_once_are_answered(server: str) -> None:
    record = run(one_round(server, sessions=6, each=6, think=0.05, seed=1))
    assert record.errors.total() == 0
    answers = [answer for name, found in record.answers.items() for answer in found]
    assert len(answers) == 6 * 6 + 6 * 2  # everybody opens two pages
    assert {work.name for work in WORK} <= set(record.answers)
    assert "**all interactions** | 36 " in table(record)
