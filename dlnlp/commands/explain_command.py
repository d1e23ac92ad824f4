"""The command ``dlnlp explain``: attributions of every row of a table, as JSON lines."""

import argparse
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from dlnlp.catalogue import directory, kind
from dlnlp.commands.ending import DONE, PARTLY, USAGE, say
from dlnlp.commands.options import output_name, whole
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
from dlnlp.tables.csv_writing import csv_record
from dlnlp.tables.reader import BadRow

if TYPE_CHECKING:  # the networks' side is imported when a network is needed
    from dlnlp.inference import TextPredictor
    from dlnlp.scoring.word_effects import WordEffects

_DESCRIPTION = """\
Says what each word of each text of a CSV file does in a network's prediction, by the methods of the
pages /han and /kim_cnn. Writes JSON lines: for each text a record of the row (label, probabilities,
method, target), then one for each sentence, then one for each word (token, start, end, sentence,
value). The file is read as a stream and may be of any size.
"""
_EPILOG = """\
methods
  of a Kim CNN: evidence (exact contributions: the words and the bias add up to the logit),
    gradient_x_input, integrated_gradients, gradient_norm
  of a HAN: within (word attention), product (word x sentence attention), raw (attention logits),
    written (what each word and sentence wrote: with the bias the logit, exactly)
  of both: delete, unknown (leave-one-out: the log odds that are lost when the word is deleted, or
    is an unknown word)
  The gradients of a HAN need Keras: the page /han computes them for one text.

records
  row: of the table, from 1; line: where it starts in IN. start, end: characters (code points) of
  the text. read_to: where the network stopped reading, null where it read all. Where the words
  should add up, the row has bias and total, and gap: words + bias - total.

words that decide
  WORDS.csv ranks words, then pairs of neighbours, by their mean effect in the texts that hold them.
  Each interval holds its own mean with 95 %; of a thousand words, some fifty miss theirs.

exit status
  0 all rows explained   1 failed, nothing written   2 wrong usage   3 some rows could not be
  explained   130 interrupted   143 ended by SIGTERM; nothing written
"""
_PREDICTED = "predicted"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    add_text_table_arguments(parser)
    parser.add_argument("--method", required=True, help="see below")
    parser.add_argument(
        "--output", required=True, type=output_name, metavar="OUT.jsonl", help="- writes to stdout"
    )
    parser.add_argument(
        "--target",
        default=_PREDICTED,
        metavar="CLASS",
        help="class that is explained (default: of each text the predicted one); upper: the upper "
        "against the lower classes, where they are ordered",
    )
    parser.add_argument(
        "--words",
        type=output_name,
        metavar="WORDS.csv",
        help="write which words decide over all texts",
    )
    parser.add_argument(
        "--least-texts",
        type=whole(2),
        default=5,
        metavar="N",
        help="that must hold a word of WORDS.csv (default: %(default)s)",
    )
    add_reading_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    return run_told(_explain, options)


def _usage_problem(options: argparse.Namespace) -> str | None:
    source = () if options.input == "-" else (options.input,)
    problem = input_problem(options.input) or output_problem(options.output, source)
    if problem or not options.words:
        return problem
    same = Path(options.words).resolve() == Path(options.output).resolve()
    if same or options.words == "-":
        return f"{options.words} cannot hold the words as well: give --words another name."
    problem = output_problem(options.words, (*source, options.output))
    return problem and problem.replace("--output", "--words")


def _method_problem(options: argparse.Namespace) -> str | None:
    """Why the network has no such method, as a sentence; None where it has, or is damaged."""
    from dlnlp.explain.attribution import METHODS
    from dlnlp.explain.text_attribution import METHODS_OF

    found = METHODS_OF.get(kind(directory(options.model)) or "")
    if found is None:
        return None
    if options.method not in found:
        known = options.method in METHODS_OF["kim_cnn"]
        gradient = known and "gradient" in options.method
        reason = "; gradients of a HAN need Keras, see the page /han" if gradient else ""
        return (
            f"--method {options.method[:40]!r} is none that {options.model} has here{reason}: "
            f"choose one of {', '.join(found)}."
        )
    if not METHODS[options.method].signed and options.target != _PREDICTED:
        return f"--method {options.method} knows no class: leave --target out."
    return None


def _target(name: str, predictor: "TextPredictor") -> int | None:
    """Index of a class by its name, C for the upper classes, None for the predicted one.

    Raises:
        ValueError: there is no such class.
    """
    if name == _PREDICTED:
        return None
    return [each.casefold() for each in _targets(predictor)].index(name.strip().casefold())


def _targets(predictor: "TextPredictor") -> list[str]:
    """What --target may name."""
    from dlnlp.explain.targets import UPPER

    return [*predictor.class_names, *[UPPER] * predictor.ordered]


def _explain(options: argparse.Namespace) -> int:
    problem = _usage_problem(options) or _method_problem(options)
    if problem:
        return fail(problem, USAGE)
    with ExitStack() as stack:
        source = open_text_table(options, stack)
        predictor = open_predictor(options.model)
        try:
            target = _target(options.target, predictor)
        except ValueError:
            names = ", ".join(_targets(predictor))
            return fail(f"--target {options.target[:40]!r} is no class: choose of {names}.", USAGE)
        from dlnlp.scoring.explain_rows import explain_rows, json_line
        from dlnlp.scoring.word_effects import WordEffects

        progress = stack.enter_context(Progress(sys.stderr, source.size, source.position))
        out = stack.enter_context(opened_output(options.output, False))
        if source.unusual:
            progress.say(source.unusual)
        effects = WordEffects() if options.words else None
        explained = unread = 0
        rows = explain_rows(
            predictor,
            source.rows(),
            source.column,
            options.method,
            target,
            threads=options.threads,
        )
        for row in stack.enter_context(closing(rows)):
            if row.problem:
                unread += 1
                where = row.where if isinstance(row, BadRow) else f"line {row.line}"
                progress.say(f"{options.input}, {where}: {row.problem}.")
            elif not isinstance(row, BadRow) and row.attribution is not None:
                explained += 1
                out.writelines(map(json_line, row.records()))
                if effects is not None:
                    effects.add(row.attribution)
            progress.update(explained + unread)
    seconds = progress.seconds
    print(
        f"{options.output}: {explained:,} rows explained by {options.method} of {options.model} in "
        f"{seconds:.1f} s ({explained / max(seconds, 1e-9):,.1f} a second), {unread:,} could not "
        "be explained.",
        file=sys.stderr,
    )
    told = effects is None or _write_words(effects, options)
    return PARTLY if unread or not told else DONE


def _write_words(effects: "WordEffects", options: argparse.Namespace) -> bool:
    """Write which words decide; False where that fails. The explanations are written."""
    from dlnlp.scoring.word_effects import COLUMNS

    try:
        with opened_output(options.words, False) as out:
            out.write(csv_record(COLUMNS))
            for effect in effects.ranked(options.least_texts):
                out.write(csv_record(effect.fields()))
    except OSError as error:
        reason = error.strerror or error
        say(f"{options.words} cannot be written ({reason}): choose another place.")
        return False
    if effects.forgotten:
        say(
            f"{options.words}: there were too many words and pairs to keep all. The rarest were "
            "left out on the way, so that others may be counted in too few texts."
        )
    return True
