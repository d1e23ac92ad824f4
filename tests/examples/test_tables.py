"""The two tables that ship: large enough, balanced, without repetition, and as their words say."""

import csv
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus.near_duplicates import near_duplicates, signature
from dlnlp.examples import TABLES, ExampleTable
from dlnlp.text.words import lower

README = Path(__file__).resolve().parents[2] / "dlnlp" / "examples" / "README.md"


def rows_of(table: ExampleTable) -> list[tuple[str, str]]:
    with table.path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["text", "label"]
    return [(text, label) for text, label in rows]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path.stem)
def test_rows_are_many_varied_and_balanced(table: ExampleTable) -> None:
    rows = rows_of(table)
    counts = Counter(label for _, label in rows)
    assert tuple(sorted(counts)) == table.class_names
    assert len(rows) >= 300 and max(counts.values()) <= 1.1 * min(counts.values())
    assert table.about.startswith(f"{len(rows)} invented")
    words = [len(text.split()) for text, _ in rows]
    assert np.percentile(words, 95) >= 2 * np.percentile(words, 20)
    told = README.read_text(encoding="utf-8")
    assert f"| {len(rows)} " in told
    assert all(f"{label} ({count})" in told for label, count in counts.items())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path.stem)
def test_no_row_nearly_repeats_another(table: ExampleTable) -> None:
    texts = [text for text, _ in rows_of(table)]
    vocabulary: dict[str, int] = {}
    documents = [
        np.array([vocabulary.setdefault(word, len(vocabulary)) for word in words], np.uint16)
        for words in (re.findall(r"\w+", lower(text)) for text in texts)
    ]
    signed = np.stack([signature(ids) for ids in documents])
    for number in range(1, len(texts)):
        (found,) = near_duplicates(signed[number : number + 1], signed[:number], threshold=0.5)
        assert found < 0, (texts[number], texts[found])
