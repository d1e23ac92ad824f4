"""Bytes of every kind: the right pixels, or one sentence."""

import io
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dlnlp.images import reading
from dlnlp.images.reading import LONGEST_SIDE, ImageError, read_image

RAMP = np.add.outer(np.arange(40) * 3, np.arange(60) * 2).astype(np.uint8)
COLOURS = np.stack([RAMP, RAMP[::-1], RAMP[:, ::-1]], axis=-1)


def encoded(image: Image.Image | np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF", "WEBP"])
def test_grey_and_coloured_pictures_come_back(kind: str) -> None:
    lossless = {"lossless": True} if kind == "WEBP" else {}
    grey = read_image(encoded(RAMP, kind, **lossless))
    grey = grey if grey.ndim == 2 else grey[..., 1]
    np.testing.assert_array_equal(grey, RAMP)
    if kind != "GIF":  # a palette
        np.testing.assert_array_equal(read_image(encoded(COLOURS, kind, **lossless)), COLOURS)


def test_a_jpeg_comes_back_nearly() -> None:
    found = read_image(encoded(COLOURS, "JPEG", quality=95, subsampling=0))
    assert np.abs(found.astype(int) - COLOURS).mean() < 3


def test_modes_with_other_channels_and_depths() -> None:
    image = Image.fromarray(COLOURS)
    expected = COLOURS.astype(int)
    cmyk = read_image(encoded(image.convert("CMYK"), "TIFF"))
    assert np.abs(cmyk - expected).max() <= 2
    bits = read_image(encoded(Image.fromarray(RAMP > 100)))
    np.testing.assert_array_equal(bits, (RAMP > 100) * 255)
    deep = Image.fromarray(RAMP.astype(np.uint16) * 257)
    np.testing.assert_array_equal(read_image(encoded(deep)), RAMP)
    np.testing.assert_array_equal(read_image(encoded(deep, "TIFF")), RAMP)
    palette = image.convert("P", palette=Image.Palette.ADAPTIVE)
    np.testing.assert_array_equal(read_image(encoded(palette)), np.asarray(palette.convert("RGB")))


@pytest.mark.parametrize("low", [-1e300, 0.0, 5.0])
def test_numbers_of_any_range_are_stretched(low: float) -> None:
    high = -low if low < 0 else low + 1
    values = np.linspace(low, high, 200).reshape(10, 20)
    found = reading._stretched(np.where(values == values[3, 3], np.nan, values), low, high)
    assert found.dtype == np.uint8
    assert found[0, 0] == 0 and found[-1, -1] >= 254 and found[3, 3] == 0


def test_numbers_of_a_file_are_stretched_over_all_its_strips(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "_STRIP", 200)
    values = RAMP.astype(np.float32) * 1e20
    values[7, 7], values[8, 8] = np.nan, np.inf
    found = read_image(encoded(values, "TIFF"))
    expected = np.where(np.isfinite(values), RAMP * (255 / RAMP.max()), 0)
    assert np.abs(found - expected).max() <= 1
    assert not read_image(encoded(np.full((2, 3), np.inf, np.float32), "TIFF")).any()


def test_transparency_lies_over_white_or_over_black_if_it_would_vanish() -> None:
    ink = np.zeros((30, 30, 4), np.uint8)
    ink[10:20, 10:20, 3] = 255
    on_white = read_image(encoded(ink))
    assert (on_white[15, 15] == 0).all() and (on_white[0, 0] == 255).all()
    ink[..., :3] = 250
    on_black = read_image(encoded(ink))
    assert (on_black[15, 15] == 250).all() and (on_black[0, 0] == 0).all()
    half = read_image(encoded(Image.fromarray(ink).convert("LA")))
    assert (half[15, 15] == 250).all() and (half[0, 0] == 0).all()
    palette = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    palette.putpalette([9, 9, 9, 200, 0, 0])
    assert read_image(encoded(palette, transparency=0)).tolist() == [[[255] * 3, [200, 0, 0]]]


@pytest.mark.parametrize(
    ("orientation", "turned"),
    [
        (1, lambda a: a),
        (2, np.fliplr),
        (3, lambda a: np.rot90(a, 2)),
        (4, np.flipud),
        (5, lambda a: a.transpose(1, 0, 2)),
        (6, lambda a: np.rot90(a, -1)),
        (7, lambda a: np.rot90(a, 2).transpose(1, 0, 2)),
        (8, np.rot90),
        (99, lambda a: a),
    ],
)
def test_exif_turns_the_picture(orientation: int, turned: object) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind in ("PNG", "TIFF", "WEBP", "JPEG"):
        options = {"lossless": True} if kind == "WEBP" else {}
        if kind == "JPEG":
            options = {"quality": 100, "subsampling": 0}
        found = read_image(encoded(COLOURS, kind, exif=exif, **options))
        expected = turned(COLOURS)
        assert found.shape == expected.shape, kind
        assert np.abs(found - expected.astype(int)).mean() < (2 if kind == "JPEG" else 1e-9), kind


def test_strips_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (1900, 700, 3), np.uint8)
    whole = read_image(encoded(pixels, "BMP"))
    monkeypatch.setattr(reading, "_STRIP", 3000)
    np.testing.assert_array_equal(read_image(encoded(pixels, "BMP")), whole)
    np.testing.assert_array_equal(whole, np.asarray(Image.fromarray(pixels).reduce(3)))


