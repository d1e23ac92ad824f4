"""The tables of results in README, from what ships: `python -m benchmarks.results`."""

import json
from pathlib import Path
from typing import Any

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


RANKINGS = {
    "random": "random",
    "attention": "attention",
    "gradient_x_input_size": r"\|gradient x input\|",
    "gradient_norm": "norm of the gradient",
    "gradient_x_input": "gradient x input",
    "integrated_gradients": "integrated gradients",
    "delete": "leave-one-out",
}

SENTENCE_RANKINGS = {
    "random": "random",
    "attention": "attention",
    "attended": "where it was attended",
    "written": "what it wrote",
    **{name: RANKINGS[name] for name in ("gradient_x_input", "integrated_gradients", "delete")},
}


def _points(measures: dict[str, Any] | None) -> str:
    if measures is None:
        return ""
    found = measures["comprehensiveness"]
    value, low, high = (100 * found[part] for part in ("value", "low", "high"))
    return f"{value:.1f} ({low:.1f} to {high:.1f})"


def faithfulness_table(root: Path = WEIGHTS) -> str:
    """Markdown: comprehensiveness of each ranking of words, in points, of each model that has it.

    Words are deleted; brackets hold the 95 % interval of the mean over documents.
    """
    found = [root / name / "faithfulness.json" for name in available_models(root)]
    records = [json.loads(path.read_text(encoding="utf-8")) for path in found if path.exists()]
    heads = [f"`{r['model']}`, {r['documents']:,} of {r['of']:,}" for r in records]
    lines = [f"| words by | {' | '.join(heads)} |", "|---|" + "---|" * len(heads)]
    for key, title in RANKINGS.items():
        cells = [_points(record["measures"]["delete"].get(key)) for record in records]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def sentence_table(root: Path = WEIGHTS) -> str:
    """Markdown: what rankings of whole sentences reach, for each model that has a record of them.

    Comprehensiveness in points and the correlation with leave-one-out for the predicted class, with
    95 % intervals.
    """
    found = [root / name / "faithfulness_sentences.json" for name in available_models(root)]
    records = [json.loads(path.read_text(encoding="utf-8")) for path in found if path.exists()]
    heads = [
        f"`{r['model']}`, {r['documents']:,} of {r['of']:,}: comprehensiveness | correlation"
        for r in records
    ]
    lines = [f"| sentences by | {' | '.join(heads)} |", "|---|" + "---|---|" * len(heads)]
    for key, title in SENTENCE_RANKINGS.items():
        cells = []
        for record in records:
            measures, agreement = record["measures"].get(key), record["correlation"].get(key)
            cells += [_points(measures), _agreement(agreement)]
        if any(cells):
            lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _agreement(found: dict[str, float] | None) -> str:
    if found is None:
        return ""
    return f"{found['value']:.2f} ({found['low']:.2f} to {found['high']:.2f})"


if __name__ == "__main__":
    print(results_table(), faithfulness_table(), sentence_table(), sep="\n\n")
