"""Are digits that people draw large read as well as MNIST's own?

    DLNLP_DATA=... python -m benchmarks.rerendered_digits [--digits 3000] [--split test] [--hollow]

Draws MNIST's digits again, 280 to 1,000 pixels large: enlarged smoothly, or along their centre line
with a pen of 2 to 30 pixels; moved, scaled, dark on light or light on dark. Ink beyond the usual
width of the digit's strokes, as in a loop that ran full, is drawn too; `--hollow` leaves it out,
which turns the blot of a six into a dot. Each drawing goes through `dlnlp.images.preprocess` and
the shipped network. The table compares with the same digits plain.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import distance_transform_edt

from dlnlp import datasets
from dlnlp.artifacts import WEIGHTS
from dlnlp.commands.options import Parser, whole
from dlnlp.datasets.mnist import read_mnist
from dlnlp.images import preprocess
from dlnlp.images.shapes import centre_line

Pixels = NDArray[np.uint8]
# From float32 [B, 28, 28] to the predicted digits [B].
Classifier = Callable[[NDArray[np.float32]], NDArray[np.integer]]

PENS: tuple[int | None, ...] = (None, 2, 5, 10, 20, 30)  # pixels; None: enlarged, no pen
CANVASES = (280, 400, 640, 1000)
_FINE = 10  # pixels for one of MNIST's, where centre lines are found
_BLOT = 1.2  # ink is beyond the usual from this multiple of the digit's median half width


@dataclass(frozen=True)
class Rendering:
    """How a digit is drawn: pen and canvas in pixels, what the picture looks like."""

    pen: int | None
    canvas: int
    dark: bool
    paper: int
    ink: int
    share: float  # of the canvas that the digit's longer side takes
    place: tuple[float, float]  # 0: at the top or left, 1: at the bottom or right
    hollow: bool = False  # ink beyond the usual width of the digit's strokes is left out


def random_rendering(pen: int | None, rng: np.random.Generator, hollow: bool = False) -> Rendering:
    """A canvas, colours, a size and a place for a digit."""
    light, dark = int(rng.integers(190, 256)), int(rng.integers(0, 80))
    inverted = bool(rng.integers(2))
    paper, ink = (dark, light) if inverted else (light, dark)
    down, right = rng.uniform(0, 1, 2)
    return Rendering(
        pen=pen,
        canvas=int(rng.choice(CANVASES)),
        dark=not inverted,
        paper=paper,
        ink=ink,
        share=rng.uniform(0.45, 0.9),
        place=(float(down), float(right)),
        hollow=hollow,
    )


def draw(digit: Pixels, how: Rendering) -> Pixels:
    """Draws a digit of MNIST.

    Args:
        digit: uint8 [28, 28].
        how: what the drawing looks like.

    Returns:
        uint8 [canvas, canvas].
    """
    side = how.canvas * how.share
    covered = (
        _enlarged(digit, side) if how.pen is None else _penned(digit, side, how.pen, how.hollow)
    )
    field = np.full((how.canvas, how.canvas), how.paper, np.uint8)
    space = [how.canvas - covered.shape[axis] for axis in (0, 1)]
    top, left = (round(share * room) for share, room in zip(how.place, space, strict=True))
    region = field[top : top + covered.shape[0], left : left + covered.shape[1]]
    region[:] = np.rint(how.paper + covered * (how.ink - how.paper))
    return field


def _box(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _enlarged(digit: Pixels, side: float) -> NDArray[np.float64]:
    """Share of ink of each pixel of the digit with sharp, smooth outlines."""
    scale = side / max(digit[_box(digit > 0)].shape)
    size = round(digit.shape[0] * scale)
    large = np.asarray(Image.fromarray(digit).resize((size, size), Image.Resampling.BICUBIC))
    # The outline is where the ink is half; from there the edge is one pixel wide.
    slope = scale / 255
    covered = np.clip((large.astype(np.float64) - 127.5) * slope + 0.5, 0, 1)
    return covered[_box(covered > 0)]


def _penned(digit: Pixels, side: float, pen: int, hollow: bool) -> NDArray[np.float64]:
    """Share of ink of each pixel of the digit drawn along its centre line with a round pen."""
    size = digit.shape[0] * _FINE
    large = np.asarray(Image.fromarray(digit).resize((size, size), Image.Resampling.BICUBIC))
    line = centre_line(large > 127)
    box = _box(line)
    line, widths = line[box], distance_transform_edt(large > 127)[box]
    beyond = np.maximum(widths - _BLOT * np.median(widths[line]), 0) * (not hollow)
    reach = int(beyond[line].max())
    scale = (side - pen) / (max(line.shape) + 2 * reach)
    margin = pen // 2 + 2 + int(np.ceil(reach * scale))
    height, width = (int(np.ceil(extent * scale)) + 2 * margin for extent in line.shape)
    image = Image.new("1", (width, height), 1)
    pencil = ImageDraw.Draw(image)
    for start, end in _links(line):
        ends = [(x * scale + margin, y * scale + margin) for y, x in (start, end)]
        pencil.line(ends, fill=0)
    for y, x in np.argwhere(line & (beyond > 0)):
        pencil.circle((x * scale + margin, y * scale + margin), beyond[y, x] * scale, fill=0)
    away = distance_transform_edt(np.asarray(image))
    return np.clip(pen / 2 - away + 0.5, 0, 1)


def _links(line: NDArray[np.bool_]) -> Iterable[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of neighbouring pixels of a line one pixel wide; a lonely one with itself."""
    points = {(int(y), int(x)) for y, x in np.argwhere(line)}
    for y, x in sorted(points):
        yield (y, x), (y, x)
        for neighbour in ((y, x + 1), (y + 1, x - 1), (y + 1, x), (y + 1, x + 1)):
            if neighbour in points:
                yield (y, x), neighbour


