"""Faithfulness of whole sentences over test reviews, from the model's record."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dlnlp import artifacts
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.shell.tables import table

FILE = "faithfulness_sentences.json"
NAMES = {
    "attention": "Sentence attention",
    "attended": "Attended (attention × state)",
    "written": "Written",
    "gradient_x_input": "Gradient × input",
    "integrated_gradients": "Integrated gradients",
    "delete": "Leave-one-out (delete)",
    "random": "Random",
}


@st.cache_data(max_entries=8, show_spinner=False)
def _record(model: str, card_sha256: str) -> dict[str, Any]:
    """Parsed; the file was verified when the model was opened."""
    return dict(json.loads((artifacts.WEIGHTS / model / FILE).read_text(encoding="utf-8")))


def _cut(cut: float) -> str:
    return f"top {cut}" if isinstance(cut, int) else f"top {100 * cut:.0f} %"


def sentence_rows(record: Mapping[str, Any]) -> list[dict[str, str]]:
    """A row for each ranking.

    Returns:
        How far the probability falls without its top sentences, in points, and how its numbers
        correlate with leaving each sentence out.
    """
    rows = []
    for name, measures in record["measures"].items():
        falls = measures["comprehensiveness"]["by_cut"]
        agreement = record["correlation"].get(name)
        cuts = {
            _cut(cut): signed(100 * fall, 1)
            for cut, fall in zip(record["cuts"], falls, strict=True)
        }
        told = "" if agreement is None else signed(agreement["value"], 2)
        rows.append(
            {"sentences by": NAMES.get(name, name), **cuts, "correlation with leave-one-out": told}
        )
    return rows


def sentence_answer(record: Mapping[str, Any]) -> str:
    """Which exact decomposition agrees better with leaving sentences out, in plain words."""
    found = record["correlation_of_classes"]
    written, attended = (found[name]["value"] for name in ("written", "attended"))
    intervals = (found["written"]["low"], found["attended"]["high"])
    if intervals[0] > intervals[1]:
        end = "what a sentence wrote says more of what it does than where the attention was."
    else:
        end = "what a sentence wrote says no more of what it does than where the attention was."
    return (
        f"Over all classes, what sentences **wrote** correlates with leaving them out by "
        f"**{written:.2f}**, where they were **attended** by {attended:.2f}: {end}"
    )


def sentence_record(model: str, card: Mapping[str, Any]) -> None:
    """Draw what was measured of whole sentences; nothing when nothing was."""
    if FILE not in card.get("files", {}):
        return
    record = _record(model, str(card.get("card_sha256")))
    count, total = record["documents"], record["of"]
    sample = f"a random sample of {count:,} of {total:,}" if count < total else f"all {total:,}"
    st.markdown(
        f"**Whole sentences** ({record['sentences']:,} sentences of {sample} test reviews). "
        f"{sentence_answer(record)}"
    )
    with st.expander("The figures of sentences"):
        table(sentence_rows(record))
        st.caption(
            "Points of probability of the predicted class that are lost without the top sentences "
            "by each ranking. The correlation is that of its numbers for the predicted class with "
            "the change of the log odds without each sentence."
        )
