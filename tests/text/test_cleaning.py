"""Markup, entities and control characters go; every character that stays knows its place."""

import pytest

from dlnlp.text.cleaning import clean


def test_cleaning_maps_every_character_back() -> None:
    text = "a&eacute;<br>b\0&nope;"
    cleaned, offsets = clean(text)
    assert cleaned == "aé\nb &nope;"
    assert offsets is not None
    assert offsets[:5].tolist() == [[0, 1], [1, 9], [9, 13], [13, 14], [14, 15]]
    assert offsets[5:].tolist() == [[place, place + 1] for place in range(15, 21)]  # no entity
    assert clean("“plain” – text") == ('"plain" - text', None)


def test_an_ellipsis_is_three_stops_and_entities_are_as_typed() -> None:
    cleaned, offsets = clean("Well… it&rsquo;s&hellip;")
    assert cleaned == "Well... it's..."
    assert offsets is not None
    assert offsets[4:8].tolist() == [[4, 5]] * 3 + [[5, 6]]
    assert clean("Well… it", typography=False) == ("Well. it", None)
    assert clean("it&rsquo;s&hellip;", typography=False)[0] == "it’s…"


def test_an_escaped_tag_opens_none() -> None:
    assert clean("a&lt;b&gt;c&nbsp;d")[0] == "a b>c d"


@pytest.mark.parametrize("typography", [False, True])
def test_unknown_names_keep_the_places_of_their_characters(typography: bool) -> None:
    assert clean("&nope;/>", typography=typography) == ("&nope;/>", None)
    text, offsets = clean("&nope; &amp; b", typography=typography)
    assert text == "&nope; & b" and offsets is not None
    assert offsets[:7].tolist() == [[place, place + 1] for place in range(7)]
    assert offsets[7].tolist() == [7, 12]
    assert clean("&notit;)", typography=True) == ("&notit;)", None)
