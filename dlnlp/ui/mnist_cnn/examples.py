"""Drawings of our own to start from: digits as people write them, a letter, and a scribble."""

import itertools
import math
from dataclasses import dataclass

from dlnlp.ui.mnist_cnn.drawing_canvas import Drawing, Stroke

_WIDTH = 60
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Example:
    """A name for its button and what is drawn."""

    label: str
    drawing: Drawing


def _bow(x: float, y: float, width: float, height: float, start: float, end: float) -> list[Place]:
    """Part of an ellipse around x, y, from `start` to `end` degrees, clockwise from the right."""
    turns = max(2, round(abs(end - start) / 12))
    angles = [math.radians(start + (end - start) * k / turns) for k in range(turns + 1)]
    return [(x + width * math.cos(a), y + height * math.sin(a)) for a in angles]


def _stroke(*places: Place | list[Place], width: int = _WIDTH) -> Stroke:
    chain = [place for part in places for place in (part if isinstance(part, list) else [part])]
    return Stroke(width, tuple(round(v) for v in itertools.chain.from_iterable(chain)))


EXAMPLES: tuple[Example, ...] = (
    Example(
        "Seven with a bar",
        (
            _stroke((270, 215), (420, 205), (580, 210), (720, 200), (610, 420), (470, 830)),
            _stroke((370, 500), (690, 480)),
        ),
    ),
    Example(
        "Open four",
        (_stroke((330, 170), (270, 540), (500, 535), (720, 520)), _stroke((600, 200), (570, 860))),
    ),
    Example(
        "Closed four",
        (_stroke((590, 850), (600, 500), (610, 160), (430, 380), (260, 610), (750, 600)),),
    ),
    Example("One with serif", (_stroke((400, 300), (515, 180), (512, 500), (515, 850)),)),
    Example(
        "One with base",
        (
            _stroke((360, 340), (520, 180), (515, 500), (520, 840)),
            _stroke((350, 845), (690, 840)),
        ),
    ),
    Example(
        "Nine like a g",
        (
            _stroke(
                _bow(470, 350, 165, 170, -20, -370),
                (640, 420),
                (630, 650),
                _bow(480, 720, 150, 140, 0, 150),
            ),
        ),
    ),
    Example(
        "Eight",
        (_stroke(_bow(500, 330, 150, 150, 90, -250), _bow(500, 670, 190, 180, -80, 275)),),
    ),
    Example(
        "Five of two strokes",
        (
            _stroke((390, 200), (370, 450), _bow(470, 620, 200, 200, -115, 140)),
            _stroke((395, 205), (680, 195)),
        ),
    ),
    Example(
        "Thin two", (_stroke(_bow(490, 350, 190, 180, -170, 40), (300, 830), (740, 810), width=25),)
    ),
    Example(
        "Thick three",
        (
            _stroke(
                _bow(480, 330, 160, 150, -150, 80), _bow(480, 660, 190, 180, -80, 150), width=140
            ),
        ),
    ),
    Example("Small and off centre", (_stroke(_bow(820, 190, 70, 110, -90, 275), width=30),)),
    Example(
        "Letter A",
        (
            _stroke((270, 840), (500, 170), (740, 840)),
            _stroke((360, 600), (660, 590)),
        ),
    ),
    Example(
        "Scribble",
        (_stroke([(180 + 50 * k, 250 + 500 * (k % 2)) for k in range(14)], width=30),),
    ),
    Example(
        "Tangle",
        (
            _stroke(
                [
                    (
                        500 + 330 * math.sin(0.9 * k) * math.cos(0.13 * k),
                        500 + 300 * math.cos(0.71 * k + 1),
                    )
                    for k in range(60)
                ],
                width=30,
            ),
        ),
    ),
)
