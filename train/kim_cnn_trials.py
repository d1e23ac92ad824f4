"""What was tried for the Kim CNN: ``python -m train.kim_cnn_trials``.

One network for each idea, one seed, judged on the validation split only. The record grows in
``runs/kim_cnn_trials.json``; a trial that is in it is not run again, and ``train.kim_cnn`` puts it
into the card. One validation review more or less is 0.04 points, the 95 % interval of one figure
about 1.1 points either way: small differences mean nothing.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from train.texts.kim_cnn_fitting import RECIPE, Recipe  # isort: skip

from dlnlp.artifacts import WEIGHTS, ArtifactError
from dlnlp.callbacks import CheckpointError
from dlnlp.corpus import Corpus
from dlnlp.splits import CorpusError
from train.commands import exit_code
from train.kim_cnn import Teachers, opinions, train

_LABELS = replace(RECIPE, epochs=3)


@dataclass(frozen=True)
class Trial:
    """A recipe, and who teaches on the unlabelled reviews (nobody: labels only)."""

    recipe: Recipe
    teachers: Teachers = "nobody"


TRIALS: Mapping[str, Trial] = {
    "labels only": Trial(_LABELS),
    "labels only, static vectors": Trial(replace(_LABELS, variant="static")),
    "labels only, random vectors": Trial(replace(_LABELS, variant="random", embedding_rate=1.0)),
    "labels only, multichannel": Trial(replace(_LABELS, variant="multichannel")),
    "labels only, first 100 words": Trial(replace(_LABELS, max_tokens=100)),
    "labels only, first 200 words": Trial(replace(_LABELS, max_tokens=200)),
    "labels only, first 400 words": Trial(replace(_LABELS, max_tokens=400)),
    "teacher: NB-SVM": Trial(RECIPE, "nbsvm"),
    "teachers: NB-SVM and han_imdb": Trial(RECIPE, "both"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m train.kim_cnn_trials", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("corpora/imdb"))
    parser.add_argument("--output", type=Path, default=Path("runs/kim_cnn_trials.json"))
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints/kim_cnn"))
    parser.add_argument("--teacher", type=Path, default=WEIGHTS / "han_imdb")
    options = parser.parse_args(arguments)
    known = (CorpusError, CheckpointError, ArtifactError, FloatingPointError)
    return exit_code(lambda: _run(options), *known)


def _run(options: argparse.Namespace) -> None:
    tried = []
    if options.output.exists():
        tried = json.loads(options.output.read_text(encoding="utf-8"))["tried"]
    corpus = Corpus(options.corpus)
    for name, trial in TRIALS.items():
        if any(record["name"] == name for record in tried):
            continue
        teachers = None
        if trial.teachers != "nobody":
            cache = options.checkpoints / "opinions.npz"
            teachers = opinions(corpus, options.teacher, cache, trial.teachers)
        place = options.checkpoints / f"trial-{list(TRIALS).index(name)}"
        _, history = train(corpus, trial.recipe, 1, place, teachers)
        last = history[-1]
        usual = asdict(RECIPE)
        tried.append(
            {
                "name": name,
                "validation_accuracy": last["validation_accuracy"],
                "validation_loss": last["validation_loss"],
                "seconds": round(sum(record["seconds"] for record in history)),
                "differs": {k: v for k, v in asdict(trial.recipe).items() if v != usual[k]},
            }
        )
        options.output.parent.mkdir(parents=True, exist_ok=True)
        partial = options.output.with_suffix(".partial")
        partial.write_text(json.dumps({"tried": tried}, indent=1), encoding="utf-8")
        partial.replace(options.output)
        print(f"{name}: {last['validation_accuracy']:.4f}")


if __name__ == "__main__":
    sys.exit(main())
