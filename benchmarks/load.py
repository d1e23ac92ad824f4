"""Many visitors at once against one server: how soon each is answered, and what that weighs.

    python -m benchmarks.load [--sessions 50] [--interactions 1000] [--rounds 2] [--training]
    python -m benchmarks.load --url http://hall.example:8500 --processes 4 --sessions 200

Every visitor goes from page to page (a review through the HAN, one through Kim's CNN, a digit, a
schedule), does the same work a few times on each, never twice with the same content, and thinks
between half and one and a half times `--think` seconds before each. They come one after another, in
the time that a page takes, so that some are always opening one. Server and visitors share the
processors of this machine: what the visitors use is printed, and is missing on the server's side.
With `--url` they visit an address that answers already, on this machine or another, with one
process behind it or several. Who loses the connection counts as an error, and comes again.
With `--training` one more visitor trains networks on the page ``/train``, one after the other.
"answer" is the time until the element that shows the answer has come, "whole page" until the
script has run to its end.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import websockets
from streamlit.proto.Element_pb2 import Element

from benchmarks.running_app import RunningApp, running_app
from benchmarks.visitor import Answer, PageError, Visitor
from dlnlp.examples.texts import FILMS, STARS, Example
from dlnlp.ui.mnist_cnn.drawing_canvas import as_json
from dlnlp.ui.mnist_cnn.examples import EXAMPLES as DIGITS

ON_A_PAGE = 5  # interactions before a visitor goes on to the next page
LOOK = 1.5  # seconds between two looks at a training


def _review(examples: Sequence[Example], chance: random.Random) -> str:
    """A review of 100 to 180 words that nobody has sent before."""
    sentences = " ".join(example.text for example in chance.sample(examples, 2)).split(". ")
    chance.shuffle(sentences)
    return f"Number {chance.randrange(10**9)}. " + ". ".join(sentences[:10])


def _digit(chance: random.Random) -> str:
    """A digit of ours, each point moved a little, as the canvas reports it."""
    strokes = as_json(chance.choice(DIGITS[:10]).drawing)
    for stroke in strokes:
        stroke["p"] = [min(max(value + chance.randint(-12, 12), 0), 1000) for value in stroke["p"]]
    return json.dumps({"drawing": {"strokes": strokes, "width": 60}})


def _typed(text: str) -> Callable[[dict[str, Any]], str]:
    """What the editor sends when a text is typed into it, from what it was told last."""

    def sent(last: dict[str, Any]) -> str:
        edit = {name: last[name] for name in ("owner", "revision")}
        return json.dumps({"edit": {**edit, "sequence": last["sequence"] + 1, "text": text}})

    return sent


def _is_prediction(element: Element) -> bool:
    return element.bidi_component.id.endswith("_bars")


@dataclass(frozen=True, slots=True)
class Work:
    """What a visitor does on a page: which widget, what it becomes, what shows the answer."""

    name: str
    page: str
    key: str
    field: str
    value: Callable[[random.Random], Any]
    answer: Callable[[Element], bool]


WORK = (
    Work(
        "review, HAN",
        "han",
        "han_editor",
        "json_value",
        lambda chance: _typed(_review(STARS, chance)),
        _is_prediction,
    ),
    Work(
        "review, Kim CNN",
        "kim_cnn",
        "kim_cnn_editor",
        "json_value",
        lambda chance: _typed(_review(FILMS, chance)),
        _is_prediction,
    ),
    Work(
        "digit",
        "mnist_cnn",
        "digit_canvas",
        "json_value",
        _digit,
        lambda element: element.bidi_component.id.endswith("digit_answer"),
    ),
    Work(
        "schedule",
        "schedules",
        r"schedules_0_cosine_peak_\d+",
        "double_value",
        lambda chance: round(chance.uniform(0.01, 0.5), 6),
        lambda element: element.plotly_chart.id.endswith("schedules_plot"),
    ),
)


@dataclass
class Record:
    """What all visitors met."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    trained: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, answer: Answer) -> None:
        """Keep an answer."""
        self.answers.setdefault(name, []).append(answer)


