"""One filter's panel holds its own numbers and nobody's HTML."""

import re

import pytest

from dlnlp.explain.filter_reading import FilterReading, read_filter
from dlnlp.inference.filters import FilterEntry, FilterPhrase
from dlnlp.ui.kim_cnn.filter_view import (
    BINS,
    activation_picture,
    formula,
    formula_html,
    phrases_html,
    where_html,
)
from tests.ui.kim_cnn.kim_results import make_explained, tiny_predictor

HOSTILE = "<script>alert(1)</script> good <img src=x onerror=alert(1)> film & co"


def readings(text: str) -> list[FilterReading]:
    result, network = make_explained(text).result, tiny_predictor().runtime.network
    return [read_filter(result, network, k, 1) for k in range(len(network.output_weights))]


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("±", "").strip("()"))


@pytest.mark.parametrize("text", ["the film is very good but not great", "good", "zither zither"])
def test_the_line_is_a_true_sum(text: str) -> None:
    for reading in readings(text):
        match = re.fullmatch(
            r"max\(0, (.+)\) = max\(0, (\S+)\) = (\S+); (\S+) × (\S+) = (\S+)", formula(reading)
        )
        assert match is not None
        inside, value, pooled, again, weight, adds = match.groups()
        terms = [number(sign + term) for sign, term in re.findall(r"(−?) ?(\d+\.\d+)", inside)]
        assert len(terms) == reading.width + 1
        assert sum(terms) == pytest.approx(number(value), abs=0.04)
        assert number(pooled) == pytest.approx(max(number(value), 0)) == number(again)
        assert number(pooled) * number(weight) == pytest.approx(number(adds), abs=0.03)


def test_a_silent_filter_says_so() -> None:
    result = make_explained("zither zither").result
    for reading in readings("zither zither"):
        assert ("stays silent" in formula_html(result, reading)) == (reading.value <= 0)


@pytest.mark.parametrize("text", [HOSTILE, "good", "&lt;b&gt; <b>"])
def test_the_visitors_words_are_escaped(text: str) -> None:
    result = make_explained(text).result
    for reading in readings(text):
        page = where_html(result, reading) + formula_html(result, reading)
        tags = set(re.findall(r"<(\w+)", page))
        assert tags <= {"style", "p", "mark", "table", "tbody", "tr", "td", "span", "i"}


def test_the_region_is_marked_among_its_neighbours() -> None:
    text = " ".join(["the"] * 20 + ["excellent", "film"] + ["a"] * 20)
    result = make_explained(text).result
    for reading in readings(text):
        shown = re.sub(r"<style>.*</style>", "", where_html(result, reading), flags=re.S)
        (marked,) = re.findall(r"<mark>(.*?)</mark>", shown)
        assert marked.split() == list(result.tokens[reading.start : reading.stop])
        plain = re.sub(r"<[^>]+>", "", shown)
        assert ("… " in plain[:3]) == (reading.start > 7)


@pytest.mark.parametrize("words", [1, 3, 50])
def test_the_picture_has_one_coloured_bar_where_the_maximum_is(words: int) -> None:
    text = " ".join(["the", "good", "bad", "film", "awful"][k % 5] for k in range(words))
    for reading in readings(text):
        picture = activation_picture(reading)
        bars = [attributes for tag, attributes, _ in picture.shapes if tag == "rect"]
        coloured = [bar for bar in bars if "128,128,128" not in str(bar["fill"])]
        assert len(coloured) == (reading.pooled > 0) and len(bars) <= BINS
        if coloured:
            assert coloured[0]["height"] == max(bar["height"] for bar in bars)


def test_phrases_are_listed_and_escaped() -> None:
    entry = FilterEntry(3, 0.2, 0.1, (FilterPhrase("so <b> bad", 2.314, 7),))
    table = phrases_html(entry)
    assert "so &lt;b&gt; bad" in table and "2.31" in table
    assert "never fired" in phrases_html(FilterEntry(3, 0.0, 0.0, ()))