def test_large_pictures_are_reduced_and_keep_their_proportions() -> None:
    for kind in ("PNG", "JPEG"):
        found = read_image(encoded(Image.new("L", (4000, 3000), 77), kind))
        assert max(found.shape) <= LONGEST_SIDE
        assert found.shape[1] / found.shape[0] == pytest.approx(4 / 3, rel=0.01)
        assert abs(int(found.mean()) - 77) <= 1
    strip = read_image(encoded(Image.new("L", (9_000, 1), 9)))
    assert strip.shape[0] == 1 and strip.shape[1] <= LONGEST_SIDE


@pytest.mark.parametrize("size", [(1, 10_001), (10_001, 1)])
def test_a_side_has_a_bound(size: tuple[int, int]) -> None:
    with pytest.raises(ImageError, match="side of 10001 pixels and at most 10000"):
        read_image(encoded(Image.new("1", size)))


def test_the_first_picture_of_an_animation_is_read() -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "WEBP", "TIFF", "PNG"):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)
        assert (read_image(data) == (255, 0, 0)).all()


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_PIXELS", 2000)
    with pytest.raises(ImageError, match=r"60 x 40 pixels and at most .* million"):
        read_image(encoded(RAMP))
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(ImageError, match="MB and at most"):
        read_image(encoded(RAMP))


def test_a_bomb_is_refused_by_its_header_without_decoding() -> None:
    data = encoded(Image.new("1", (30_000, 30_000)))
    assert len(data) < 200_000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own, where it only warns
        with pytest.raises(ImageError, match="pixels and at most 25 million"):
            read_image(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\x00" * 100, "no picture"),
        (b"hello", "no picture"),
        (b"%PDF-1.4", "no picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (encoded(COLOURS)[:-60], "damaged or cut off"),
        (encoded(COLOURS, "JPEG")[:-300], "damaged or cut off"),
    ],
)
def test_what_is_no_picture_is_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(ImageError, match=message) as caught:
        read_image(data)
    assert "\n" not in str(caught.value) and str(caught.value).endswith((".", ")"))


SEEDS = [encoded(COLOURS, kind) for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")]


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
    st.integers(0, 10_000),
)
def test_hostile_bytes_give_pixels_or_one_sentence(
    seed: bytes, changes: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(seed)
    for place, value in changes:
        data[place % len(data)] = value
    try:
        found = read_image(bytes(data[: max(1, end)]))
    except ImageError as error:
        assert "\n" not in str(error)
    else:
        assert found.dtype == np.uint8 and found.size > 0
        assert found.ndim == 2 or found.shape[2] == 3


@given(st.binary(max_size=300))
def test_any_bytes_give_pixels_or_one_sentence(data: bytes) -> None:
    with pytest.raises(ImageError):
        read_image(data)
