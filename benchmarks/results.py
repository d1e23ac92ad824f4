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
    value = f"{100 * metric['value']:.1f} %"
    if metric.get("low") is None:
        return value
    return f"{value} ({100 * metric['low']:.1f} to {100 * metric['high']:.1f})"


def results_table(root: Path = WEIGHTS) -> str:
    """Markdown: a row a shipped model, its measures on the test split with 95 % intervals."""
    lines = [
        f"| model | test documents | {' | '.join(MEASURES.values())} |",
        "|---|---|" + "---|" * len(MEASURES),
    ]
    for name in available_models(root):
        card = open_artifact(root / name).card
        metrics = card["metrics"]["test"]
        cells = [_percent(metrics[m]) if m in metrics else "" for m in MEASURES]
        lines.append(f"| `{name}` | {card['documents']['test']:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(results_table())
