"""What was tried for the Kim CNN: the work of ``python -m train.kim_cnn_trials``."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from dlnlp import temporary
from dlnlp.corpus import Corpus
from train.checkpoints import claimed
from train.texts.kim_cnn_fitting import RECIPE, Recipe
from train.texts.kim_cnn_training import Teachers, opinions, train

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
    "teachers: NB-SVM, document vectors and han_imdb": Trial(RECIPE, "all"),
}


def run(options: argparse.Namespace) -> None:
    """Run the trials that the record lacks.

    Args:
        options: of the command.
    """
    corpus = Corpus(options.corpus)
    with claimed(options.checkpoints):
        _try_all(corpus, options)


def _try_all(corpus: Corpus, options: argparse.Namespace) -> None:
    tried = []
    if options.output.exists():
        tried = json.loads(options.output.read_text(encoding="utf-8"))["tried"]
    for name, trial in TRIALS.items():
        if any(record["name"] == name for record in tried):
            continue
        teachers = None
        if trial.teachers != "nobody":
            teachers, _ = opinions(corpus, options.teacher, options.checkpoints, trial.teachers)
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
        with temporary.beside(options.output) as partial:
            partial.write_text(json.dumps({"tried": tried}, indent=1), encoding="utf-8")
            partial.replace(options.output)
        print(f"{name}: {last['validation_accuracy']:.4f}")
