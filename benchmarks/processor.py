"""Processor time of the server for a change of each kind, one visitor, and its memory. Linux.

    python -m benchmarks.processor [--changes 40]

Unlike the time until an answer has come it hardly depends on what else the machine does. A visitor
opens each page of `benchmarks.load`, changes what is there, and waits a moment after the page is
whole; the first changes are not counted.
"""

import argparse
import asyncio
import os
import random
from collections.abc import Sequence

from benchmarks.load import WORK
from benchmarks.running_app import RunningApp, running_app
from benchmarks.visitor import Visitor

UNCOUNTED = 3
PAUSE = 0.15  # seconds after each change


def processor_seconds(app: RunningApp) -> float:
    """Processor time that the server's process has used, in seconds."""
    with open(f"/proc/{app.process.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(app: RunningApp, changes: int) -> None:
    """Print a row of Markdown for each kind of change."""
    print("| | opening, s | a change, ms | kB | resident after it, MB |\n|---|---|---|---|---|")
    chance = random.Random(1)
    for work in WORK:
        visitor = Visitor(app.url)
        before = processor_seconds(app)
        await visitor.open(work.page)
        await asyncio.sleep(1)
        opening, size = processor_seconds(app) - before, 0
        for number in range(-UNCOUNTED, changes):
            if number == 0:
                before = processor_seconds(app)
            answer = await visitor.change(work.key, work.field, work.value(chance), work.answer)
            size += answer.size if number >= 0 else 0
            await asyncio.sleep(PAUSE)
        each = 1000 * (processor_seconds(app) - before) / changes
        await visitor.close()
        row = opening, each, size / changes / 1000, app.resident_megabytes()
        print(f"| {work.name} | {row[0]:.2f} | {row[1]:.0f} | {row[2]:.0f} | {row[3]:.0f} |")


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.processor",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--changes", type=int, default=40, help="of each kind")
    options = parser.parse_args(arguments)
    with running_app() as app:
        asyncio.run(measure(app, options.changes))


if __name__ == "__main__":
    main()
