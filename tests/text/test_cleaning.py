"""Markup, entities and control characters go; every character that stays knows its place."""

from dlnlp.text.cleaning import clean


def test_cleaning_maps_every_character_back() -> None:
    text = "a&eacute;<br>b\0&nope;"
    cleaned, offsets = clean(text)
    assert cleaned == "aé\nb &nope;"
    assert offsets is not None
    assert offsets[:5].tolist() == [[0, 1], [1, 9], [9, 13], [13, 14], [14, 15]]
    assert offsets[5:].tolist() == [[15, 21]] * 6  # no known entity: kept, and still one thing
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
