"""Drawings of our own: the same digit, however it is drawn, gives the same picture."""

import io
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from scipy import ndimage

from dlnlp import datasets
from dlnlp.images import Preprocessed, Steps, preprocess, read_image
from dlnlp.images.placing import centre_of_mass
from tests.images.drawings import STROKES, draw

DIGITS = sorted(STROKES)
NAMES = ("ink", "background", "stroke", "crop", "scale", "center")


def likeness(one: Preprocessed, other: Preprocessed) -> float:
    """The cosine of two pictures, at the best shift by a pixel."""
    a = ndimage.gaussian_filter(one.image, 0.7)
    best = 0.0
    for shift in itertools.product((-1, 0, 1), repeat=2):
        b = ndimage.gaussian_filter(np.roll(other.image, shift, (0, 1)), 0.7)
        best = max(best, float((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum())))
    return best


@pytest.fixture(scope="module")
def plain() -> dict[str, Preprocessed]:
    return {digit: preprocess(draw(digit)) for digit in DIGITS}


def test_different_digits_are_told_apart_by_the_measure(plain: dict[str, Preprocessed]) -> None:
    pairs = itertools.combinations(DIGITS, 2)
    assert max(likeness(plain[a], plain[b]) for a, b in pairs) < 0.9


@pytest.mark.parametrize("digit", DIGITS)
def test_the_picture_is_placed_as_mnists(digit: str, plain: dict[str, Preprocessed]) -> None:
    for result in (plain[digit], preprocess(draw(digit, 640, pen=0.01, side=0.4))):
        assert not result.empty
        image = result.image
        assert image.shape == (28, 28) and image.dtype == np.float32
        assert image.min() == 0 and image.max() == 1
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        assert np.abs(np.subtract(centre_of_mass(image), 14)).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize(
    "how",
    [
        {"ink": 255, "paper": 0},
        {"ink": 90, "paper": 140},
        {"ink": 200, "paper": 60},
        {"place": (0.02, 0.02)},
        {"place": (0.3, 0.25), "side": 0.3},
        {"size": 1000},
        {"size": 97},
        {"ink": (200, 30, 30)},
        {"ink": (190, 0, 0), "paper": (0, 97, 0)},  # the same luminance
        {"ink": (255, 255, 90), "paper": (255, 255, 255)},
    ],
    ids=str,
)
def test_neither_colour_nor_place_nor_size_matters(
    digit: str, how: dict, plain: dict[str, Preprocessed]
) -> None:
    drawn = preprocess(draw(digit, **how))
    assert likeness(plain[digit], drawn) > 0.95
    light = np.mean(how.get("ink", 0)) > np.mean(how.get("paper", 255))
    assert drawn.note.startswith("Light ink on dark" if light else "Dark ink on light")


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("pen", [0.004, 0.02, 0.05, 0.17])
def test_stroke_width_does_not_matter(
    digit: str, pen: float, plain: dict[str, Preprocessed]
) -> None:
    drawing = draw(digit, 800, pen=pen)
    with_step, without = preprocess(drawing), preprocess(drawing, Steps(stroke=False))
    assert likeness(plain[digit], with_step) > 0.92
    if pen < 0.03:
        mass = plain[digit].image.sum()
        assert abs(with_step.image.sum() / mass - 1) < abs(without.image.sum() / mass - 1)


