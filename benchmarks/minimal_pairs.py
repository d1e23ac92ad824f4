"""Two remarks, a few words apart: which is the kind one? ``python -m benchmarks.minimal_pairs``.

The shipped networks for texts judge the half of :mod:`train.texts.minimal_pairs` that teaches
nothing. "Both right" counts pairs whose two remarks are on the right side, "in order" those whose
kind remark is judged better than the other; by chance these would be 25 and 50 %.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dlnlp.artifacts import WEIGHTS
from dlnlp.commands.options import Parser, source
from dlnlp.inference import load_predictor
from train.texts.minimal_pairs import consistency, minimal_pairs

MODELS = ("han_imdb", "kim_cnn", "han_stars")


def rows(weights: Path, models: Sequence[str]) -> list[str]:
    """A row of the table for each network and kind of pair."""
    pairs, found = minimal_pairs("testing"), []
    for model in models:
        predictor = load_predictor(weights / model)
        texts = [pair.negative for pair in pairs], [pair.positive for pair in pairs]
        answers = (predictor.predict_batch(of) for of in texts)
        negative, positive = (np.stack([a.probabilities for a in of]) for of in answers)
        for kind, of_kind in consistency(pairs, negative, positive).items():
            found.append(
                f"| `{model}` | {kind} | {of_kind['pairs']} | {of_kind['both_right']:.1%} "
                f"| {of_kind['in_order']:.1%} |"
            )
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.minimal_pairs", description=__doc__)
    parser.add_argument("--weights", type=source, default=WEIGHTS)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    options = parser.parse_args(arguments)
    print("| network | kind of pair | pairs | both right | in order |")
    print("|---|---|---|---|---|")
    print("\n".join(rows(options.weights, options.models)))


if __name__ == "__main__":
    main()
