"""The table of results in README, from the shipped cards: `python -m benchmarks.results`."""

from pathlib import Path

from dlnlp.artifacts import WEIGHTS, available_models, open_artifact
from dlnlp.cards import MEASURES, summarize


def results_table(root: Path = WEIGHTS) -> str:
    """Markdown: a row a shipped model, its measures on the test split with 95 % intervals."""
    lines = [
        f"| model | test cases | {' | '.join(MEASURES.values())} | accuracy over seeds |",
        "|---|---|" + "---|" * (len(MEASURES) + 1),
    ]
    for name in available_models(root):
        summary = summarize(open_artifact(root / name))
        measures = summary.measures
        cells = [measures[m].percent if m in measures else "" for m in MEASURES]
        cells.append(summary.over_seeds.percent if summary.over_seeds else "one seed")
        lines.append(f"| `{name}` | {summary.test_cases:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(results_table())
