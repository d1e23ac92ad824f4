"""The table of arguments for and against."""

import re

from dlnlp.explain.evidence import Region
from dlnlp.ui.kim_cnn.regions import regions_html, strongest
from tests.ui.kim_cnn.kim_results import make_explained


def test_each_side_has_its_own_strongest_first() -> None:
    evidence = make_explained().evidence
    for positive in (True, False):
        side = [region.contribution for region in strongest(evidence, positive, 100)]
        assert all((value > 0) == positive for value in side)
        assert [abs(value) for value in side] == sorted(map(abs, side), reverse=True)
    both = len(strongest(evidence, True, 100)) + len(strongest(evidence, False, 100))
    assert both == sum(region.contribution != 0 for region in evidence.regions)
    assert strongest(evidence, True, 2) == strongest(evidence, True, 100)[:2]


def test_bars_are_on_the_given_scale_and_numbers_are_written() -> None:
    result = make_explained().result
    regions = [Region(0, 2, 1.5, (3, 4)), Region(1, 4, -0.75, (7,))]
    table = regions_html(result, regions, 1.5, "Speaks")
    assert re.findall(r"width:([\d.]+)%;background", table) == ["100.0", "50.0"]
    assert "+1.50" in table and "−0.75" in table and ">2</td>" in table
    assert "The film" in table and "film is VERY" in table


def test_the_visitors_words_are_escaped() -> None:
    result = make_explained("<script>alert(1)</script> good <img src=x onerror=alert(1)>").result
    everything = Region(0, len(result.tokens), 1.0, (0,))
    table = regions_html(result, [everything], 1.0, "<i>")
    tags = set(re.findall(r"<(\w+)", table))
    assert tags <= {"style", "table", "thead", "tbody", "tr", "th", "td", "span"}