@pytest.mark.parametrize("digit", DIGITS)
def test_a_photo_with_uneven_light_grain_and_specks(
    digit: str, plain: dict[str, Preprocessed]
) -> None:
    rng = np.random.default_rng(3)
    size = 700
    y, x = np.mgrid[:size, :size] / size
    paper = 235 - 110 * x - 40 * y * y
    paper = paper * ndimage.gaussian_filter(np.where(x + 0.4 * y > 0.75, 0.7, 1.0), 12)  # a shadow
    drawn = draw(digit, size, side=0.5, paper=paper, ink=35).astype(float)
    for row, column in rng.integers(20, size - 20, (12, 2)):
        drawn[row : row + 4, column : column + 4] -= 60
    photo = np.clip(drawn + rng.normal(0, 4, drawn.shape), 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(photo).save(stream, "JPEG", quality=85)
    found = preprocess(read_image(stream.getvalue()))
    assert likeness(plain[digit], found) > 0.93
    assert "uneven light" in found.note
    without = preprocess(photo, Steps(background=False))
    assert likeness(plain[digit], without) < 0.8


@pytest.mark.parametrize("digit", ["2", "8", "9"])
@pytest.mark.parametrize("kind", ["ruled", "table", "shadow", "thick"])
def test_photos_as_people_take_them(digit: str, kind: str, plain: dict[str, Preprocessed]) -> None:
    y, x = np.mgrid[:600, :600] / 600
    paper = 225 - 60 * x
    how = {"side": 0.5}
    if kind == "ruled":
        paper[::45] -= 35
        paper[1::45] -= 35
    elif kind == "table":
        paper = np.where((x > 0.9) | (y > 0.93), 50, paper)
    elif kind == "shadow":
        paper = 220 * ndimage.gaussian_filter(np.where(x + 0.3 * y > 0.6, 0.45, 1.0), 3)
    else:
        how = {"side": 0.85, "pen": 0.16, "place": (0.1, 0.1)}
    photo = draw(digit, 600, paper=paper, ink=20, **how)
    photo = photo + np.random.default_rng(1).normal(0, 4, photo.shape)
    found = preprocess(np.clip(photo, 0, 255).astype(np.uint8))
    assert likeness(plain[digit], found) > 0.9
    assert "uneven light" in found.note


def test_light_ink_on_an_uneven_board(plain: dict[str, Preprocessed]) -> None:
    y, x = np.mgrid[:500, :500] / 500
    board = preprocess(draw("5", 500, paper=20 + 120 * x * y, ink=245))
    assert likeness(plain["5"], board) > 0.95
    assert board.note.startswith("Light ink")


def test_a_frame_around_the_picture_is_no_ink(plain: dict[str, Preprocessed]) -> None:
    framed = draw("3")
    framed[:3], framed[-3:], framed[:, :3], framed[:, -3:] = 0, 0, 0, 0
    assert likeness(plain["3"], preprocess(framed)) > 0.97


def test_a_stroke_apart_from_the_rest_stays() -> None:
    five = draw("5")
    top = five.copy()
    gap = int(280 * 0.15 + 0.7 * 280 * 0.2)
    top[gap : gap + 6] = 255  # the bar on top, cut off
    assert likeness(preprocess(five), preprocess(top)) > 0.93


def test_transparency_is_paper(plain: dict[str, Preprocessed]) -> None:
    for level in (0, 255):
        layered = np.full((280, 280, 4), level, np.uint8)
        layered[..., 3] = 255 - draw("4")
        assert likeness(plain["4"], preprocess(layered)) > 0.97


@pytest.mark.parametrize("level", [0, 1, 127, 254, 255])
def test_a_blank_picture_is_empty(level: int) -> None:
    for shape in ((1, 1), (280, 280), (3, 900, 3), (40, 30, 4)):
        blank = np.full(shape if len(shape) != 3 else shape[:3], level, np.uint8)
        result = preprocess(blank)
        assert result.empty and not result.image.any()
        assert "No ink" in result.note
        assert [step.name for step in result.steps] == ["ink"]


@pytest.mark.parametrize("grain", [0, 1, 3, 8, 16])
@pytest.mark.parametrize("blur", [0, 1, 3])
def test_grain_and_gentle_light_are_no_ink(grain: float, blur: float) -> None:
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:400, :400] / 400
    shadow = 1 - 0.3 / (1 + np.exp(-(x + 0.3 * y - 0.7) / 0.02))
    for paper in (np.full((400, 400), 200), 230 - 90 * x - 30 * y, 190 * shadow):
        noise = rng.normal(0, 1, (400, 400))
        noise = ndimage.gaussian_filter(noise, blur) if blur else noise
        noisy = np.clip(paper + grain * noise / noise.std(), 0, 255).astype(np.uint8)
        for sheet in (noisy, 255 - noisy, np.clip(noisy + 50.0, 0, 255).astype(np.uint8)):
            assert preprocess(sheet).empty


