"""Tasks for the worker's tests: nothing of Keras."""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from dlnlp import keras_import
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


def keras_comes_light(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> bool:
    before = list(sys.meta_path)
    keras_import.lighten()
    return sys.meta_path == before


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


def learn(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> dict[str, Any]:
    """Reports as a training does, and writes a tiny network; "slow" in the name: until stopped."""
    from pathlib import Path

    from tests.tiny_han import write_tiny_han
    from tests.tiny_kim_cnn import write_tiny_kim_cnn

    if "broken" in arguments["name"]:
        raise TaskError("Nothing can be learned from this.")
    slow, networks = "slow" in arguments["name"], []
    for kind, output in arguments["outputs"].items():
        _learn_one(arguments, report, cancelled, slow)
        write = write_tiny_kim_cnn if kind == "kim_cnn" else write_tiny_han
        write(Path(output))
        networks.append(Path(output).name)
        if cancelled():
            break
    return {"networks": networks}


def _learn_one(arguments: dict[str, Any], report: Report, cancelled: Cancelled, slow: bool) -> None:
    report({"plan": {"steps": 4, "epochs": 2}})
    text = arguments["watch"][0].split()[0]
    watched = {"text": text, "sentences": [[text]], "spans": [[0, len(text)]]}
    report({"watched": [watched], "class_names": ["bad", "good"]})
    for step in range(5):
        said = {"probabilities": [0.5, 0.5], "words": [[0.1 * step]], "target": 1, "bias": 0.0}
        report({"point": {"step": step, "epoch": step / 2, "loss": None, "texts": [said]}})
        if step:
            report({"step": step, "losses": [1 / step], "rate": 0.1, "left": 4.0 - step})
        if step in (2, 4):
            record = {"validation_loss": 0.5, "validation_accuracy": 0.75, "tokens": 9}
            report({"epoch": {"seconds": 0.5, **record}, "step": step})
        while slow and step == 2 and not cancelled():
            time.sleep(0.02)
        if cancelled():
            break
    report({"ended": step})


def range_test(arguments: dict[str, Any], report: Report, cancelled: Cancelled) -> dict[str, Any]:
    """Reports an LR range test whose loss falls fastest at 0.01; long texts wait to be stopped."""
    report({"steps": 120, "seeds": 1})
    for step in range(0, 120, 5):
        rates = [10 ** (-5 + 5 * (step + n) / 119) for n in range(5)]
        losses = [2 - 1.8 / (1 + (0.01 / rate) ** 2) for rate in rates]
        report({"seed": 1, "rates": rates, "losses": losses})
    return {"notes": ["The rate reached max_lr."]}
