"""Many pictures of digits, one row each: what the command writes and the page shows.

Pictures are decoded on several threads and read by the network in batches; a picture that cannot
be read is a row with a problem, and the others go on.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dlnlp.images import ImageError, Preprocessed, preprocess, read_image

if TYPE_CHECKING:  # the network's side is imported when a network is needed
    from dlnlp.inference.digits import DigitPredictor

BATCH = 32
NO_INK = "no ink was found"


@dataclass(frozen=True, eq=False)
class PictureRow:
    """What was read in one picture.

    Attributes:
        name: as given.
        label: the likeliest class; "" when there is none.
        probabilities: float64 [classes]; None when the picture could not be read or is empty.
        is_digit: whether it looks like a digit at all.
        problem: why there is no row for it; "" when the picture could be read.
        prepared: the picture as the network read it; None when it could not be read.
    """

    name: str
    label: str = ""
    probabilities: NDArray[np.float64] | None = None
    is_digit: bool = False
    problem: str = ""
    prepared: Preprocessed | None = None

    def fields(self, class_names: tuple[str, ...]) -> tuple[str, ...]:
        """The cells of `columns`, as text; empty where there is no ink to read."""
        digit = str(self.is_digit).lower()
        if self.probabilities is None:
            return (self.name, "", "", *[""] * len(class_names), digit)
        shares = [f"{share:.6f}" for share in self.probabilities]
        return (self.name, self.label, f"{self.probabilities.max():.6f}", *shares, digit)


def columns(class_names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the columns of the table."""
    return ("path", "label", "probability", *(f"p_{name}" for name in class_names), "is_digit")


def read_pictures(
    predictor: "DigitPredictor",
    pictures: Iterable[tuple[str, Callable[[], bytes]]],
    threads: int = 1,
) -> Iterator[PictureRow]:
    """Reads pictures in order; a batch of them is in memory at a time.

    Args:
        predictor: the network.
        pictures: the name of each, and a function that gives its bytes (it may raise OSError or
            ImageError: the row then has a problem).
        threads: number of threads that decode.
    """
    rest = iter(pictures)
    with ThreadPoolExecutor(threads) as pool:
        while batch := list(itertools.islice(rest, BATCH)):
            yield from _answered(predictor, list(pool.map(_prepared, batch)))


def _prepared(picture: tuple[str, Callable[[], bytes]]) -> PictureRow:
    name, content = picture
    try:
        return PictureRow(name, prepared=preprocess(read_image(content())))
    except ImageError as error:
        return PictureRow(name, problem=str(error))
    except OSError as error:
        return PictureRow(name, problem=f"It cannot be read ({error.strerror or error}).")


def _answered(predictor: "DigitPredictor", rows: list[PictureRow]) -> Iterator[PictureRow]:
    images = {
        place: row.prepared.image
        for place, row in enumerate(rows)
        if row.prepared is not None and not row.prepared.empty
    }
    if not images:
        yield from rows
        return
    outputs = predictor.predict(np.stack(list(images.values())))
    answers = dict(zip(images, range(len(images)), strict=True))
    for place, row in enumerate(rows):
        if place not in answers:
            yield row
            continue
        answer = answers[place]
        probabilities = np.asarray(outputs.probabilities[answer], np.float64)
        yield PictureRow(
            row.name,
            label=predictor.class_names[int(probabilities.argmax())],
            probabilities=probabilities,
            is_digit=bool(outputs.is_digit[answer]),
            prepared=row.prepared,
        )
