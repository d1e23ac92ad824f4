"""Are digits read in pictures as people bring them: cropped, soft, framed, photographed?

    DLNLP_DATA=... python -m benchmarks.digit_pictures [--digits 500] [--split test]

Each of MNIST's digits is drawn under each condition, goes through the bytes of a file,
`dlnlp.images.read_image`, `dlnlp.images.preprocess` and the shipped network. The table gives the
share that is read rightly (whatever the score "not a digit" says), the share in which no ink is
found, and the share flagged as no digit. Sheets with two digits and with none are at the end: there
a flag, or no ink, is right. Thresholds are chosen on `--split train`; test digits are for tables.
"""

import argparse
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.rerendered_digits import Rendering
from benchmarks.rerendered_digits import draw as rerendered
from dlnlp.artifacts import WEIGHTS
from dlnlp.datasets.mnist import read_mnist
from dlnlp.images import preprocess, read_image

if TYPE_CHECKING:
    from dlnlp.inference.digits import DigitPredictor

Pixels = NDArray[np.uint8]
Shares = NDArray[np.float64]  # of ink, in [0, 1]
Draw = Callable[[Pixels, np.random.Generator], Image.Image]

SHEET, SIDE = 280, 150  # pixels of a sheet, and of the digit's longer side on it
LARGE, BLUR = 200, 3  # pixels of a digit that is cropped and drawn softly
_NOISES = (1, 3, 6, 12)  # standard deviations of the grain of blank sheets


@dataclass(frozen=True)
class Found:
    """What was read under one condition: shares of its pictures."""

    condition: str
    right: float
    no_ink: float
    flagged: float


def cropped(digit: Pixels) -> Pixels:
    """The smallest box around all ink."""
    rows, columns = np.flatnonzero(digit.any(1)), np.flatnonzero(digit.any(0))
    return digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def enlarged(digit: Pixels, longer: int) -> Image.Image:
    """The cropped digit with a longer side of so many pixels, edges soft as MNIST's."""
    image = Image.fromarray(cropped(digit))
    scale = longer / max(image.size)
    size = [max(1, round(side * scale)) for side in image.size]
    return image.resize(size, Image.Resampling.BICUBIC)


