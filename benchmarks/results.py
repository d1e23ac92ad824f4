"""The table of results in README, from the shipped cards: `python -m benchmarks.results`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dlnlp.artifacts import WEIGHTS, available_models, open_artifact

MEASURES = {
    "accuracy": "accuracy",
    "mean_recall": "mean per-class recall",
    "within_one": "within one star",
    "calibration_error": "calibration error",
}


def _percent(metric: Mapping[str, Any]) -> str:
    digits = 2 if metric["value"] > 0.99 else 1
    value = f"{100 * metric['value']:.{digits}f} %"
    if metric.get("low") is None:
        return value
    return f"{value} ({100 * metric['low']:.{digits}f} to {100 * metric['high']:.{digits}f})"


def _over_seeds(card: Mapping[str, Any]) -> str:
    found = card.get("over_seeds", {}).get("accuracy", {})
    if "standard_deviation" not in found:
        return "one seed"
    mean, spread = 100 * found["mean"], 100 * found["standard_deviation"]
    return f"{mean:.2f} ± {spread:.2f} % ({found['seeds']} seeds)"


def results_table(root: Path = WEIGHTS) -> str:
    """Markdown: a row a shipped model, its measures on the test split with 95 % intervals."""
    lines = [
        f"| model | test cases | {' | '.join(MEASURES.values())} | accuracy over seeds |",
        "|---|---|" + "---|" * (len(MEASURES) + 1),
    ]
    for name in available_models(root):
        card = open_artifact(root / name).card
        metrics = card["metrics"]["test"]
        cells = [_percent(metrics[m]) if m in metrics else "" for m in MEASURES]
        cells.append(_over_seeds(card))
        lines.append(f"| `{name}` | {sum(map(sum, card['confusion'])):,} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(results_table())
