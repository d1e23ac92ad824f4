"""The command ``dlnlp explain``: attributions of every row of a table, as JSON lines or Parquet."""

import argparse
import sys
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from pathlib import Path

from dlnlp.catalogue import directory, kind
from dlnlp.commands.ending import DONE, PARTLY, USAGE
from dlnlp.commands.explain_figure import add_figure_arguments, draw_figure, figure_problem
from dlnlp.commands.explain_target import PREDICTED, target_index
from dlnlp.commands.explain_words import (
    RowLabels,
    add_words_arguments,
    compare_problem,
    words_problem,
    write_words,
)
from dlnlp.commands.label_column import LabelColumn
from dlnlp.commands.options import output_name
from dlnlp.commands.score_output import Progress, output_problem
from dlnlp.commands.table_arguments import add_reading_arguments
from dlnlp.commands.text_table import (
    add_text_table_arguments,
    fail,
    input_problem,
    open_predictor,
    open_text_table,
    run_told,
)
from dlnlp.scoring import EXPLANATION_ENDINGS

_DESCRIPTION = """\
Says what each word of each text of a CSV file does in a network's prediction, by the methods of
the pages /han and /kim_cnn. The file is read as a stream and may be of any size. OUT.jsonl is JSON
lines: for each text a record of the row (label, probabilities, method, target), then one for each
sentence, then one for each word (token, start, end, sentence, value). OUT.parquet has a row for
each word.
"""
_EPILOG = """\
methods
  of a Kim CNN: evidence (exact contributions: the words and the bias add up to the logit),
    gradient_norm
  of a HAN: within (word attention), product (word x sentence attention), raw (attention logits),
    written (what each word and sentence wrote: with the bias the logit, exactly)
  of both: gradient_x_input, integrated_gradients (those of a HAN are computed by Keras),
    delete, unknown (leave-one-out: the log odds that are lost when
    the word is deleted, or is an unknown word)

records
  row: of the table, from 1; line: where it starts in IN. start, end: characters (code points) of
  the text. read_to: where the network stopped reading, null where it read all. Where the words
  should add up, the row has bias and total, and gap: words + bias - total. In Parquet each word has
  the label, method, target, bias and total of its row, and the value of its sentence.

going on
  A command that was ended goes on where it was when it is run again, and gives the same file. Until
  OUT is whole, what is finished is in the folder OUT.unfinished.

words that decide
  WORDS.csv ranks words, then pairs and triples of neighbours, by their mean effect in the texts
  that hold them; with --compare by the difference of both means. Each interval holds its own mean
  or difference with 95 %; of a thousand words, some fifty miss theirs.

exit status
  0 all rows explained   1 failed, no OUT   2 wrong usage   3 some rows could not be explained
  130 interrupted   143 ended by SIGTERM
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    add_text_table_arguments(parser, table_needed=False)
    parser.add_argument("--method", required=True, help="see below")
    parser.add_argument(
        "--output",
        type=output_name(*EXPLANATION_ENDINGS),
        metavar="OUT.jsonl",
        help="its end says what it is: .parquet, .jsonl, or .jsonl.gz; - is stdout",
    )
    parser.add_argument(
        "--target",
        default=PREDICTED,
        metavar="CLASS",
        help="class that is explained (default: of each text the predicted one); upper: the upper "
        "against the lower classes, where they are ordered",
    )
    add_words_arguments(parser)
    add_figure_arguments(parser)
    add_reading_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    return run_told(_explain, options)


def _usage_problem(options: argparse.Namespace) -> str | None:
    source = () if options.input == "-" else (options.input,)
    return (
        input_problem(options.input)
        or output_problem(options.output, source)
        or words_problem(options, source)
    )


def _method_problem(options: argparse.Namespace) -> str | None:
    """Why the network has no such method, as a sentence; None where it has, or is damaged."""
    from dlnlp.explain.text_attribution import METHODS_OF

    found = METHODS_OF.get(kind(directory(options.model)) or "")
    if found is None:
        return None
    if options.method not in found:
        return (
            f"--method {options.method[:40]!r} is none of {options.model}: "
            f"choose one of {', '.join(found)}."
        )
    if not _signed(options.method) and options.target != PREDICTED:
        return f"--method {options.method} knows no class: leave --target out."
    return None


def _signed(method: str) -> bool:
    from dlnlp.explain.attribution import METHODS

    return METHODS[method].signed


def _explain(options: argparse.Namespace) -> int:
    problem = figure_problem(options)
    if problem is None and options.figure is None:
        problem = _usage_problem(options)
    problem = problem or _method_problem(options)
    if problem:
        return fail(problem, USAGE)
    if options.figure is not None:
        return draw_figure(options)
    from dlnlp.commands.explain_parts import Work, explain_in_parts, explain_stream, streams
    from dlnlp.commands.unfinished import UnfinishedError
    from dlnlp.scoring.explain_rows import needs_gradients
    from dlnlp.scoring.gradient_processes import GradientProcesses, GradientsFailed

    with ExitStack() as stack:
        source = open_text_table(options, stack)
        predictor = open_predictor(options.model)
        names = predictor.class_names
        try:
            target = target_index(options.target, predictor)
        except ValueError as error:
            return fail(str(error), USAGE)
        problem = compare_problem(options, names, _signed(options.method))
        if problem:
            return fail(problem, USAGE)
        gradients = None
        if needs_gradients(predictor, options.method):
            gradients = stack.enter_context(GradientProcesses(predictor.directory, options.threads))
        work = Work(predictor, source.column, options.method, target, options.threads, gradients)
        rows, labels = source.rows(), None
        if options.label_column is not None:
            labels = RowLabels(LabelColumn(source.reader.header, names, options))
            rows = labels.through(rows)
        progress = stack.enter_context(Progress(sys.stderr, source.size, source.position))
        if source.unusual:
            progress.say(source.unusual)
        try:
            if streams(options.output):
                counts = explain_stream(work, rows, options.input, options.output, progress)
            else:
                run = {
                    "model": options.model,
                    "card": predictor.card.get("card_sha256"),
                    "method": options.method,
                    "target": options.target,
                    "column": source.reader.header[source.column],
                }
                output = Path(options.output).resolve()  # through a link, which stays
                counts = explain_in_parts(work, rows, options.input, output, run, progress)
        except UnfinishedError as error:
            return fail(f"{error}.", USAGE)
        except GradientsFailed as error:
            return fail(str(error))
        except BrokenProcessPool:
            return fail(
                "a process that explains rows was ended from outside: run the same command again, "
                "with fewer --threads if memory is short."
            )
    seconds = progress.seconds
    print(
        f"{options.output}: {counts.explained:,} rows explained by {options.method} of "
        f"{options.model} in {seconds:.1f} s "
        f"({counts.explained / max(seconds, 1e-9):,.1f} a second), {counts.unread:,} could not be "
        "explained.",
        file=sys.stderr,
    )
    written = options.words is None or write_words(options, names, labels)
    return PARTLY if counts.unread or not written else DONE
