"""Tasks for the worker's tests: nothing of Keras."""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from dlnlp.worker.process import TaskError

Report = Callable[[dict[str, Any]], None]
Cancelled = Callable[[], bool]


def count(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> dict[str, Any]:
    """Reports 1, 2, ...; prints noise that must not reach the pipe; stops when told."""
    done = 0
    while done < arguments["to"] and not cancelled():
        done += 1
        print("noise on the standard output")
        report({"done": done})
        time.sleep(arguments.get("pause", 0))
    return {"done": done, "process": os.getpid(), "nice": os.nice(0)}


def race(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> dict[str, Any]:
    """Reports as a race does, at once."""
    shape = len(arguments["schedules"]), arguments["seeds"]
    numbers = [[0.5] * shape[1]] * shape[0]
    report({"steps": arguments["steps"]})
    for step in range(3):
        report({"step": step, "train_loss": numbers, "loss": numbers, "accuracy": numbers})
    return {"step": step}


def deaf(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> None:
    report({"deaf": True})
    time.sleep(60)


def crash(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> None:
    report({"last": "words"})
    os.kill(os.getpid(), signal.SIGKILL)


def leave(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> None:
    os._exit(3)


def refuse(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> None:
    raise TaskError("This cannot be done: choose another number.")


def stumble(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> None:
    raise ZeroDivisionError("by zero")


def shout(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> None:
    print("a library complains", file=sys.stderr, flush=True)
    raise ValueError("one\ntwo " + "!" * 1_000)


def lack(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> None:
    import unheard_of_package  # noqa: F401


def modules(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> list[str]:
    return sorted(sys.modules)


def saliency(arguments, report, cancelled):
    """What `han_saliency.saliency` returns, with numbers that count up; two classes or five.

    A text of more than 20 words waits until it is cancelled.
    """
    words = sum(len(sentence) for sentence in arguments["sentences"])
    report({"share": 0.25})
    while words > 20 and not cancelled():
        time.sleep(0.01)
    if words > 20:
        return {}
    classes = 2 if arguments["weights"].endswith("imdb") else 5
    numbers = [[(k + 1) * (i - 1.0) for i in range(words)] for k in range(classes)]
    found = {"value": [0.0] * classes, "gap": [0.5] * classes}
    found |= {name: numbers for name in ("gradient_x_input", "integrated_gradients")}
    if arguments["seed"] is not None:
        sentences = len(arguments["sentences"])
        found |= {"word_attention": [1 / words] * words, "word_scores": [*range(words)]}
        found["sentence_attention"] = [1 / sentences] * sentences
        found["sentence_scores"] = [0.5] * sentences
        for name in ("delete", "unknown"):
            found[name] = numbers
            found[f"{name}_sentences"] = [[1.0] * sentences] * classes
    return found
