"""The prediction: one sentence, and a bar for each class; a click on a bar makes it the target."""

from typing import Any, TypedDict

import streamlit as st

from dlnlp.explain.targets import UPPER, target_names, target_values
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.numbers import probability, signed
from dlnlp.ui.text.answers import Answer, prediction
from dlnlp.ui.text.review_page import PREDICTED, ReviewPage


class BarData(TypedDict):
    """A class and its probability."""

    name: str
    written: str  # the probability as a text
    share: float  # the probability, 0 to 1


class BarsData(TypedDict):
    """Everything the component draws, as plain JSON; the best class stands on top."""

    prediction: str
    note: str  # what a click does, or why it does nothing
    enabled: bool
    predicted: int  # number of the best bar, counted from the top
    target: int  # as `predicted`, or behind the bars: what is explained; -1 for nothing
    bars: list[BarData]
    contrast: BarData | None  # the upper against the lower classes, where it can be explained


HTML = """
<div class="answer">
  <h2 class="prediction"></h2>
  <div class="bars" role="radiogroup" 
    aria-label="Class probabilities; choose the target class"></div>
  <p class="note"></p>
  <div class="spoken" role="status"></div>
</div>
"""

_mount = component(__file__, HTML)


def target_of(page: ReviewPage, answer: Answer) -> int:
    """What the visitor wants explained, as a target of `dlnlp.explain.targets`.

    That is the predicted class by default, and where the model lacks the class that was chosen. Of
    two classes the second is explained by default: what speaks for it speaks against the first, and
    the colours stay when the prediction changes.
    """
    chosen = str(st.session_state.get(page.setting("target"), PREDICTED))
    if chosen == UPPER and answer.ordered:
        return len(answer.class_names)
    place = int(chosen) - 1 if chosen.isdigit() else -1
    return place if 0 <= place < len(answer.class_names) else _default(answer)


def _default(answer: Answer) -> int:
    return 1 if len(answer.class_names) == 2 else int(answer.probabilities.argmax())


def choose(page: ReviewPage, answer: Answer, picked: Any) -> None:
    """Make a class the target, as `picked`, the number of its bar, says; again lets go of it.

    Behind the bars of ordered classes stands one for the upper against the lower ones.

    Args:
        page: The page.
        answer: What was drawn.
        picked: What the browser sends: hostile until checked.
    """
    classes = len(answer.class_names)
    if type(picked) is not int or not 0 <= picked < classes + answer.ordered:
        return
    place = classes if picked == classes else classes - 1 - picked
    again = place in (target_of(page, answer), _default(answer))
    name = UPPER if place == classes else str(place + 1)
    st.session_state[page.setting("target")] = PREDICTED if again else name


def bars_data(answer: Answer, target: int, note: str, enabled: bool) -> BarsData:
    """What the component is told.

    Args:
        answer: Probabilities of C classes, the worst first.
        target: What is explained.
        note: Under the bars.
        enabled: Whether a click makes a class the target.
    """
    classes = len(answer.class_names)
    contrast = None
    if answer.ordered and enabled:
        value = target_values(answer.logits, ordered=True)[classes]
        name = target_names(answer.class_names, ordered=True)[classes]
        contrast = BarData(name=name, written=signed(float(value), 2), share=0)
    return BarsData(
        prediction=prediction(answer),
        note=note,
        enabled=enabled,
        predicted=classes - 1 - int(answer.probabilities.argmax()),
        target=(classes if target == classes else classes - 1 - target) if enabled else -1,
        contrast=contrast,
        bars=[
            BarData(
                name=answer.class_names[place],
                written=probability(answer.probabilities[place]),
                share=round(float(answer.probabilities[place]), 4),
            )
            for place in reversed(range(classes))
        ],
    )


def class_bars(page: ReviewPage, answer: Answer, note: str, enabled: bool) -> None:
    """Draw the prediction.

    Args:
        page: The page; its setting "target" holds the class that is explained.
        answer: The prediction.
        note: What a click on a bar does, or why it does nothing.
        enabled: Whether a click on a bar makes its class the target.
    """
    key = page.key("bars")

    def pick() -> None:
        choose(page, answer, (st.session_state.get(key) or {}).get("pick"))

    data = bars_data(answer, target_of(page, answer), note, enabled)
    _mount(key=key, data=data, on_pick_change=pick)
