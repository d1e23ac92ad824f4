"""The prediction of the Kim CNN and its calibration."""

from collections.abc import Mapping
from typing import Any

import streamlit as st


def calibration_error(card: Mapping[str, Any]) -> float | None:
    """The expected calibration error on the test set, in [0, 1]; None when the card has none."""
    metrics = card.get("metrics")
    test = metrics.get("test") if isinstance(metrics, Mapping) else None
    for name, metric in test.items() if isinstance(test, Mapping) else ():
        value = metric.get("value") if isinstance(metric, Mapping) else metric
        if "calibration" in name and isinstance(value, int | float):
            return float(value)
    return None


def calibration_note(card: Mapping[str, Any]) -> str:
    """What the probability promises, with the card's figures as far as it has them."""
    parts = ["**Threshold:** from 50 % on it says positive; the logit is then above 0."]
    temperature, error = card.get("temperature"), calibration_error(card)
    meaning = "of the reviews given 80 %, about 80 % should be positive."
    if isinstance(temperature, int | float):
        meaning += (
            f" For this, all scores were divided by a temperature of {temperature:.2f}, "
            "fitted on the validation reviews."
        )
    parts.append(f"**Calibration:** {meaning}")
    if error is not None:
        parts.append(
            f"On the test reviews, promise and truth differ by {100 * error:.1f} points on average "
            "(expected calibration error). That holds for film reviews like those; for other texts "
            "nobody has measured it."
        )
    return "  \n".join(parts)


def calibration(card: Mapping[str, Any]) -> None:
    """Draw what the probability promises, folded."""
    with st.expander("What the probability means"):
        st.markdown(calibration_note(card))
