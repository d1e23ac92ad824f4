"""Files to take away: harmless to open, complete to read."""

import csv
import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.scoring.csv_writing import table_csv
from dlnlp.ui.han.attention_text import view_data
from dlnlp.ui.han.attribution_text import attribution_data
from dlnlp.ui.han.methods import HanAttribution
from dlnlp.ui.text.exports import result_json, shaded_html, tokens_csv
from dlnlp.ui.text.highlighted_text import HighlightedTextData, ScaleData
from tests.ui.text.attention_results import make_result


def test_csv_holds_every_word() -> None:
    result = make_result('Good, "bad". Ugly', unknown=["ugly"])
    rows = list(csv.DictReader(io.StringIO(tokens_csv(result).decode("utf-8-sig"))))
    assert [row["text"] for row in rows] == ["Good", "bad", "Ugly"]
    assert [row["in_vocabulary"] for row in rows] == ["true", "true", "false"]
    assert [int(row["sentence"]) for row in rows] == [1, 1, 2]
    assert sum(float(row["word_x_sentence"]) for row in rows) == pytest.approx(1, abs=1e-4)


def test_cells_of_a_table_by_their_type() -> None:
    table = table_csv(
        ["a", "b", "c", "d"], [["=1\0", True, -3, 0.123456789], ["x,y", False, 0, 2.0]]
    )
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert rows[1:] == [["'=1", "true", "-3", "0.123457"], ["x,y", "false", "0", "2"]]


def test_html_of_a_diverging_scale_names_both_ends_and_needs_no_labels() -> None:
    data = view_data(make_result("good bad"), "within")
    data["scale"] = ScaleData(kind="diverging", title="Evidence", low="−2.00", high="+2.00")
    data["row_scale"] = None
    data["rows"][0]["label"] = ""
    page = shaded_html(data, "x").decode()
    assert "Evidence: orange −2.00, blue +2.00." in page
    assert "<b" not in page.split("<h1>")[1]


def test_json_offsets_point_into_the_text() -> None:
    result = make_result("Good film. Bad 🙂 sound")
    document = json.loads(result_json(result, "han_stars"))
    found = [document["text"][word["start"] : word["end"]].lower() for word in document["words"]]
    assert found == [word["token"] for word in document["words"]]
    assert sum(document["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    rows = list(csv.DictReader(io.StringIO(tokens_csv(result).decode("utf-8-sig"))))
    for name in ("sentence", "position"):  # counted alike in both files
        assert [word[name] for word in document["words"]] == [int(row[name]) for row in rows]
    assert [part["sentence"] for part in document["sentences"]] == [1, 2]


def _drawn(data: HighlightedTextData) -> list[str]:
    pieces = [piece for row in data["rows"] for piece in row["spans"]]
    return [piece if isinstance(piece, str) else piece["t"] for piece in pieces]


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
    data = view_data(make_result(text), "product")
    tags = _Tags()
    tags.feed(shaded_html(data, "verdict <b>").decode())
    assert tags.seen <= set("html head meta title style body h1 p div b span".split())
    sentence = "".join(_drawn(data))
    assert "".join(sentence.split()) in re.sub(r"\d+\.\d+ %|\s", "", tags.text)


def test_html_has_no_script_of_the_visitor() -> None:
    page = shaded_html(view_data(make_result("<script>alert(1)</script> good"), "within"), "x")
    assert b"<script" not in page
    assert b"&lt;" in page


def test_diverging_scales_keep_their_sides() -> None:
    data = view_data(make_result("good bad. one two"), "within")
    data["scale"] = {"kind": "diverging", "title": "Word", "low": "-2 no", "high": "+2 yes"}
    data["row_scale"] = {"kind": "diverging", "title": "Row", "low": "-3 no", "high": "+3 yes"}
    for row, side in zip(data["rows"], (-0.5, 0.5), strict=True):
        row["v"] = side
        for piece in row["spans"]:
            if not isinstance(piece, str):
                piece["v"] = -side
                piece["n"][1] = ""
    page = shaded_html(data, "x").decode()
    assert "Word: orange -2 no, blue +2 yes." in page
    assert "Row: orange -3 no, blue +3 yes." in page
    rows = page.split("<div>")[1:]
    assert rows[0].startswith('<b style="background:rgba(217,96,26,0.310)')
    assert rows[1].startswith('<b style="background:rgba(43,127,217,0.310)')
    assert rows[0].count("rgba(43,127,217,0.310)") == 2
    assert "compared with uniform" not in page  # an empty number is left out


def test_the_chosen_method_and_its_class_are_in_all_files() -> None:
    result = make_result("Good film. Bad.")
    words = np.array([0.5, -0.25, 0.125], np.float32)
    chosen = HanAttribution("integrated_gradients", words, np.array([0.25, 0.125]), 0.01)
    rows = list(
        csv.DictReader(io.StringIO(tokens_csv(result, chosen, "5 stars").decode("utf-8-sig")))
    )
    column = [float(row["integrated_gradients for 5 stars"]) for row in rows]
    assert column == [0.5, -0.25, 0.125]
    told = json.loads(result_json(result, "han_stars", chosen, "5 stars"))["explanation"]
    assert told["method"] == "integrated_gradients" and told["class"] == "5 stars"
    assert told["words"] == [0.5, -0.25, 0.125] and told["gap"] == 0.01
    attention = HanAttribution("within", result.word_attention, result.sentence_attention)
    assert tokens_csv(result, attention, "5 stars") == tokens_csv(result)
    assert json.loads(result_json(result, "m", attention, "x"))["explanation"]["class"] is None
    page = shaded_html(attribution_data(result, chosen, "<b>5</b>"), "v").decode()
    assert "integrated gradient" in page and "<b>5</b>" not in page