async def visit(
    visitor: Visitor, first: int, interactions: int, think: float, record: Record, seed: int
) -> None:
    """One visitor's way through the pages."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.uniform(0, think * (ON_A_PAGE + 1)))
    for number in range(interactions):
        work = WORK[(first + number // ON_A_PAGE) % len(WORK)]
        try:
            if number % ON_A_PAGE == 0 or not visitor.is_connected():
                record.add("open a page", await visitor.open(work.page))
                await asyncio.sleep(think * chance.uniform(0.5, 1.5))
            answer = await visitor.change(work.key, work.field, work.value(chance), work.answer)
            record.add(work.name, answer)
        except (PageError, OSError, websockets.WebSocketException) as error:
            record.errors[f"{work.name}: {type(error).__name__}: {error}"] += 1
        await asyncio.sleep(think * chance.uniform(0.5, 1.5))


async def train(visitor: Visitor, record: Record) -> None:
    """One visitor trains on the invented questions, and begins again whenever that has ended."""
    while True:
        await visitor.open("train")
        record.trained["while a network learned" if visitor.has("train_stop") else "else"] += 1
        for button in ("train_another", "train_back", "train_take_questions", "train_start"):
            if visitor.has(button):
                await visitor.change(button, "trigger_value", True, lambda element: True)
                break
        await asyncio.sleep(LOOK)


async def one_round(
    url: str, sessions: int, each: int, think: float, seed: int, training: bool = False
) -> Record:
    """All visitors at once, each in a session of its own."""
    record = Record()
    visitors, trainer = [Visitor(url) for _ in range(sessions)], Visitor(url)
    learning = asyncio.create_task(train(trainer, record)) if training else None
    await asyncio.gather(
        *(
            visit(visitor, number, each, think, record, 1000 * seed + number)
            for number, visitor in enumerate(visitors)
        )
    )
    if learning is not None:
        if not learning.cancel():
            await learning  # it has failed: says how
        await asyncio.wait([learning])
    await asyncio.gather(*(visitor.close() for visitor in (*visitors, trainer)))
    return record


def _line(name: str, answers: Sequence[Answer]) -> str:
    cells = [f"| {name} | {len(answers):,} "]
    for times in ([a.answered for a in answers], [a.finished for a in answers]):
        in_order = sorted(1000 * seconds for seconds in times)
        p95 = in_order[int(0.95 * (len(in_order) - 1))]
        cells.append(f"| {statistics.median(in_order):.0f} | {p95:.0f} | {in_order[-1]:.0f} ")
    cells.append(f"| {statistics.mean(a.size for a in answers) / 1000:.0f} |")
    return "".join(cells)


def table(record: Record) -> str:
    """Markdown: milliseconds by kind of interaction, and over all but the opening of pages."""
    lines = [
        "| | number | answer p50, ms | p95 | most | whole page p50, ms | p95 | most | kB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    opened = record.answers.get("open a page", [])
    worked = {name: a for name, a in record.answers.items() if name != "open a page"}
    lines += [_line(name, answers) for name, answers in sorted(worked.items())]
    lines.append(_line("**all interactions**", [a for answers in worked.values() for a in answers]))
    if opened:
        lines.append(_line("open a page", opened))
    return "\n".join(lines)


def workers(app: RunningApp) -> int:
    """How many processes the server has started."""
    command = ["ps", "-o", "pid=", "--ppid", str(app.process.pid)]
    return len(subprocess.run(command, capture_output=True, check=False).stdout.split())


@contextmanager
def visited(url: str | None) -> Iterator[tuple[str, Callable[[], str]]]:
    """The address to visit, and what says how much memory its server holds; "" if that is unknown.

    Args:
        url: of a server that runs; None starts one, for as long as it is visited.
    """
    if url is not None:
        yield url.rstrip("/"), lambda: ""
        return
    with running_app() as app:
        yield app.url, lambda: f"{app.resident_megabytes():.0f} MB, {workers(app)} workers"


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--interactions", type=int, default=1000, help="of a round, in all")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--think", type=float, default=1.5, help="seconds, on average")
    parser.add_argument("--url", help="of a server that runs; without it, one is started")
    parser.add_argument("--processes", type=int, default=1, help="behind the address of --url")
    parser.add_argument("--training", action="store_true", help="beside a visitor who trains")
    options = parser.parse_args(arguments)
    each = -(-options.interactions // options.sessions)
    with visited(options.url) as (url, memory):
        held = {"at the start": memory()}
        # Each process opens every network before times are taken.
        asyncio.run(one_round(url, options.processes, len(WORK) * ON_A_PAGE, 0, 0))
        held["every network open"] = memory()
        for number in range(1, options.rounds + 1):
            load, before, started = os.getloadavg()[0], time.process_time(), time.perf_counter()
            record = asyncio.run(
                one_round(url, options.sessions, each, options.think, number, options.training)
            )
            share = (time.process_time() - before) / (time.perf_counter() - started)
            print(
                f"\nRound {number}: {options.sessions} sessions, load before {load:.1f}, the "
                f"visitors used {100 * share:.0f} % of one processor, "
                f"{record.errors.total()} errors\n\n{table(record)}"
            )
            if looks := record.trained.total():
                share = record.trained["while a network learned"] / looks
                print(f"\nA network was learning in {100 * share:.0f} % of {looks} looks.")
            for error, count in record.errors.most_common(5):
                print(f"{count} x {error}")
            held[f"after {number * each * options.sessions:,} interactions"] = memory()
        if options.url is None:
            print("\nResident memory of the server, and the processes that it has started:")
            print("; ".join(f"{name} {said}" for name, said in held.items()))


if __name__ == "__main__":
    main()
