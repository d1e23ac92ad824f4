"""Make all that ships, from the raw data: ``python -m train.weights`` (``make weights``).

The commands of ``train/`` one after the other, each into FOLDER: corpora, checkpoints and at last
directories of weights, to be copied into ``weights/`` when they are liked. One network of each kind
comes first, then what is measured of them, and last the further seeds, which only add a mean and a
standard deviation to the cards.

A step that is done is not done again. Interrupted, the same command goes on where it was, within a
step too. Ctrl-C ends step and command; a signal to this process alone leaves the step at work, and
until that has ended the same command says that its folder is in use.

``times.json`` in FOLDER holds what each step took, all tries together, and its commit; ``--table``
prints it for docs/training.md. The cards name the commit: run it on a clean one.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlnlp import temporary
from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder
from dlnlp.errors import UserError
from train.checkpoints import claimed
from train.commands import exit_code

# Of each network one ships; the card gives mean and standard deviation of so many.
SEEDS = {"han_imdb": 3, "kim_cnn": 5, "han_stars": 3}

EVERY = 10.0  # seconds between two notes of the time


class StepError(UserError):
    """A step ended with an error, which it has told."""


@dataclass(frozen=True)
class Step:
    """A command of ``train/``.

    Attributes:
        name: of the step.
        command: module in ``train/`` and its arguments.
    """

    name: str
    command: tuple[str, ...]


def steps(folder: Path) -> list[Step]:
    """All steps, in order, for one folder."""
    corpora, weights, runs = folder / "corpora", folder / "weights", folder / "runs"

    def prepare(dataset: str) -> Step:
        command = ("prepare", "--dataset", dataset, "--output", str(corpora / dataset))
        return Step(f"corpus_{dataset}", command)

    def network(model: str, *command: str, seeds: int = 0) -> Step:
        places = (
            "--output",
            str(weights / model),
            "--checkpoints",
            str(folder / "checkpoints" / model),
        )
        more = ("--seeds", str(seeds)) if seeds else ()
        return Step(f"{model}_{seeds}_seeds" if seeds > 1 else model, (*command, *places, *more))

    def han(dataset: str, seeds: int = 1) -> Step:
        model = {"imdb": "han_imdb", "reviews5": "han_stars"}[dataset]
        corpus = "--corpus", str(corpora / dataset)
        return network(model, "han", "--dataset", dataset, *corpus, seeds=seeds)

    def kim_cnn(seeds: int = 1) -> Step:
        corpus, teacher = str(corpora / "imdb"), str(weights / "han_imdb")
        command = "kim_cnn", "--corpus", corpus, "--teacher", teacher
        return network("kim_cnn", *command, seeds=seeds)

    def measured(what: str, model: str, *more: str) -> Step:
        places = "--model", model, "--corpora", str(corpora), "--weights", str(weights)
        return Step(f"{what}_{model}", (what, *places, *more))

    state = "--state", str(runs / "faithfulness")

    def sentences(model: str) -> Step:
        step = measured("faithfulness", model, *state, "--level", "sentences")
        return Step(f"faithfulness_sentences_{model}", step.command)

    cyclical = "--dataset", "imdb", "--cycles", "2", "--corpus", str(corpora / "imdb")
    places = (
        "--model",
        str(weights / "han_imdb"),
        "--checkpoints",
        str(folder / "checkpoints" / "cyclical"),
    )
    return [
        prepare("imdb"),
        han("imdb"),
        kim_cnn(),
        prepare("reviews5"),
        han("reviews5"),
        network("mnist_cnn", "mnist_cnn"),
        *(measured("linear_baseline", model) for model in ("han_imdb", "han_stars")),
        Step("cyclical_han_imdb", ("han_cyclical", *cyclical, *places)),
        *(measured("faithfulness", model, *state) for model in SEEDS),
        *(sentences(model) for model in ("han_imdb", "han_stars")),
        han("imdb", SEEDS["han_imdb"]),
        kim_cnn(SEEDS["kim_cnn"]),
        han("reviews5", SEEDS["han_stars"]),
    ]


def build_parser() -> Parser:
    """The options."""
    names = [step.name for step in steps(Path())]
    parser = Parser(prog="python -m train.weights", description=__doc__)
    parser.add_argument("--folder", type=folder, default=Path("campaign"))
    parser.add_argument("--steps", nargs="+", choices=names, default=names, help="default: all")
    parser.add_argument("--table", action="store_true", help="print the times; do nothing")
    return parser


class Times:
    """What the steps took, kept in a file.

    Args:
        path: the file; made with the first step.

    Attributes:
        steps: for each begun step ``seconds`` and ``done``, and of one that is done ``commit``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.steps: dict[str, dict[str, Any]] = {}
        if path.exists():
            self.steps = json.loads(path.read_text(encoding="utf-8"))

    def add(self, name: str, seconds: float, **found: Any) -> None:
        """Add the seconds of one try of a step, and keep them."""
        before = self.steps.get(name, {}).get("seconds", 0.0)
        self.steps[name] = {"seconds": round(before + seconds, 1), **found}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.beside(self._path) as partial:
            partial.write_text(json.dumps(self.steps, indent=1), encoding="utf-8")
            partial.replace(self._path)

    def done(self, name: str) -> bool:
        """Whether a step is done."""
        return bool(self.steps.get(name, {}).get("done"))

    def table(self) -> str:
        """Markdown, a row a step that is done."""
        rows = ["| step | min:s |", "|---|---|"]
        for name, found in self.steps.items():
            if found["done"]:
                minutes, seconds = divmod(round(found["seconds"]), 60)
                rows.append(f"| {name} | {minutes}:{seconds:02} |")
        return "\n".join(rows)


def take(step: Step, times: Times) -> None:
    """Run a step, and keep its time, every few seconds too: a signal ends this process at once.

    Raises:
        StepError: the command failed.
    """
    from train.provenance import commit

    command = [sys.executable, "-m", f"train.{step.command[0]}", *step.command[1:]]
    started = time.perf_counter()
    with subprocess.Popen(command) as child:
        while True:
            try:
                code: int | None = child.wait(EVERY)
            except subprocess.TimeoutExpired:
                code = None
            seconds, started = time.perf_counter() - started, time.perf_counter()
            found = {"commit": commit()} if code == 0 else {}
            times.add(step.name, seconds, done=code == 0, **found)
            if code is not None:
                break
    if code:
        raise StepError(f"the step {step.name!r} failed: mend what it says and run this again")


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    options = build_parser().parse_args(arguments)

    def work() -> None:
        times = Times(options.folder / "times.json")
        if options.table:
            print(times.table())
            return
        with claimed(options.folder):
            for step in steps(options.folder):
                if step.name in options.steps and not times.done(step.name):
                    print(f"== {step.name}", flush=True)
                    take(step, times)
        print(times.table())

    return exit_code(work, lambda: "it goes on with the steps that are not done")


if __name__ == "__main__":
    sys.exit(process(main))
