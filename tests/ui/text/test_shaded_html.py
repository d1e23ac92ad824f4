"""Shaded text as HTML: harmless to open, complete to read."""

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from dlnlp.figures.colours import hexadecimal, tint
from dlnlp.ui.shell.hues import hue
from dlnlp.ui.text.highlighted_text import HighlightedTextData, ScaleData
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.shaded_html import shaded_html, thumbnail
from dlnlp.ui.text.shaded_text import view_data
from tests.ui.text.attributions import make_attribution

NAMES = MethodText("Switch", "Number", "explained")


def data_of(text: str, method: str = "gradient_x_input") -> HighlightedTextData:
    attribution = make_attribution(text, method)
    told = ["told"] * len(attribution.words)
    return view_data(attribution, NAMES, columns={"more": told})


def test_html_of_a_diverging_scale_names_both_ends_and_needs_no_labels() -> None:
    data = data_of("good bad", "within")
    data["scale"] = ScaleData(
        kind="diverging", title="Evidence", low="−2.00", high="+2.00", numbers=("−2.00", "+2.00")
    )
    data["row_scale"] = None
    data["rows"][0]["label"] = ""
    page = shaded_html(data, "x").decode()
    assert "Evidence: orange −2.00, blue +2.00." in page
    assert "<b" not in page.split("<h1>")[1]


def _drawn(data: HighlightedTextData) -> list[str]:
    pieces = [piece for row in data["rows"] for piece in row["spans"]]
    return [piece if isinstance(piece, str) else piece["text"] for piece in pieces]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(
    st.text(alphabet="<>&\"'ab =/script.\n", min_size=1, max_size=80).filter(
        lambda t: any(c.isalpha() for c in t)
    )
)
def test_html_is_escaped(text: str) -> None:
    data = data_of(text, "product")
    tags = _Tags()
    tags.feed(shaded_html(data, "prediction <b>").decode())
    assert tags.seen <= set("html head meta title style body h1 p div b span".split())
    sentence = "".join(_drawn(data))
    assert "".join(sentence.split()) in re.sub(r"\d+\.\d+ %|\s", "", tags.text)


def test_html_has_no_script_of_the_visitor() -> None:
    page = shaded_html(data_of("<script>alert(1)</script> good", "within"), "x")
    assert b"<script" not in page
    assert b"&lt;" in page


def test_diverging_scales_keep_their_sides() -> None:
    data = data_of("good bad. one two", "within")
    numbers = ("", "")
    data["scale"] = ScaleData(
        kind="diverging", title="Word", low="-2 no", high="+2 yes", numbers=numbers
    )
    data["row_scale"] = ScaleData(
        kind="diverging", title="Row", low="-3 no", high="+3 yes", numbers=numbers
    )
    for row, side in zip(data["rows"], (-0.5, 0.5), strict=True):
        row["shade"] = side
        for piece in row["spans"]:
            if not isinstance(piece, str):
                piece["shade"] = -side
                piece["numbers"][1] = ""
    page = shaded_html(data, "x").decode()
    assert "Word: orange -2 no, blue +2 yes." in page
    assert "Row: orange -3 no, blue +3 yes." in page
    rows = page.split("<div>")[1:]
    speaks_for, against = (hexadecimal(tint(side, 0.5)) for side in ("for", "against"))
    assert rows[0].startswith(f'<b style="background:{against}"')
    assert rows[1].startswith(f'<b style="background:{speaks_for}"')
    assert rows[0].count(speaks_for) == 2
    assert "more told" not in page  # an empty number is left out


def test_attention_has_one_hue_for_words_and_one_for_sentences() -> None:
    data = data_of("good bad. one two", "within")
    page = shaded_html(data, "x").decode()
    for row in data["rows"]:
        assert hexadecimal(tint("sentence", row["shade"])) in page
        for piece in row["spans"]:
            assert isinstance(piece, str) or hexadecimal(tint("word", piece["shade"])) in page
    assert "Ochre: word: number" in page and "Violet: sentence: sum" in page


def test_a_thumbnail_is_the_text_shaded_and_escaped() -> None:
    picture = thumbnail(data_of("<b>good</b> bad"))
    assert "<b>" not in picture and picture.count("<span") == 4
    assert "title=" not in picture
    assert f"color-mix(in srgb,{hue('for')} " in picture or hue("against") in picture
    assert "&lt;b&gt;" in re.sub(r"</?span[^>]*>", "", picture).replace(" ", "")
