"""Searches over a text by a tiny network, finished."""

import threading
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from dlnlp.inference import HanPredictor, TextPredictor
from dlnlp.ui.text.counterfactual_job import CounterfactualJob
from tests.tiny_han import STARS, write_tiny_han

TEXT = "The film is very good. But I love it, not great!"


@cache
def tiny(classes: tuple[str, ...] = STARS) -> TextPredictor:
    folder = Path(mkdtemp()) / "han"
    write_tiny_han(folder, class_names=classes)
    return HanPredictor.load(folder)


def finished(
    text: str = TEXT, goal: int | None = None, classes: tuple[str, ...] = STARS
) -> CounterfactualJob:
    predictor = tiny(classes)
    job = CounterfactualJob(predictor, predictor.predict(text), goal)
    job.run(threading.Lock(), lambda: True)
    assert job.state == "done" and not job.active
    return job
