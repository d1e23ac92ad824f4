"""Drawings as pixels and as texts: what goes in comes out, and nothing else does."""

import base64
import itertools
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.ui.mnist_cnn.drawing_canvas import GRID, MARGIN, Drawing, Stroke
from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.mnist_cnn.strokes import LONGEST_LINK, decode, encode, for_link, rasterize, simplified
from dlnlp.ui.shell.permalink import LinkError

PLACES = st.integers(-MARGIN, GRID + MARGIN)


@st.composite
def strokes(draw: st.DrawFn) -> Stroke:
    points = draw(st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=30))
    pressure = st.lists(st.integers(1, 100), min_size=len(points), max_size=len(points))
    return Stroke(
        draw(st.integers(20, 160)),
        tuple(itertools.chain.from_iterable(points)),
        tuple(draw(st.one_of(st.just([]), pressure))),
    )


DRAWINGS = st.lists(strokes(), max_size=8).map(tuple)


@given(DRAWINGS)
def test_round_trip(drawing: Drawing) -> None:
    text = encode(drawing)
    assert decode(text) == drawing
    assert text.replace("-", "").replace("_", "").isalnum()


@given(st.one_of(st.text(max_size=80), st.binary(max_size=60)))
def test_anything_else_is_refused_or_read(hostile: str | bytes) -> None:
    if isinstance(hostile, bytes):  # honest compression of nonsense
        hostile = base64.urlsafe_b64encode(zlib.compress(hostile)).decode().rstrip("=")
    try:
        assert isinstance(decode(hostile), tuple)
    except LinkError as error:
        assert "link" in str(error)


@given(DRAWINGS, st.data())
def test_damage_is_noticed(drawing: Drawing, data: st.DataObject) -> None:
    text = encode(drawing)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("Aa9_-%"))
    for damaged in (text[:place] + letter + text[place + 1 :], text[:place]):
        try:  # the last characters of base64 may carry unused bits
            assert decode(damaged) == drawing
        except LinkError:
            pass


@pytest.mark.parametrize(
    ("link", "drawing"),
    [
        ("eNpjZLLhmcOyhukA0wym24zTmdYxC3MJ72DewmbD8oS1gfUFuzoAnv8JhQ", EXAMPLES[0].drawing),
        (
            "eNpjZLSJesQpq21s6-jq7GhpqCrOzSKkoGNm5-Tm4mBlpCLBxSogzMAurKhram3vaAtUcILF3lxXUZiZS0rNyMbFz"
            "c3NwUJHQYiFW1Ld2NrR3f0E4xnmHkYbKxMdJTEuZkFpdUMAmmMScQ",
            EXAMPLES[5].drawing,
        ),
        (
            "eNpjZOphZJ_AfIPlBguIvM5i08PoL8J0nHGGIABp1gfM",
            (
                Stroke(140, (200, 200, 500, 500, 800, 200), (30, 100, 60)),
                Stroke(20, (-100, 1100)),
            ),
        ),
    ],
)
def test_links_of_the_older_form_still_open(link: str, drawing: Drawing) -> None:
    assert decode(link) == drawing
    for cut in range(len(link)):
        with pytest.raises(LinkError):
            decode(link[:cut])
    number = base64.urlsafe_b64encode(zlib.compress(b"\x01\x05\x3c")).decode().rstrip("=")
    with pytest.raises(LinkError):
        decode(number)


@pytest.mark.parametrize(
    "content",
    ["1", "[1]", '["ab"]', "[[60,[1],[2],[50],[3]]]", "[[60,[1,2],[2]]]", "[[60,[1.5],[2]]]",
     '[[60,["1"],["2"]]]', "[[60,[true],[2]]]", "[[60,[9999],[2]]]", "[[60,[],[]]]", "[" * 50_000,
     "[[60,[NaN],[2]]]", "[[200,[1],[2]]]"],
)  # fmt: skip
def test_json_that_is_no_drawing_is_refused(content: str) -> None:
    with pytest.raises(LinkError):
        decode(base64.urlsafe_b64encode(zlib.compress(content.encode())).decode().rstrip("="))


def test_a_bomb_is_not_unfolded() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(bytes(20_000_000), 9)).decode().rstrip("=")
    with pytest.raises(LinkError):
        decode(bomb)


