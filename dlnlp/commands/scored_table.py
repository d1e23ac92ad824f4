"""The table that the scoring command writes: its added columns, and those that come at the end."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from dlnlp.scoring.recalibration import Recalibration
from dlnlp.scoring.score import (
    ScoredRow,
    added_columns,
    label_fields,
    recalibrated_columns,
    threshold_column,
)
from dlnlp.tables.csv_writing import csv_record
from dlnlp.tables.reader import TableError


class ScoredTable:
    """Writes rows as they come, or when the last has come, where they are to be recalibrated.

    Args:
        header: names of the table's columns.
        class_names: of the network.
        prefix: put before the names of the added columns.
        threshold: of the second of two classes, for a column of its own; None for none.
        recalibrated: whether there are columns of recalibrated answers.

    Raises:
        TableError: the table has a column of such a name already.
    """

    def __init__(
        self,
        header: Sequence[str],
        class_names: Sequence[str],
        prefix: str,
        threshold: float | None,
        recalibrated: bool,
    ) -> None:
        self._classes, self._threshold = tuple(class_names), threshold
        self._recalibrated = recalibrated
        added = added_columns(class_names, prefix)
        if threshold is not None:
            added += (threshold_column(threshold, prefix),)
        if recalibrated:
            added += recalibrated_columns(class_names, prefix)
        for name in added:
            if name in header:
                raise TableError(
                    f"it has a column {name!r} already: put something before the added names, for "
                    "example scored_",
                    "--prefix",
                )
        self._names = (*header, *added)
        self._kept: TextIO | None = None

    def open(self, out: TextIO, delimiter: str, newline: str, folder: Path | None) -> None:
        """Write the names of the columns.

        Args:
            out: where the table is written.
            delimiter: between cells.
            newline: at the ends of lines.
            folder: where rows wait that are to be recalibrated; None for the system's.
        """
        self._out, self._delimiter, self._newline = out, delimiter, newline
        out.write(csv_record(self._names, delimiter, newline))
        if self._recalibrated:
            self._kept = tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder)

    def write(self, row: ScoredRow) -> None:
        """Write a row, or keep it."""
        fields = (*row.fields, *row.answer(self._classes))
        if self._threshold is not None:
            fields += (row.label_from(self._threshold, self._classes),)
        if self._kept is None:
            self._out.write(csv_record(fields, self._delimiter, self._newline))
        else:
            json.dump([fields, row.probabilities], self._kept)
            self._kept.write("\n")

    def finish(self, recalibration: Recalibration | None) -> None:
        """Write the rows that were kept.

        Args:
            recalibration: of their answers; None leaves these columns empty.
        """
        if self._kept is None:
            return
        with self._kept as kept:
            kept.seek(0)
            for line in kept:
                fields, said = json.loads(line)
                answer: Sequence[str] = ("",) * (1 + len(self._classes))
                if recalibration is not None and said:
                    found = recalibration.apply(np.array([said]))[0]
                    answer = label_fields(found.tolist(), self._classes)
                self._out.write(csv_record((*fields, *answer), self._delimiter, self._newline))