def compare(
    classify: Classifier,
    images: Pixels,
    labels: NDArray[np.uint8],
    seed: int = 0,
    hollow: bool = False,
) -> list[tuple[str, int, float, float]]:
    """Reads digits plain and drawn again, each once, with one pen after the other.

    Args:
        classify: the network.
        images: uint8 [D, 28, 28].
        labels: uint8 [D].
        seed: of what is drawn by chance.
        hollow: whether blots are left out.

    Returns:
        For each variation: its name, the number of drawings, accuracy drawn again, and accuracy of
        the same digits plain.
    """
    rng = np.random.default_rng(seed)
    hows = [random_rendering(PENS[place % len(PENS)], rng, hollow) for place in range(len(images))]
    pairs = zip(images, hows, strict=True)
    drawn = np.stack([preprocess(draw(digit, how)).image for digit, how in pairs])
    correct = classify(drawn) == labels
    unchanged = classify(images.astype(np.float32) / 255) == labels
    groups = {"all": np.ones(len(hows), np.bool_)}
    for pen in PENS:
        name = "enlarged, no pen" if pen is None else f"pen of {pen} pixels"
        groups[name] = np.array([how.pen == pen for how in hows])
    for canvas in CANVASES:
        groups[f"canvas of {canvas} pixels"] = np.array([how.canvas == canvas for how in hows])
    for dark, name in ((True, "dark on light"), (False, "light on dark")):
        groups[name] = np.array([how.dark == dark for how in hows])
    return [
        (name, int(group.sum()), float(correct[group].mean()), float(unchanged[group].mean()))
        for name, group in groups.items()
    ]


def read_digits(split: str) -> tuple[Pixels, NDArray[np.uint8]]:
    """MNIST's digits: those of `test`, or of `validation` (the last 5,000 of train)."""
    if split == "test":
        digits = read_mnist("test", datasets.locate("mnist"))
        return digits.images, digits.labels
    digits = read_mnist("train", datasets.locate("mnist"))
    return digits.images[55_000:], digits.labels[55_000:]


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.rerendered_digits", description=__doc__)
    parser.add_argument("--digits", type=whole(), default=3000)
    parser.add_argument("--split", choices=("test", "validation"), default="test")
    parser.add_argument("--hollow", action="store_true", help="leave blots out")
    options = parser.parse_args(arguments)
    from dlnlp.inference.digits import DigitPredictor

    predictor = DigitPredictor.load(WEIGHTS / "mnist_cnn")
    images, labels = read_digits(options.split)
    rows = compare(
        lambda batch: predictor.predict(batch).probabilities.argmax(1),
        images[: options.digits],
        labels[: options.digits],
        hollow=options.hollow,
    )
    print(table(rows))


def table(rows: Iterable[tuple[str, int, float, float]]) -> str:
    """The rows of `compare` as text: percentages and their difference in points."""
    lines = [f"{'':<24}{'drawings':>10}{'drawn again':>13}{'plain':>9}{'difference':>12}"]
    for name, count, drawn, plain in rows:
        lines.append(
            f"{name:<24}{count:>10,}{100 * drawn:>11.2f} %{100 * plain:>7.2f} %"
            f"{100 * (drawn - plain):>+12.2f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
