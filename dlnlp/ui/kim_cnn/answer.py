"""The prediction of the Kim CNN: its probability, the threshold, and its calibration."""

import html
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.regions import BLUE, ORANGE
from dlnlp.ui.shell.numbers import probability, signed
from dlnlp.ui.text.answers import Answer, make_answer

THRESHOLD = 0.5

_STYLE = """<style>
.gauge{padding:.2rem 0 .5rem;font-size:.95rem}
.gauge .ends{display:flex;justify-content:space-between}
.gauge .track{position:relative;height:1.6rem;border-radius:.3rem;background:rgba(128,128,128,.16);
  margin:.25rem 0}
.gauge .fill{position:absolute;top:0;bottom:0;min-width:2px;border-radius:.2rem}
.gauge .mark{position:absolute;top:-.25rem;bottom:-.25rem;left:50%;border-left:2px solid}
.gauge .scale{position:relative;height:1.2rem;font-size:.8rem;opacity:.85;
  font-variant-numeric:tabular-nums}
.gauge .scale span{position:absolute;white-space:nowrap;transform:translateX(-50%)}
.gauge .scale span:first-child{transform:none}
.gauge .scale span:last-child{transform:translateX(-100%)}
</style>"""


def answer_of(result: SentimentResult) -> Answer:
    """The prediction alone."""
    return make_answer(result.class_names, result.probabilities, result.logits)


def prediction(result: SentimentResult) -> str:
    """The prediction in one plain sentence."""
    return (
        f"Probability of a {result.class_names[1]} review: {probability(result.probabilities[1])}"
    )


def gauge_html(result: SentimentResult) -> str:
    """The probability as a bar from the threshold to its value."""
    percent = 100 * float(result.probabilities[1])
    left, width = min(percent, 100 * THRESHOLD), abs(percent - 100 * THRESHOLD)
    colour = BLUE if percent >= 100 * THRESHOLD else ORANGE
    negative, positive = (html.escape(name) for name in result.class_names)
    ticks = "".join(f'<span style="left:{at}%">{at} %</span>' for at in (0, 25, 50, 75, 100))
    return (
        f'{_STYLE}<div class="gauge" role="img" aria-label="Probability of {positive}: '
        f'{html.escape(probability(result.probabilities[1]))}; the threshold is 50 %">'
        f'<div class="ends"><span>◀ {negative}</span><span>{positive} ▶</span></div>'
        f'<div class="track"><span class="fill" style="left:{left:.2f}%;width:{width:.2f}%;'
        f'background:{colour}"></span><span class="mark"></span></div>'
        f'<div class="scale">{ticks}</div></div>'
    )


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


def gauge(result: SentimentResult) -> None:
    """Draw the scale of the probability, and the score behind it."""
    with st.container(key="kim_gauge"):
        st.html(gauge_html(result))
    words, unknown = len(result.tokens), int((~result.token_known).sum())
    st.caption(
        f"Logit {signed(float(result.logits[1]), 2)} from {words:,} words, "
        f"{unknown:,} of them unknown.",
        help="The logit is any number: 0 is a probability of 50 %, +1 is 73 %, +2 is 88 %, "
        "−1 is 27 %. Everything below adds up to it.",
    )


def calibration(card: Mapping[str, Any]) -> None:
    """Draw what the probability promises, folded."""
    with st.expander("What the probability means"):
        st.markdown(calibration_note(card))
