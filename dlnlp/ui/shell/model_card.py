"""A model card as a page shows it: whatever its `card.json` holds, missing parts left out."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

_HEADINGS = {
    "data": "Data",
    "per_class": "Each class",
    "confusion": "What is taken for what",
    "training": "Training",
    "preprocessing": "Preprocessing",
    "network": "Network",
    "environment": "Made with",
}
_LISTS = {
    "seeds": "The same training from other random starts",
    "tried": "What was tried",
    "reliability": "What it says against what comes true",
}
_DRAWN = {"metrics", "per_source", "baselines", "intended_use", "limits", "files", "class_names"}
_SHARES = ("accuracy", "recall", "precision", "within", "f1", "share", "calibration_error")


def pretty_name(name: str) -> str:
    """`mean_per_class_recall` to `Mean per class recall`."""
    return name.replace("_", " ").strip().capitalize()


def pretty_number(name: str, value: Any) -> str:
    """A metric for people: shares in percent, long floats cut, everything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if any(word in name.lower() for word in _SHARES) and 0 <= value <= 1:
        return f"{100 * value:.1f} %"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def metric_rows(metrics: Mapping[str, Any]) -> list[dict[str, str]]:
    """Rows of a metrics table; a metric is a number or `{"value", "low", "high"}`."""
    rows = []
    for name, metric in metrics.items():
        parts = metric if isinstance(metric, Mapping) else {"value": metric}
        if "value" not in parts or isinstance(parts["value"], Mapping | list):
            continue
        interval = ""
        if parts.get("low") is not None and parts.get("high") is not None:
            low, high = (pretty_number(name, parts[end]) for end in ("low", "high"))
            interval = f"{low} to {high}"
        row = {"metric": pretty_name(name), "value": pretty_number(name, parts["value"])}
        rows.append({**row, "95 % interval": interval})
    return rows


def table_rows(table: Mapping[str, Any], first: str, lone: str = "value") -> list[dict[str, str]]:
    """Rows of a table of named groups, each a mapping of metrics or one number, `lone`."""
    rows = []
    for group, values in table.items():
        row = {first: str(group)}
        for name, value in (values if isinstance(values, Mapping) else {lone: values}).items():
            number = value.get("value") if isinstance(value, Mapping) else value
            row[pretty_name(name)] = pretty_number(name, number)
        rows.append(row)
    return rows


def list_rows(entries: Any) -> list[dict[str, str]]:
    """Rows of a list of mappings, such as one for each seed; anything else has none."""
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        return []
    return [
        {pretty_name(str(k)): pretty_number(str(k), v) for k, v in entry.items()}
        for entry in entries
        if isinstance(entry, Mapping)
    ]


def class_rows(card: Mapping[str, Any]) -> list[dict[str, str]]:
    """Rows of what is known of each class; none where the card's lists do not fit its classes."""
    names, measures = card.get("class_names"), card.get("per_class")
    if not isinstance(names, list) or not isinstance(measures, Mapping):
        return []
    if not all(isinstance(v, list) and len(v) == len(names) for v in measures.values()):
        return []
    return [
        {
            "class": str(name),
            **{pretty_name(k): pretty_number(k, v[place]) for k, v in measures.items()},
        }
        for place, name in enumerate(names)
    ]


def confusion_rows(card: Mapping[str, Any]) -> list[dict[str, str]]:
    """Rows of the true classes, a column for each that was read; none where they do not fit."""
    names, counts = card.get("class_names"), card.get("confusion")
    if not isinstance(names, list) or not isinstance(counts, list) or len(counts) != len(names):
        return []
    if not all(isinstance(row, list) and len(row) == len(names) for row in counts):
        return []
    return [
        {
            "it is": str(name),
            **{
                f"read as {other}": pretty_number("count", count)
                for other, count in zip(names, row, strict=True)
            },
        }
        for name, row in zip(names, counts, strict=True)
    ]


def _facts(facts: Any, prefix: str = "") -> list[dict[str, str]]:
    if not isinstance(facts, Mapping):
        return [{"what": prefix, "value": str(facts)}]
    rows = []
    for name, value in facts.items():
        label = f"{prefix}: {pretty_name(str(name)).lower()}" if prefix else pretty_name(str(name))
        if isinstance(value, Mapping):
            rows += _facts(value, label)
        else:
            listed = isinstance(value, Sequence) and not isinstance(value, str)
            parts = value if listed else [value]
            text = ", ".join(pretty_number(str(name), part) for part in parts)
            rows.append({"what": label, "value": text})
    return rows


def _table(rows: list[dict[str, str]]) -> None:
    if rows:
        st.dataframe(rows, hide_index=True, height="content")


def card_expander(title: str, card: Mapping[str, Any]) -> None:
    """A model card that is folded up; its dozen tables are made once somebody opens it."""
    with st.expander(f"Model card: {title}", on_change="rerun", key=f"card {title}") as part:
        if part.open:
            model_card(card)


def model_card(card: Mapping[str, Any], unit: str = "documents") -> None:
    """Draw a model card.

    Args:
        card: Parsed `card.json`; any of its parts may be missing.
        unit: What the model was measured on.
    """
    if card.get("intended_use"):
        st.markdown("**Intended use**")
        st.text(str(card["intended_use"]))
    limits = card.get("limits")
    if limits:
        st.markdown("**Limits**")
        for limit in [limits] if isinstance(limits, str) else limits:
            st.text(f"• {limit}")
    metrics = card.get("metrics")
    for split, values in (metrics if isinstance(metrics, Mapping) else {}).items():
        if isinstance(values, Mapping):
            st.markdown(f"**Measured on the {pretty_name(str(split)).lower()} {unit}**")
            _table(metric_rows(values))
    for part, heading, first in (
        ("baselines", "Against simpler models", "model"),
        ("per_source", "Test documents by source", "source"),
    ):
        if isinstance(card.get(part), Mapping) and card[part]:
            st.markdown(f"**{heading}**")
            # A lone number beside a baseline is its accuracy.
            _table(table_rows(card[part], first, "accuracy" if part == "baselines" else "value"))
    by_class = {"per_class": class_rows(card), "confusion": confusion_rows(card)}
    for part, rows in by_class.items():
        if rows:
            st.markdown(f"**{_HEADINGS[part]}**")
            _table(rows)
    drawn = _DRAWN | {part for part, rows in by_class.items() if rows}
    for part, value in card.items():
        if rows := list_rows(value):
            st.markdown(f"**{_LISTS.get(part, pretty_name(part))}**")
            _table(rows)
    simple = {
        k: v
        for k, v in card.items()
        if k not in drawn and not isinstance(v, Mapping) and not list_rows(v)
    }
    for part, value in card.items():
        if part not in drawn and isinstance(value, Mapping) and value:
            st.markdown(f"**{_HEADINGS.get(part, pretty_name(part))}**")
            _table(_facts(value))
    st.markdown("**Identity**")
    _table(_facts(simple))
    if isinstance(card.get("files"), Mapping):
        hashes = [{"file": str(k), "sha256": str(v)} for k, v in card["files"].items()]
        _table(hashes)
