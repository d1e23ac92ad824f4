"""A model card in sections: whatever its `card.json` holds, missing parts left out.

What only a machine reads (hashes, versions, every setting of the training) is in the download.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

_LISTS = {"seeds": "The same training from other random starts", "tried": "What was tried"}
_NOT_LISTED = {"reliability", "confusion"}
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
    """Rows of the true labels, a column for each predicted one; none where they do not fit."""
    names, counts = card.get("class_names"), card.get("confusion")
    if not isinstance(names, list) or not isinstance(counts, list) or len(counts) != len(names):
        return []
    if not all(isinstance(row, list) and len(row) == len(names) for row in counts):
        return []
    return [
        {
            "true label": str(name),
            **{
                f"predicted {other}": pretty_number("count", count)
                for other, count in zip(names, row, strict=True)
            },
        }
        for name, row in zip(names, counts, strict=True)
    ]


def _table(heading: str, rows: list[dict[str, str]]) -> None:
    if rows:
        st.markdown(f"**{heading}**")
        st.dataframe(rows, hide_index=True, height="content")


def _use(card: Mapping[str, Any]) -> None:
    if card.get("intended_use"):
        st.text(str(card["intended_use"]))
    limits = card.get("limits") or []
    for limit in [limits] if isinstance(limits, str) else limits:
        st.text(f"• {limit}")
    if isinstance(card.get("data"), str):
        st.text(f"Data: {card['data']}")


def _results(card: Mapping[str, Any]) -> None:
    metrics = card.get("metrics")
    for split, values in (metrics if isinstance(metrics, Mapping) else {}).items():
        if isinstance(values, Mapping):
            _table(pretty_name(str(split)), metric_rows(values))
    for part, heading, first in (
        ("baselines", "Simpler models on the same test", "model"),
        ("per_source", "By source", "source"),
    ):
        if isinstance(card.get(part), Mapping):
            # A lone number beside a baseline is its accuracy.
            lone = "accuracy" if part == "baselines" else "value"
            _table(heading, table_rows(card[part], first, lone))


def _classes(card: Mapping[str, Any]) -> None:
    _table("Per class", class_rows(card))
    _table("Confusion matrix", confusion_rows(card))


def _trials(card: Mapping[str, Any]) -> None:
    for part, value in card.items():
        if part not in _NOT_LISTED:
            _table(_LISTS.get(part, pretty_name(part)), list_rows(value))


# Each draws what it finds in a card, nothing where that is missing.
SECTIONS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "Use and limits": _use,
    "Test results": _results,
    "Classes": _classes,
    "Seeds and trials": _trials,
}


def card_expander(title: str, card: Mapping[str, Any]) -> None:
    """A model card that is folded up; its dozen tables are made once somebody opens it."""
    with st.expander(f"Model card: {title}", on_change="rerun", key=f"card {title}") as part:
        if part.open:
            model_card(card)


def model_card(card: Mapping[str, Any]) -> None:
    """Draw a model card in tabs, and the button that saves all of it.

    Args:
        card: Parsed `card.json`; any of its parts may be missing.
    """
    name = str(card.get("model", "model"))
    for tab, draw in zip(st.tabs(list(SECTIONS)), SECTIONS.values(), strict=True):
        with tab:
            draw(card)
    st.download_button(
        "Card with all settings and hashes (JSON)",
        lambda: json.dumps(card, ensure_ascii=False, indent=1).encode(),
        f"{name}.json",
        "application/json",
        on_click="ignore",
        key=f"save card {name}",
    )
