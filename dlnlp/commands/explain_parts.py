"""Explanations of a table on their way into the output: as a stream, or in parts that last."""

import os
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from dlnlp import temporary
from dlnlp.commands.ending import keeps
from dlnlp.commands.score_output import Progress, opened_output
from dlnlp.commands.unfinished import Fingerprints, Unfinished, UnfinishedError
from dlnlp.inference import TextPredictor
from dlnlp.scoring.explain_rows import PART, ExplainedRow, explain_rows
from dlnlp.scoring.explanation_files import JsonLines, Writer, join, opened
from dlnlp.scoring.gradient_processes import Gradients
from dlnlp.tables.reader import BadRow, Row


@dataclass(frozen=True, eq=False)
class Work:
    """What is to be done with each row.

    Attributes:
        predictor: the network.
        column: index of the texts.
        method: name of the method.
        target: index of the class; None: of each text the predicted one.
        workers: batches that are explained at a time.
        gradients: asked where the method needs them.
    """

    predictor: TextPredictor
    column: int
    method: str
    target: int | None
    workers: int
    gradients: Gradients | None

    def explain(
        self, rows: Iterator[Row | BadRow], before: int = 0
    ) -> "closing[Generator[ExplainedRow | BadRow, None, None]]":
        """Explain rows, of which `before` come before them in the table."""
        return closing(
            explain_rows(
                self.predictor,
                rows,
                self.column,
                self.method,
                self.target,
                workers=self.workers,
                gradients=self.gradients,
                before=before,
            )
        )


@dataclass(slots=True)
class Counts:
    """How many rows were explained, and how many could not be."""

    explained: int = 0
    unread: int = 0

    @property
    def items(self) -> int:
        """All of them."""
        return self.explained + self.unread


def streams(output: str) -> bool:
    """Whether an output takes what is written at once: standard output, a device or a pipe."""
    path = Path(output)
    return output == "-" or (path.exists() and not path.is_file())


def explain_stream(
    work: Work, rows: Iterator[Row | BadRow], source: str, output: str, progress: Progress
) -> Counts:
    """Write JSON lines to an output of which :func:`streams` is true."""
    counts = Counts()
    with opened_output(output, False) as out, work.explain(rows) as explained:
        _write(explained, JsonLines(out), counts, source, progress)
    return counts


def explain_in_parts(
    work: Work,
    rows: Iterator[Row | BadRow],
    source: str,
    output: Path,
    run: dict[str, Any],
    progress: Progress,
) -> Counts:
    """Write a file that appears when it is whole; goes on behind the parts that are there.

    Args:
        work: what is done with a row.
        rows: all rows of the table.
        source: name of the table, for messages.
        output: the file.
        run: what tells this run from others, JSON-ready.
        progress: shown meanwhile.

    Raises:
        UnfinishedError: the parts that are there are of another run or table.
    """
    suffix = output.suffix.lower()
    unfinished = Unfinished(output, run)
    keeps(unfinished.kept)
    try:
        fingerprints = Fingerprints(PART)
        rows = fingerprints.through(rows)
        before = _skip(rows, unfinished, fingerprints, source)
        counts = Counts(sum(part.explained for part in unfinished.parts))
        counts.unread = unfinished.items - counts.explained
        if counts.items:
            progress.say(f"{output}: goes on behind {counts.items:,} rows.")
        with work.explain(rows, before) as explained:
            while True:
                start, old = counts.items, counts.explained
                with temporary.beside(unfinished.next_file()) as fresh:
                    with opened(fresh, suffix) as out:
                        _write(islice(explained, PART), out, counts, source, progress)
                    items = counts.items - start
                    if items:
                        _exchange(fresh, unfinished.next_file())
                        unfinished.add(items, counts.explained - old, fingerprints.taken())
                if items < PART:
                    break
        with temporary.beside(output) as whole:
            join(unfinished.files, whole, suffix)
            _exchange(whole, output)
        unfinished.remove()
    finally:
        unfinished.close()
    return counts


def _skip(
    rows: Iterator[Row | BadRow], unfinished: Unfinished, fingerprints: Fingerprints, source: str
) -> int:
    """Read the rows that are explained already; returns how many were rows of the table."""
    before, short = 0, False
    for part in unfinished.parts:
        before += sum(not isinstance(row, BadRow) for row in islice(rows, part.items))
        short = part.items < PART
        if fingerprints.now != part.fingerprint:
            raise _changed(unfinished, source)
        if not short:
            fingerprints.taken()
    if short and next(rows, None) is not None:
        raise _changed(unfinished, source)
    return before


def _changed(unfinished: Unfinished, source: str) -> UnfinishedError:
    return UnfinishedError(
        f"{source} has changed since {unfinished.folder} was begun: remove that folder to begin "
        "anew"
    )


def _write(
    explained: Iterator[ExplainedRow | BadRow],
    out: Writer,
    counts: Counts,
    source: str,
    progress: Progress,
) -> None:
    for row in explained:
        if row.problem:
            counts.unread += 1
            where = row.where if isinstance(row, BadRow) else f"line {row.line}"
            progress.say(f"{source}, {where}: {row.problem}.")
        elif not isinstance(row, BadRow) and row.explanation is not None:
            counts.explained += 1
            out.write(row.explanation, row.number, row.line)
        progress.update(counts.items)


def _exchange(fresh: Path, path: Path) -> None:
    """Give a file that is written its name, when it is on the disk."""
    with fresh.open("rb+") as stream:
        os.fsync(stream.fileno())
    fresh.replace(path)
