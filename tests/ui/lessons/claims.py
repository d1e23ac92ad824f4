"""How each claim of a lesson is held against the shipped networks.

A state is read by what the page itself reads it with. `faults` returns what is not so.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.attribution import Attribution
from dlnlp.training.range_analysis import analyse
from dlnlp.training.range_spread import spread
from dlnlp.ui.han import explaining as han_explaining
from dlnlp.ui.kim_cnn import explaining as kim_explaining
from dlnlp.ui.mnist_cnn import loading as digit_loading
from dlnlp.ui.mnist_cnn import strokes
from dlnlp.ui.schedules import range_test
from dlnlp.ui.schedules import view as schedule_view
from dlnlp.ui.schedules.curves import curves_of
from dlnlp.ui.schedules.race import TASK, arguments_of
from dlnlp.ui.schedules.race_charts import Racer, progress_of
from dlnlp.ui.schedules.race_words import Story, stories
from dlnlp.ui.schedules.view import LETTERS, RACE
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.permalink import Query, decode_text
from dlnlp.ui.shell.range_charts import gathered
from dlnlp.worker.worker import Job, Worker

CLEARLY = 0.05  # a probability that is said to have changed has changed by so much


@dataclass(frozen=True)
class Reading:
    """What a network says of a state: probabilities of C classes, and what else is claimed."""

    class_names: tuple[str, ...]
    probabilities: NDArray[np.float32]
    attribution: Attribution[Any] | None = None
    digit: digit_loading.DigitReading | None = None
    label: str = ""
    drawing: str = ""

    def of(self, name: str) -> float:
        return float(self.probabilities[self.class_names.index(name)])

    @property
    def predicted(self) -> str:
        return self.class_names[int(self.probabilities.argmax())]


def read(page: str, state: Query) -> Reading:
    first = {name: values[0] for name, values in state.items()}
    return _digit(first) if page == "mnist_cnn" else _text(page, first)


def _text(page: str, state: Mapping[str, str]) -> Reading:
    text, target = decode_text(state["text"]), state.get("target", "")
    attribution: Attribution[Any] | None
    if page == "han":
        predictor = loading.han_predictor(state["model"])
        result = loading.read_review(state["model"], text).result
        assert result is not None
        place = int(target) - 1 if target else int(result.probabilities.argmax())
        method = cast(Any, state["shading"])
        attribution = han_explaining.attribute(predictor, result, method, place)
    else:
        read = loading.read_sentiment(state["model"], text).result
        assert read is not None
        attribution = kim_explaining.attribute(state["model"], text, cast(Any, state["method"]))
        return Reading(tuple(read.class_names), read.probabilities, attribution)
    return Reading(tuple(result.class_names), result.probabilities, attribution)


def _digit(state: Mapping[str, str]) -> Reading:
    names = tuple(digit_loading.predictor().class_names)
    if "test" in state:
        digit, label = digit_loading.read_test_digit(int(state["test"]))
        return Reading(names, digit.probabilities, digit=digit, label=str(label))
    off = tuple(name for name in state.get("off", "").split(",") if name)
    digit = _drawn(state["drawing"], off)
    return Reading(names, digit.probabilities, digit=digit, drawing=state["drawing"])


def _drawn(code: str, off: tuple[str, ...]) -> digit_loading.DigitReading:
    pixels = strokes.rasterize(strokes.decode(code))
    return digit_loading.read_picture(code, off, pixels, drawn=True)


def _strongest(numbers: NDArray[np.float32]) -> int:
    return int(np.abs(numbers).argmax())


def _attribution(now: Reading) -> Attribution[Any]:
    assert now.attribution is not None, "the state names no method"
    return now.attribution


def _numbers_of(word: str, now: Reading) -> list[float]:
    found = _attribution(now)
    numbers = [
        float(v) for t, v in zip(found.reading.tokens, found.words, strict=True) if t == word
    ]
    assert numbers, f"the text holds no {word!r}"
    return numbers


def _adds_up(now: Reading) -> bool:
    gap = _attribution(now).gap
    return gap is not None and abs(gap) < 1e-3


def _test_error() -> float:
    record = digit_loading.record()
    return len(record.mistakes) / len(record.labels)


Check = Callable[[Any, Reading, Reading | None], bool]


def _before(before: Reading | None) -> Reading:
    assert before is not None, "only a state that follows another can be compared with it"
    return before


CHECKS: Mapping[str, Check] = {
    "predicted": lambda name, now, _: now.predicted == name,
    "probability_above": lambda told, now, _: all(now.of(n) > p for n, p in told.items()),
    "probability_below": lambda told, now, _: all(now.of(n) < p for n, p in told.items()),
    "highest_probability_below": lambda most, now, _: float(now.probabilities.max()) < most,
    "raised": lambda name, now, was: now.of(name) > _before(was).of(name) + CLEARLY,
    "lowered": lambda name, now, was: now.of(name) < _before(was).of(name) - CLEARLY,
    "like_before": lambda _, now, was: bool(
        np.allclose(now.probabilities, _before(was).probabilities, atol=1e-4)
    ),
    "strongest_word": lambda word, now, _: (
        _attribution(now).reading.tokens[_strongest(_attribution(now).words)] == word
    ),
    "strongest_sentence": lambda number, now, _: (
        _strongest(_attribution(now).sentences) == number - 1
    ),
    "word_above": lambda told, now, _: all(
        min(_numbers_of(word, now)) > number for word, number in told.items()
    ),
    "word_below": lambda told, now, _: all(
        max(_numbers_of(word, now)) < number for word, number in told.items()
    ),
    "adds_up": lambda told, now, _: _adds_up(now) == told,
    "label": lambda label, now, _: now.label == label,
    "out_of_distribution": lambda told, now, _: (
        now.digit is not None and now.digit.is_digit != told
    ),
    "same_without": lambda steps, now, _: all(
        now.class_names[_drawn(now.drawing, (step,)).guesses[0]] == now.predicted
        and float(_drawn(now.drawing, (step,)).probabilities.max()) > 0.9
        for step in steps
    ),
    "test_error_below": lambda most, _, __: _test_error() < most,
}


def faults(
    page: str, state: Query, facts: Mapping[str, Any], before: Query | None = None
) -> list[str]:
    """The claims of a state of a network that are not so, each as `name = value`."""
    now = read(page, state)
    was = None if before is None else read(page, before)
    return [f"{name} = {told}" for name, told in facts.items() if not CHECKS[name](told, now, was)]


def _finished(job: Job, seconds: float = 240) -> Job:
    end = time.monotonic() + seconds
    while job.active:
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)
    assert job.state == "done", job.error
    return job


def _raced(worker: Worker, state: Query) -> list[Story]:
    view = schedule_view.from_query(state)
    curves, refused = curves_of(view)
    assert not refused and view.part == RACE
    job = _finished(worker.submit(TASK, arguments_of(view, curves.values())))
    racers = [Racer(slot, curve.label, curve.rate) for slot, curve in curves.items()]
    return stories(racers, progress_of(job.messages), view.race.epochs)


def _range_maximum(worker: Worker) -> float:
    settings = range_test.Settings()
    job = _finished(worker.submit(range_test.TASK, {**asdict(settings), "batch_size": 32}))
    results = [analyse(rates, losses) for rates, losses in gathered(job.messages)]
    return next(found.rate for found in spread(results) if found.name == "smith_max")


def race_faults(worker: Worker, state: Query, facts: Mapping[str, Any]) -> list[str]:
    """As `faults`, of schedules: the race is run, and the range test where it is claimed of."""
    wrong, races = [], {*facts} - {"range_test_maximum"}
    if bounds := facts.get("range_test_maximum"):
        if not bounds[0] < (found := _range_maximum(worker)) < bounds[1]:
            wrong.append(f"range_test_maximum = {bounds}, but it is {found:.3g}")
    ended = {LETTERS[story.slot]: story for story in (_raced(worker, state) if races else [])}
    learned = [letter for letter, story in ended.items() if story.learned]
    margin = 0.01  # of the median accuracy
    for name in races:
        told = facts[name]
        others = [ended[letter].accuracy for letter in learned if letter != told]
        right = {
            "learned": lambda told=told: learned == told,
            "diverged": lambda told=told: all(
                ended[letter].diverged_at is not None and not ended[letter].learned
                for letter in told
            ),
            "best": lambda told=told, others=others: ended[told].accuracy > max(others) + margin,
            "worst_that_learned": lambda told=told, others=others: (
                ended[told].accuracy < min(others) - margin
            ),
        }[name]()
        if not right:
            said = {letter: story.sentence for letter, story in ended.items()}
            wrong.append(f"{name} = {told}, but {said}")
    return wrong