@pytest.mark.parametrize("digit", sorted(set(DIGITS) - {"1"}))  # an upright one leaves no paper
@pytest.mark.parametrize("kind", ["cropped", "enlarged", "soft", "grey"])
@pytest.mark.parametrize("dark", [True, False])
def test_digits_cropped_to_their_soft_ink_are_found(
    digit: str, kind: str, dark: bool, plain: dict[str, Preprocessed]
) -> None:
    pen = 0.17
    ink = Image.fromarray(255 - draw(digit, 280, pen=pen))
    image = ink.crop(ink.getbbox())
    if kind in ("cropped", "enlarged"):
        scale = 20 / max(image.size)
        image = image.resize([max(1, round(side * scale)) for side in image.size])
    if kind == "enlarged":
        image = image.resize([10 * side for side in image.size], Image.Resampling.BICUBIC)
    pixels = np.asarray(image, np.float64) / 255
    if kind in ("soft", "grey"):
        pixels = ndimage.gaussian_filter(pixels, 3)
    paper, full = (130, 40) if kind == "grey" else (255, 0)
    pixels = np.rint(paper + pixels * (full - paper)).astype(np.uint8)
    found = preprocess(pixels if dark else 255 - pixels)
    assert not found.empty
    assert found.note.startswith("Dark ink on light" if dark else "Light ink on dark")
    assert likeness(plain[digit], found) > 0.85


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("half", "lean", "bend"), [(1, 0.8, 0.6), (1.2, 0.3, 0.3), (1.2, 0.5, 0.3)]
)
def test_a_soft_stroke_that_fills_a_narrow_picture_is_ink(
    half: float, lean: float, bend: float, turned: bool
) -> None:
    y, x = np.mgrid[:160, :24] / 8  # of MNIST's pixels: 20 x 3
    stroke = np.abs(x - 1.5 - lean * (y / 10 - 1) - bend * np.sin(y / 3)) < half
    small = np.rint(255 * stroke.reshape(20, 8, 3, 8).mean((1, 3))).astype(np.uint8)
    large = Image.fromarray(small).resize((30, 200), Image.Resampling.BICUBIC)
    ink = np.rint(ndimage.gaussian_filter(np.asarray(large, np.float64), 3)).astype(np.uint8)
    assert not preprocess(ink.T.copy() if turned else ink).empty