def on_sheet(digit: Pixels, longer: int = SIDE) -> Shares:
    """The digit's ink in the middle of a sheet, float64 [SHEET, SHEET]."""
    image = enlarged(digit, longer)
    sheet = Image.new("L", (SHEET, SHEET))
    sheet.paste(image, ((SHEET - image.width) // 2, (SHEET - image.height) // 2))
    return np.asarray(sheet, np.float64) / 255


def coloured(shares: Shares, paper: float | Shares = 255, ink: float = 0) -> Image.Image:
    """Ink on paper."""
    return Image.fromarray(
        np.asarray(np.clip(paper + shares * (ink - paper) + 0.5, 0, 255), np.uint8)
    )


def soft(digit: Pixels) -> Image.Image:
    """Cropped, LARGE pixels, and blurred."""
    return enlarged(digit, LARGE).filter(ImageFilter.GaussianBlur(BLUR))


def pencil(shares: Shares, rng: np.random.Generator) -> Image.Image:
    """Grey strokes that leave out some of the paper's grain, and noise."""
    image = Image.fromarray(np.uint8(255 * shares)).filter(ImageFilter.GaussianBlur(1.5))
    covered = np.asarray(image, np.float64) / 255 * rng.uniform(0.7, 1, shares.shape)
    return coloured(covered, 228 + rng.normal(0, 3, shares.shape), 105)


def with_lines(
    digit: Pixels, draw: Callable[[ImageDraw.ImageDraw, int], None], width: int
) -> Image.Image:
    """A sheet with a digit and lines (drawn by `draw`, light on black, of that width)."""
    sheet = Image.fromarray(np.uint8(255 * on_sheet(digit)))
    draw(ImageDraw.Draw(sheet), width)
    return coloured(np.asarray(sheet, np.float64) / 255)


def framed(digit: Pixels, rng: np.random.Generator) -> Image.Image:
    """Inside a rectangle with a margin around it."""
    near, far = rng.integers(8, 45, 2), SHEET - 1 - rng.integers(8, 45, 2)
    box = tuple(map(int, (*near, *far)))
    return with_lines(
        digit, lambda pen, width: pen.rectangle(box, outline=255, width=width), _pen(rng)
    )


def circled(digit: Pixels, rng: np.random.Generator) -> Image.Image:
    """Inside an ellipse."""
    wide, high = rng.integers(112, 136, 2)
    middle = SHEET // 2
    box = tuple(map(int, (middle - wide, middle - high, middle + wide, middle + high)))
    return with_lines(
        digit, lambda pen, width: pen.ellipse(box, outline=255, width=width), _pen(rng)
    )


def underlined(digit: Pixels, rng: np.random.Generator) -> Image.Image:
    """A line under the digit, about level, apart from it."""
    bottom = int(np.flatnonzero(on_sheet(digit).any(1))[-1])
    y = bottom + int(rng.integers(10, 30))
    tilt = int(rng.integers(-4, 5))
    left, right = 80 - int(rng.integers(60)), 200 + int(rng.integers(60))
    return with_lines(
        digit,
        lambda pen, width: pen.line((left, y - tilt, right, y + tilt), fill=255, width=width),
        int(rng.integers(2, 9)),
    )


def with_axes(digit: Pixels, rng: np.random.Generator) -> Image.Image:
    """Between the axes of a plot, with their ticks."""
    left, bottom = (int(edge) for edge in (rng.integers(12, 45), SHEET - rng.integers(12, 45)))

    def draw(pen: ImageDraw.ImageDraw, width: int) -> None:
        pen.line((left, 10, left, bottom), fill=255, width=width)
        pen.line((left, bottom, SHEET - 10, bottom), fill=255, width=width)
        for place in range(30, 230, 40):
            pen.line((left - 6, bottom - place, left, bottom - place), fill=255, width=width)
            pen.line((left + place, bottom, left + place, bottom + 6), fill=255, width=width)

    return with_lines(digit, draw, _pen(rng))


def _pen(rng: np.random.Generator) -> int:
    return int(rng.integers(1, 6))


def penned(width: int) -> Draw:
    """Drawn along its centre line with a round pen of so many pixels."""
    how = Rendering(width, SHEET, True, 255, 0, 0.6, (0.5, 0.5))
    return lambda digit, rng: Image.fromarray(rerendered(digit, how))


def photographed(shares: Shares, rng: np.random.Generator) -> Image.Image:
    """Ink on paper in uneven light with a soft shadow, as a camera gives it."""
    large = Image.fromarray(np.uint8(255 * shares)).resize((560, 560), Image.Resampling.BICUBIC)
    covered = np.asarray(large, np.float64) / 255
    noisy = light(rng, covered.shape) + rng.normal(0, 4, covered.shape)
    return coloured(covered, noisy, 40)


def light(rng: np.random.Generator, shape: tuple[int, ...]) -> Shares:
    """The brightness of paper: falling off to one side, and darker beyond the edge of a shadow."""
    y, x = np.mgrid[: shape[0], : shape[1]] / max(shape)
    across = np.cos(angle := rng.uniform(0, 2 * np.pi)) * (x - 0.5) + np.sin(angle) * (y - 0.5)
    paper = 190 - rng.uniform(40, 120) * across
    shadow = 1 / (1 + np.exp(-(x + rng.uniform(-0.5, 0.5) * y - rng.uniform(0.3, 0.9)) / 0.02))
    return np.asarray(paper * (1 - 0.3 * shadow))


def pair(digit: Pixels, rng: np.random.Generator) -> Image.Image:
    """The digit twice, side by side: it has no right answer."""
    shares = on_sheet(digit)
    return coloured(np.concatenate([shares, shares], axis=1))


CONDITIONS: dict[str, Draw] = {
    "plain, 28 x 28 as in MNIST": lambda digit, rng: Image.fromarray(digit),
    "plain, dark on a light sheet": lambda digit, rng: coloured(on_sheet(digit)),
    "cropped": lambda digit, rng: Image.fromarray(cropped(digit)),
    "cropped, ten times larger": lambda digit, rng: enlarged(digit, 10 * max(cropped(digit).shape)),
    "cropped, 200 pixels, blurred": lambda digit, rng: soft(digit),
    "cropped, blurred, dark on grey": lambda digit, rng: coloured(_shares(soft(digit)), 130, 40),
    "pencil": lambda digit, rng: pencil(on_sheet(digit), rng),
    "pencil, cropped": lambda digit, rng: pencil(_shares(enlarged(digit, LARGE)), rng),
    "framed": framed,
    "circled": circled,
    "underlined": underlined,
    "axes of a plot": with_axes,
    "thin, 3 pixels of 280": penned(3),
    "thick, 30 pixels of 280": penned(30),
    "dark mode": lambda digit, rng: coloured(on_sheet(digit), 17, 235),
    "low contrast": lambda digit, rng: coloured(on_sheet(digit), 200, 170),
    "photo in uneven light": lambda digit, rng: photographed(on_sheet(digit), rng),
    "two digits": pair,
}


def blank(rng: np.random.Generator, place: int) -> Image.Image:
    """A sheet without ink: grain of several strengths, every other in uneven light."""
    shape = (SHEET, SHEET)
    paper = light(rng, shape) if place % 2 else np.full(shape, rng.uniform(60, 250))
    noise = rng.normal(0, _NOISES[place // 2 % len(_NOISES)], shape)
    return coloured(np.zeros(shape), paper + noise)


def _shares(image: Image.Image) -> Shares:
    return np.asarray(image, np.float64) / 255


def prepared(image: Image.Image, kind: str) -> NDArray[np.float32] | None:
    """The picture as the network reads it after a file of that kind; None where there is no ink."""
    stream = io.BytesIO()
    image.save(stream, kind)
    found = preprocess(read_image(stream.getvalue()))
    return None if found.empty else found.image


def measure(
    predictor: "DigitPredictor", images: Pixels, labels: NDArray[np.uint8], seed: int = 0
) -> list[Found]:
    """Draws and reads each digit under each condition, and as many sheets without a digit.

    Args:
        predictor: the network.
        images: uint8 [D, 28, 28].
        labels: uint8 [D].
        seed: of what is drawn by chance.
    """
    rows = []
    for condition, draw in CONDITIONS.items():
        rng = np.random.default_rng(seed)
        kind = "JPEG" if "photo" in condition else "PNG"
        pictures = [prepared(draw(digit, rng), kind) for digit in images]
        rows.append(_found(predictor, condition, pictures, labels))
    rng = np.random.default_rng(seed)
    sheets = [prepared(blank(rng, place), "PNG") for place in range(len(images))]
    rows.append(_found(predictor, "nothing but paper", sheets, labels))
    return rows


def _found(
    predictor: "DigitPredictor",
    condition: str,
    pictures: Sequence[NDArray[np.float32] | None],
    labels: NDArray[np.uint8],
) -> Found:
    there = [place for place, picture in enumerate(pictures) if picture is not None]
    right = flagged = 0
    if there:
        outputs = predictor.predict(np.stack([p for p in pictures if p is not None]))
        right = int((outputs.probabilities.argmax(1) == labels[there]).sum())
        flagged = int((~outputs.is_digit).sum())
    count = len(pictures)
    return Found(condition, right / count, 1 - len(there) / count, flagged / count)


def table(rows: Sequence[Found]) -> str:
    """The rows of `measure` as a table in percent."""
    lines = ["| picture | right | no ink | flagged |", "|---|---|---|---|"]
    for row in rows:
        shares = (f"{100 * share:.1f} %" for share in (row.right, row.no_ink, row.flagged))
        lines.append(f"| {row.condition} | {' | '.join(shares)} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.digit_pictures", description=__doc__
    )
    parser.add_argument("--digits", type=int, default=500)
    parser.add_argument("--split", choices=("train", "test"), default="test")
    options = parser.parse_args(arguments)
    from dlnlp.inference.digits import DigitPredictor

    split: Literal["train", "test"] = options.split
    digits = read_mnist(split)
    predictor = DigitPredictor.load(WEIGHTS / "mnist_cnn")
    rows = measure(predictor, digits.images[: options.digits], digits.labels[: options.digits])
    print(f"{options.digits} digits of MNIST ({split})\n\n{table(rows)}")


if __name__ == "__main__":
    main()
