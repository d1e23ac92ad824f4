"""One text as a figure: what ``dlnlp explain --figure`` does."""

import argparse
import os
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlnlp import temporary
from dlnlp.catalogue import directory
from dlnlp.commands.ending import DONE, USAGE, say
from dlnlp.commands.explain_target import target_index
from dlnlp.commands.options import new_file, whole
from dlnlp.commands.score_output import output_problem
from dlnlp.commands.text_table import fail, open_predictor, open_text_table
from dlnlp.figures import ENDINGS, NARROWEST, USUAL_WIDTH, WIDEST
from dlnlp.tables.reader import BadRow

if TYPE_CHECKING:  # the networks' side is imported when a network is needed
    from dlnlp.inference import TextPredictor

_ENDINGS = ", ".join(f".{name}" for name in ENDINGS)


def add_figure_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a figure."""
    group = parser.add_argument_group("a figure of one text, in place of a table of all")
    group.add_argument(
        "--figure",
        type=_figure_file,
        metavar="OUT.pdf",
        help=f"draw one text; the name ends in one of {_ENDINGS}",
    )
    text = group.add_mutually_exclusive_group()
    text.add_argument("--text", metavar="TEXT", help="the text itself, in place of IN.csv")
    text.add_argument("--row", type=whole(), metavar="N", help="row of IN.csv (default: 1)")
    beside = group.add_mutually_exclusive_group()
    beside.add_argument("--beside", metavar="METHOD", help="a second method, side by side")
    beside.add_argument(
        "--before", metavar="TEXT", help="the text before an edit, side by side with it"
    )
    group.add_argument("--numbers", action="store_true", help="write them under the words")
    group.add_argument(
        "--width",
        type=whole(NARROWEST, WIDEST),
        default=USUAL_WIDTH,
        metavar="PIXELS",
        help="of a .png (default: %(default)s)",
    )


def _figure_file(value: str) -> Path:
    path = new_file(value)
    if path.suffix.lower().lstrip(".") not in ENDINGS:
        raise argparse.ArgumentTypeError(f"{value[:40]!r} does not end in one of {_ENDINGS}")
    return path


def figure_problem(options: argparse.Namespace) -> str | None:
    """Why no figure can be drawn, or none is asked for and the table lacks something."""
    if options.figure is None:
        if options.text is not None:
            return "--text is drawn: give --figure the name of a file."
        if options.input is None or options.output is None:
            return "IN.csv and --output are needed, or --figure for a single text."
        return None
    if options.output is not None:
        return "--figure draws one text, --output writes all rows: leave one of them out."
    if (options.text is None) == (options.input is None):
        return "a figure shows one text: give either --text or IN.csv, with --row."
    sources = () if options.input in (None, "-") else (options.input,)
    problem = output_problem(str(options.figure), sources)
    return problem and problem.replace("--output", "--figure")


def draw_figure(options: argparse.Namespace) -> int:
    """Draw it; returns the exit status.

    Args:
        options: Of the command; nothing is wrong with its method.
    """
    from dlnlp.explain.text_attribution import METHODS_OF
    from dlnlp.figures.shaded import shaded_figure
    from dlnlp.figures.writing import FORMATS
    from dlnlp.inference.text_result import EmptyTextError, TextTooLongError
    from dlnlp.scoring.gradient_processes import GradientsFailed

    with ExitStack() as stack:
        text = options.text if options.input is None else _text_of_row(options, stack)
    if text is None:
        return fail(f"{options.input} has no readable row {options.row or 1:,}: choose another.")
    predictor = open_predictor(options.model)
    methods = [options.method, *filter(None, [options.beside])]
    for method in methods:
        if method not in METHODS_OF[predictor.model]:
            known = ", ".join(METHODS_OF[predictor.model])
            return fail(f"{method[:40]!r} is no method here: choose one of {known}.", USAGE)
    try:
        target = target_index(options.target, predictor)
    except ValueError as error:
        return fail(str(error), USAGE)
    texts = [text] if options.before is None else [options.before, text]
    try:
        results = [predictor.predict(each) for each in texts]
    except (EmptyTextError, TextTooLongError) as error:
        return fail(f"the figure cannot be drawn: {error}")
    # Two texts are explained for one class: that of the last.
    label = results[-1].predicted if target is None else target
    try:
        drawn = _attributions(predictor, results, methods, label)
    except GradientsFailed as error:
        return fail(str(error))
    figure = shaded_figure(
        drawn,
        options.model,
        predictor.card,
        headings=_headings(options),
        numbers=options.numbers,
    )
    path: Path = options.figure
    try:
        made = FORMATS[path.suffix.lower().lstrip(".")].write(figure, options.width)
    except ValueError as error:
        return fail(f"{path} cannot be drawn: {error}.", USAGE)
    try:
        with temporary.beside(path) as partial:
            partial.write_bytes(made)
            os.replace(partial, path)
    except OSError as error:
        reason = error.strerror or error
        return fail(f"{path} cannot be written ({reason}): nothing was changed.")
    say(f"{path}: {', '.join(methods)} of {options.model}, {len(made):,} bytes.")
    return DONE


def _attributions(
    predictor: "TextPredictor", results: Sequence[Any], methods: Sequence[str], label: int
) -> list[Any]:
    """The attributions of each text by each method. A child process computes gradients of a HAN."""
    from dlnlp.scoring.explain_rows import attributions
    from dlnlp.scoring.gradient_processes import GradientProcesses

    with GradientProcesses(directory(predictor.name), 1) as gradients:
        found = [list(attributions(predictor, results, m, label, gradients)) for m in methods]
    return [of_method[place] for place in range(len(results)) for of_method in found]


def _headings(options: argparse.Namespace) -> list[str]:
    from dlnlp.explain.attribution import METHODS

    if options.before is None:
        return []  # the methods' own
    title = METHODS[options.method].title
    return [f"Before: {title}", f"After: {title}"]


def _text_of_row(options: argparse.Namespace, stack: ExitStack) -> str | None:
    """The text of the row; None where there is no such row, or none that can be read."""
    table = open_text_table(options, stack)
    row = next(islice(table.rows(), (options.row or 1) - 1, None), None)
    if row is None or isinstance(row, BadRow):
        return None
    return row.fields[table.column]
