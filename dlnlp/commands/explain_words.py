"""Which words decide over all texts that ``dlnlp explain`` has explained, as a table."""

import argparse
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dlnlp.commands.ending import say
from dlnlp.commands.label_column import LabelColumn, add_label_column
from dlnlp.commands.options import TABLES, output_name, whole
from dlnlp.commands.score_output import opened_output, output_problem
from dlnlp.tables.csv_writing import csv_record
from dlnlp.tables.reader import BadRow, Row

RIGHT, WRONG = "right", "wrong"


def add_words_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the table of words."""
    group = parser.add_argument_group("words that decide")
    group.add_argument(
        "--words",
        type=output_name(*TABLES),
        metavar="WORDS.csv",
        help="write which words, pairs and triples decide over all texts",
    )
    group.add_argument(
        "--least-texts",
        type=whole(2),
        default=5,
        metavar="N",
        help="that must hold a word of WORDS.csv (default: %(default)s)",
    )
    group.add_argument(
        "--compare",
        nargs=2,
        metavar=("A", "B"),
        help="rank words by their mean effect in rows of A less that in rows of B: two classes (of "
        "the true labels where there are any, else of the predicted ones), or right wrong",
    )
    add_label_column(group)


def words_problem(options: argparse.Namespace, sources: Sequence[str]) -> str | None:
    """Error message for arguments that contradict each other; None when they fit.

    Args:
        options: of the command.
        sources: files that are read.
    """
    if options.words is None:
        for name in ("compare", "label_column", "label"):
            if getattr(options, name):
                return f"--{name.replace('_', '-')} is about words: it needs --words WORDS.csv."
        return None
    if options.output == "-":
        return "--words needs the explanations in a file: give --output a name."
    if options.words == "-":
        return "--words writes a file: give it a name."
    if (options.label_column or options.label) and not options.compare:
        return "--label-column tells which rows to compare: say --compare A B."
    if options.label and not options.label_column:
        return "--label needs --label-column NAME: the column of true labels."
    problem = output_problem(options.words, (*sources, options.output))
    return problem and problem.replace("--output", "--words")


def compare_problem(
    options: argparse.Namespace, class_names: Sequence[str], signed: bool
) -> str | None:
    """Error message for groups that cannot be compared; None when they can.

    Args:
        options: of the command.
        class_names: of the network.
        signed: whether the method explains a class.
    """
    if not options.compare:
        return None
    groups = [name.strip().casefold() for name in options.compare]
    if set(groups) == {RIGHT, WRONG}:
        if options.label_column is None:
            return "--compare right wrong needs --label-column NAME: the column of true labels."
        return None
    known = [name.casefold() for name in class_names]
    if groups[0] == groups[1] or not set(groups) <= set(known):
        return (
            f"--compare {' '.join(options.compare)[:60]!r} names no two groups: choose two of "
            f"{', '.join(class_names)}, or right wrong."
        )
    if signed and options.target == "predicted":
        return "--compare of two classes needs --target CLASS: one scale for the rows of both."
    return None


class RowLabels:
    """The true label of every row of the table.

    Args:
        labels: what the values of the column mean.
    """

    def __init__(self, labels: LabelColumn) -> None:
        self.labels = labels
        self._codes = array("B")

    def through(self, rows: Iterable[Row | BadRow]) -> Iterator[Row | BadRow]:
        """Hand on rows, and note their labels."""
        for row in rows:
            if not isinstance(row, BadRow):
                self._codes.append(self.labels.code(row.fields))
            yield row

    def classes(self) -> list[int | None]:
        """The class of each row of the table."""
        meanings = list(self.labels.meanings.values())
        return [meanings[code] for code in self._codes]


class _Groups:
    """Which group a text is in."""

    def __init__(
        self, compare: Sequence[str] | None, class_names: Sequence[str], rows: RowLabels | None
    ) -> None:
        self.names = tuple(name.strip().casefold() for name in compare or ())
        self._class_names = [name.casefold() for name in class_names]
        self._classes = None if rows is None else rows.classes()

    def of(self, row: int, label: str) -> str | None:
        """The group of a row of the table that was given a label; None: of neither."""
        if not self.names:
            return ""
        said: str | None = label.casefold()
        true = said
        if self._classes is not None:
            place = self._classes[row - 1]
            true = None if place is None else self._class_names[place]
        if RIGHT in self.names and set(self.names) == {RIGHT, WRONG}:
            return None if true is None else RIGHT if true == said else WRONG
        return true if true in self.names else None


def write_words(
    options: argparse.Namespace, class_names: Sequence[str], rows: RowLabels | None
) -> bool:
    """Write the table; False where that fails, which is said. The explanations are written.

    Args:
        options: of the command.
        class_names: of the network.
        rows: with the true labels; None without.
    """
    from dlnlp.scoring.explanation_files import read
    from dlnlp.scoring.word_effects import COLUMNS, WordEffects, contrast_columns

    effects = WordEffects()
    groups = _Groups(options.compare, class_names, rows)
    path = Path(options.output)
    targets = set()
    for text in read(path, path.suffix.lower()):
        group = groups.of(text.row, text.label)
        if group is not None:
            targets.add(text.target)
            effects.add(text.tokens, text.token_sentence, text.values, (text.target, group))
    least: int = options.least_texts
    try:
        with opened_output(options.words, False) as out:
            if groups.names:
                first, second = groups.names
                out.write(csv_record(contrast_columns(*options.compare)))
                for target in sorted(targets):
                    pair = (target, first), (target, second)
                    for each in effects.contrasts(*pair, least):
                        out.write(csv_record(each.fields(target)))
            else:
                out.write(csv_record(COLUMNS))
                for target in sorted(targets):
                    for effect in effects.ranked((target, ""), least):
                        out.write(csv_record(effect.fields(target)))
    except OSError as error:
        reason = error.strerror or error
        say(f"{options.words} cannot be written ({reason}): choose another place.")
        return False
    if rows is not None:
        say(rows.labels.in_words())
    if effects.forgotten:
        say(
            f"{options.words}: there were too many words and n-grams to keep all. The rarest were "
            "left out on the way, so that others may be counted in too few texts."
        )
    return True
