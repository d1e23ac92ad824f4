"""``python -m dlnlp score --model MODEL IN.csv --output OUT.csv``: label the texts of a table."""

import argparse
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from dlnlp.commands.ending import DONE, PARTLY, USAGE, say
from dlnlp.commands.options import TABLES, output_name, share
from dlnlp.commands.score_labels import (
    TrueLabels,
    add_label_arguments,
    usage_problem,
    write_evaluation,
)
from dlnlp.commands.score_output import Progress, opened_output, output_problem
from dlnlp.commands.table_arguments import add_reading_arguments
from dlnlp.commands.text_table import (
    add_text_table_arguments,
    fail,
    input_problem,
    open_predictor,
    open_text_table,
    run_told,
)
from dlnlp.tables.reader import BadRow, TableError

_DESCRIPTION = """\
Adds to each row of a CSV file the label that a network gives to its text, and the probability of
each class: the columns label, p_negative, p_positive (or p_1_star to p_5_stars); and unknown_share,
the share of its words that the network does not know: from 0.2 on, the text may not be English and
its label says little. All other columns and the order of the rows stay as they are. The file is
read as a stream and may be of any size.
"""
_EPILOG = """\
rows that cannot be scored
  Each is reported on the error stream with its line number; the rest goes on.
  No word in the text, a text of more than 1,000,000 characters, bytes that are not in the file's
  encoding (replaced by U+FFFD), NUL characters: the row stays in OUT, its added columns are empty.
  Another number of fields than the header, a quote that is not closed or not escaped: what stands
  there is no row of the table, and is left out.

columns without a name
  A column can be called by its place, as "column 3": where it has no name, where two have the same
  one, and where the first row is data. How IN was read is told where it is not the usual.

exit status
  0 all rows scored   1 failed, nothing written   2 wrong usage   3 some rows could not be scored,
  or the labels not measured, or are too few to recalibrate
  130 interrupted   143 ended by SIGTERM; nothing written

OUT is UTF-8 with the delimiter and line ends of IN, and replaces an older file only when complete.
Cells are kept as they are: one that begins with = is a formula to a spreadsheet.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    add_text_table_arguments(parser)
    parser.add_argument(
        "--output",
        required=True,
        type=output_name(*TABLES, ".tsv", ".tsv.gz", ".txt", ".txt.gz"),
        metavar="OUT.csv",
        help="- writes to stdout; .gz packs",
    )
    parser.add_argument(
        "--prefix", default="", help="put before the names of the added columns, such as han_"
    )
    parser.add_argument(
        "--threshold",
        type=share(whole_too=True),
        metavar="P",
        help="of two classes: a column label_from_P, the second class from its probability P on",
    )
    add_label_arguments(parser)
    add_reading_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    return run_told(_score, options)


def _score(options: argparse.Namespace) -> int:
    problem = (
        input_problem(options.input)
        or usage_problem(options)
        or output_problem(options.output, () if options.input == "-" else (options.input,))
    )
    if problem:
        return fail(problem, USAGE)
    with ExitStack() as stack:
        source = open_text_table(options, stack)
        table = source.reader
        predictor = open_predictor(options.model)
        from dlnlp.commands.scored_table import ScoredTable
        from dlnlp.scoring.score import score_rows

        names = predictor.class_names
        labels = None
        if options.label_column is not None:
            labels = TrueLabels(table.header, names, source.column, options)
        if options.threshold is not None and len(names) != 2:
            return fail(f"--threshold parts two classes, and {options.model} has {len(names)}.")
        scored_table = ScoredTable(
            table.header, names, options.prefix, options.threshold, options.recalibrate is not None
        )
        progress = stack.enter_context(Progress(sys.stderr, source.size, source.position))
        out = stack.enter_context(opened_output(options.output, table.dialect.marked))
        if source.unusual:
            progress.say(source.unusual)
        delimiter = table.dialect.delimiter if len(table.header) > 1 else ","
        folder = None if options.output == "-" else Path(options.output).resolve().parent
        scored_table.open(out, delimiter, table.newline, folder)
        scored = unread = 0
        rows = stack.enter_context(
            closing(score_rows(predictor, source.rows(), source.column, threads=options.threads))
        )
        for row in rows:
            if row.problem:
                unread += 1
                where = row.where if isinstance(row, BadRow) else f"line {row.line}"
                progress.say(f"{options.input}, {where}: {row.problem}.")
            if not isinstance(row, BadRow):
                scored += not row.problem
                if labels is not None and not row.problem:
                    labels.add(row)
                scored_table.write(row)
            progress.update(scored + unread)
        scored_table.finish(labels.recalibration if labels is not None else None)
    seconds = progress.seconds
    print(
        f"{options.output}: {scored:,} rows scored by {options.model} in {seconds:.1f} s "
        f"({scored / max(seconds, 1e-9):,.0f} a second), {unread:,} could not be scored.",
        file=sys.stderr,
    )
    told = labels is None or _tell(labels, options)
    recalibrated = options.recalibrate is None or (labels is not None and labels.trials)
    return PARTLY if unread or not told or not recalibrated else DONE


def _tell(labels: TrueLabels, options: argparse.Namespace) -> bool:
    """Print and write the measures; False where there are none. The scored table is written."""
    from dlnlp.commands.score_report import report

    try:
        lines, measures = report(labels, options.model, options.threshold, options.recalibrate)
    except TableError as error:
        say(f"{options.input}: {error} ({error.option}).")
        return False
    print(*lines, sep="\n", file=sys.stderr)
    if options.evaluation:
        try:
            write_evaluation(options.evaluation, measures)
        except OSError as error:
            reason = error.strerror or error
            say(f"{options.evaluation} cannot be written ({reason}): choose another place.")
            return False
    return True
