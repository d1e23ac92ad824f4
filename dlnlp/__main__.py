"""The commands that use the shipped networks: ``python -m dlnlp COMMAND``.

A command is a line in COMMANDS and a module with two functions: ``add_arguments(parser)``, and
``run(options) -> int``, whose result is the exit status. Only the module of the command that was
asked for is imported. Training has commands of its own: ``python -m train.han`` and others.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser

# By name: the module, and one line for --help.
COMMANDS: dict[str, tuple[str, str]] = {
    "score": ("dlnlp.commands.score_command", "label the texts of a CSV file of any size"),
    "explain": ("dlnlp.commands.explain_command", "say what each word of a table of texts does"),
    "classify": ("dlnlp.commands.classify_command", "name the digits in pictures"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    called = "dlnlp" if Path(sys.argv[0]).stem == "dlnlp" else "python -m dlnlp"
    parser = Parser(prog=called, description="Use the networks that ship with dlnlp.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if given[:1] == [name]:
            implementation = import_module(module)
            implementation.add_arguments(command)
    options = parser.parse_args(given)
    return int(implementation.run(options))


def command() -> int:
    """What the installed command ``dlnlp`` runs; returns its exit status."""
    return process(main)


if __name__ == "__main__":
    sys.exit(command())