@given(
    st.tuples(st.integers(1, 40), st.integers(1, 2000)),
    st.booleans(),
    st.sampled_from(["grain", "stroke", "blank"]),
    st.sampled_from(["L", "RGB", "RGBA"]),
)
@settings(max_examples=60)
def test_thin_pictures_of_any_size_are_prepared(
    size: tuple[int, int], turned: bool, kind: str, mode: str
) -> None:
    height, width = size[::-1] if turned else size
    pixels = np.full((height, width), 255, np.uint8)
    if kind == "grain":
        pixels = np.random.default_rng(width).integers(0, 256, (height, width), np.uint8)
    elif kind == "stroke":
        pixels[height // 3 : height // 3 + 1 + height // 4, width // 3 :: 2] = 0
    stream = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(stream, "PNG")
    found = preprocess(read_image(stream.getvalue()))
    assert found.image.shape == (28, 28) and np.isfinite(found.image).all()
    assert all(step.image.size for step in found.steps)


def test_steps_are_pictures_in_order_each_with_a_sentence() -> None:
    result = preprocess(draw("2", 1000, pen=0.02))
    assert tuple(step.name for step in result.steps) == NAMES
    for step in result.steps:
        assert step.image.dtype == np.uint8 and step.image.ndim == 2
        assert 1 <= max(step.image.shape) <= 280
        assert step.explanation.endswith(".") and "\n" not in step.explanation
        assert np.median(step.image) < 128 or step.name == "crop"  # light ink on black
    np.testing.assert_array_equal(
        result.image, result.steps[-1].image.astype(np.float32) / np.float32(255)
    )
    assert max(result.steps[4].image.shape) == 20
    thick = [float((step.image > 127).mean()) for step in result.steps[1:3]]
    assert thick[1] > 1.5 * thick[0]


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_step_that_is_off_changes_what_it_should(name: str) -> None:
    drawing = draw("7", 400, pen=0.03, side=0.3, place=(0.05, 0.6), paper=200, ink=60)
    whole, without = preprocess(drawing), preprocess(drawing, Steps(**{name: False}))
    assert not np.array_equal(whole.image, without.image)
    place = NAMES.index(name)
    for before in range(place):
        np.testing.assert_array_equal(whole.steps[before].image, without.steps[before].image)
        assert whole.steps[before].explanation == without.steps[before].explanation
    assert without.steps[place].explanation.startswith("Off")
    sides = [np.ptp(axis) + 1 for axis in np.nonzero(without.image > 0.1)]
    if name == "background":
        assert without.steps[1].image.min() > 0  # the paper's grey stays
    elif name == "stroke":
        assert without.image.sum() < whole.image.sum()
    elif name == "crop":
        assert max(sides) < 12
    elif name == "scale":
        assert min(sides) > 22  # stretched
    else:
        rows, columns = np.nonzero(without.image)
        assert abs(rows.min() - (27 - rows.max())) <= 1
        assert abs(columns.min() - (27 - columns.max())) <= 1


@given(st.lists(st.booleans(), min_size=5, max_size=5))
@settings(max_examples=20)
def test_any_steps_may_be_off(taken: list[bool]) -> None:
    result = preprocess(draw("9", 120, pen=0.02), Steps(*taken))
    assert result.image.shape == (28, 28) and result.image.max() > 0.3
    assert len(result.steps) == 6


@given(
    arrays.arrays(
        np.uint8,
        st.tuples(st.integers(1, 60), st.integers(1, 60))
        | st.tuples(st.integers(1, 30), st.integers(1, 30), st.sampled_from([3, 4])),
    ),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_any_pixels_give_a_picture(pixels: np.ndarray, taken: list[bool]) -> None:
    before = pixels.copy()
    result = preprocess(pixels, Steps(*taken))
    np.testing.assert_array_equal(pixels, before)
    assert result.image.shape == (28, 28) and result.image.dtype == np.float32
    assert np.isfinite(result.image).all()
    assert 0 <= result.image.min() and result.image.max() <= 1
    assert result.empty == (not result.image.any()) or not taken[4] or not taken[3]


@given(arrays.arrays(np.uint8, (24, 31)))
def test_grey_stored_as_colour_and_a_view_give_the_same(pixels: np.ndarray) -> None:
    image = preprocess(pixels).image
    np.testing.assert_array_equal(preprocess(np.stack([pixels] * 3, -1)).image, image)
    doubled = np.repeat(np.repeat(pixels, 2, 0), 2, 1)
    np.testing.assert_array_equal(preprocess(doubled[::2, ::2]).image, image)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((28, 28)),
        np.zeros((28, 28), np.int32),
        np.zeros(28, np.uint8),
        np.zeros((28, 28, 2), np.uint8),
        np.zeros((0, 28), np.uint8),
        np.zeros((1, 28, 28, 3), np.uint8),
    ],
    ids=lambda pixels: f"{pixels.dtype}{pixels.shape}",
)
def test_other_arrays_are_refused(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="A picture must"):
        preprocess(pixels)


@pytest.mark.skipif(datasets.find("mnist") is None, reason="needs MNIST (DLNLP_DATA)")
def test_mnists_own_digits_pass_almost_unchanged() -> None:
    from dlnlp.datasets.mnist import read_mnist

    digits = read_mnist("train").images[55_000:55_100]
    off = []
    for digit in digits:
        read = preprocess(digit, Steps(stroke=False)).image * 255
        off.append(np.abs(read - digit).sum() / digit.sum())
    assert np.median(off) < 0.06
