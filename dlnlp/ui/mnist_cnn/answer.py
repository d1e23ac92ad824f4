"""The answer to a digit in words and bars: one small component, so that it is there at once.

Pen up to answer leaves about 0.2 s, and most of that is spent in the browser: every element of
Streamlit's costs it some milliseconds, each piece of HTML some more to be cleaned. The component
keeps its nodes and changes texts and widths.
"""

from collections.abc import Sequence
from typing import TypedDict

from dlnlp.ui.mnist_cnn.loading import DigitReading
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.numbers import probability

_ABOUT_SCORE = (
    "A score from 0 to 1 of how little this looks like any digit. Above the limit, which was "
    "chosen on pictures that the network did not learn from, the page says that it is none. "
    "Probabilities alone always name one of ten."
)


class BarData(TypedDict):
    """One class."""

    name: str
    share: float  # in [0, 1]
    text: str
    place: int  # 1 for the first guess, 2 for the second, else 0


class AnswerData(TypedDict):
    """Everything the component draws, as plain JSON."""

    headline: str
    below: str
    bars: list[BarData]  # empty while there is nothing to read
    sure: bool  # False pales the bars
    score: str
    about: str  # unfolds below the score
    note: str


_HTML = """
<div class="answer" role="status">
  <h2></h2>
  <p class="below"><span class="told"></span> <span class="note"></span></p>
  <div class="bars" role="img"></div>
  <details><summary></summary><p class="about"></p></details>
</div>
"""
_mount = component(__file__, _HTML)


def prediction(reading: DigitReading) -> tuple[str, str]:
    """The answer as a headline and a sentence below it."""
    first, second = reading.guesses
    shares = [probability(float(reading.probabilities[k])) for k in (first, second)]
    if reading.empty:
        return "Nothing to read", reading.note
    if reading.is_digit:
        return f"This is a {first}", f"{shares[0]} sure; second guess {second}, {shares[1]}."
    return (
        "This does not look like a digit",
        f"If it had to be one: {first} ({shares[0]}), or {second} ({shares[1]}).",
    )


def answer_data(
    reading: DigitReading | None,
    message: str,
    note: str,
    class_names: Sequence[str],
    threshold: float,
) -> AnswerData:
    """What the component draws.

    Args:
        reading: the network's answer; None when there is nothing to read.
        message: a sentence for the page then.
        note: a sentence below the answer.
        class_names: names of the ten classes.
        threshold: above it, a picture is no digit.
    """
    if reading is None or reading.empty:
        headline, below = prediction(reading) if reading else ("Which digit is it?", message)
        return AnswerData(
            headline=headline, below=below, bars=[], sure=True, score="", about="", note=""
        )
    headline, below = prediction(reading)
    first, second = reading.guesses
    bars = [
        BarData(
            name=name,
            share=round(float(share), 5),
            text=probability(float(share)),
            place={first: 1, second: 2}.get(digit, 0),
        )
        for digit, (name, share) in enumerate(zip(class_names, reading.probabilities, strict=True))
    ]
    return AnswerData(
        headline=headline,
        below=below,
        bars=bars,
        sure=reading.is_digit,
        score=f"Out-of-distribution score {reading.not_a_digit:.2f} (threshold {threshold:.2f})",
        about=_ABOUT_SCORE,
        note=note,
    )


def draw_answer(data: AnswerData, summons: int = 0) -> None:
    """Draw it.

    Args:
        data: the answer.
        summons: a number that changes when it is to be brought into sight.
    """
    _mount(key="digit_answer", data={**data, "summons": summons})