def wavy(count: int, seed: int = 0) -> Stroke:
    t = np.linspace(0, 12, count)
    xy = np.stack([500 + 35 * t * np.cos(9 * t), 500 + 35 * t * np.sin(7 * t)], 1)
    xy = (xy + np.random.default_rng(seed).normal(0, 1.5, xy.shape)).round()
    return Stroke(60, tuple(xy.astype(int).ravel().tolist()))


def test_a_digit_is_short_and_a_long_drawing_still_fits_a_link() -> None:
    t = np.linspace(0, 2 * np.pi, 90)
    ring = np.stack([500 + 200 * np.cos(t), 500 + 300 * np.sin(t)], 1).round().astype(int)
    assert len(encode((Stroke(60, tuple(ring.ravel().tolist())),))) < 400
    long = tuple(wavy(1_300, seed) for seed in range(3))
    assert len(encode(long)) > LONGEST_LINK
    text = for_link(long)
    assert text is not None and len(text) <= LONGEST_LINK
    difference = rasterize(decode(text)).astype(int) - rasterize(long)
    assert np.abs(difference).mean() < 6


def test_noise_has_no_link() -> None:
    rng = np.random.default_rng(0)
    noise = tuple(Stroke(20, tuple(rng.integers(0, 1000, 80).tolist())) for _ in range(100))
    assert for_link(noise) is None


@given(strokes(), st.integers(1, 40))
def test_what_is_left_out_lies_near_what_stays(stroke: Stroke, tolerance: int) -> None:
    (simple,) = simplified((stroke,), tolerance)
    kept = np.array(simple.points, float).reshape(-1, 2)
    dense = [
        a + (b - a) * share
        for a, b in itertools.pairwise([*kept, kept[-1]])
        for share in np.linspace(0, 1, 300)
    ]
    for place in np.array(stroke.points, float).reshape(-1, 2):
        assert np.hypot(*(np.array(dense) - place).T).min() <= tolerance + 4.5
    assert simple.points[:2] == stroke.points[:2] and simple.points[-2:] == stroke.points[-2:]


def inked(drawing: Drawing, side: int) -> np.ndarray:
    """Shares of ink by the distance to the nearest line, computed at 6 x 6 points a pixel."""
    fine = (np.arange(6 * side) + 0.5) / (6 * side) * GRID
    x, y = np.meshgrid(fine, fine)
    ink = np.zeros_like(x, bool)
    for stroke in drawing:
        places = np.array(stroke.points, float).reshape(-1, 2)
        shares = stroke.pressure or (100,) * len(places)
        for (a, b), share in zip(itertools.pairwise([places[0], *places]), shares, strict=True):
            d = b - a
            along = ((x - a[0]) * d[0] + (y - a[1]) * d[1]) / max(d @ d, 1e-9)
            along = np.clip(along, 0, 1)
            apart = np.hypot(x - a[0] - along * d[0], y - a[1] - along * d[1])
            ink |= apart <= stroke.width * share / 200
    return ink.reshape(side, 6, side, 6).mean((1, 3))


@pytest.mark.parametrize(
    "drawing",
    [
        (),
        (Stroke(120, (500, 500)),),
        (Stroke(60, (200, 100, 800, 900, 200, 900)), Stroke(30, (100, 500, 900, 480))),
        (wavy(200),),
        (Stroke(140, (200, 200, 500, 500, 800, 200), (30, 100, 60)),),
        (Stroke(80, (-100, 500, 1100, 500)),),
    ],
)
def test_pixels_are_those_of_round_ended_lines(drawing: Drawing) -> None:
    picture = rasterize(drawing, 140)
    assert picture.shape == (140, 140) and picture.dtype == np.uint8
    ink = 1 - picture / 255
    expected = inked(drawing, 140)
    assert np.abs(ink - expected).mean() < 0.01
    assert (np.abs(ink - expected) > 0.6).mean() < 0.002


def test_a_point_at_the_edge_is_cut_off() -> None:
    picture = rasterize((Stroke(100, (-40, 500)),), 100)
    assert picture[50, 0] == 0 and picture[:, 2:].min() == 255
