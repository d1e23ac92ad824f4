"""The description of a figure: all words, in order, on one scale; what changed; what it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.figures.figure import Figure
from dlnlp.figures.shaded import MAX_WORDS, shaded_figure
from tests.ui.text.attributions import make_attribution

CARD = {"card_sha256": "0123456789abcdef" * 4}


def words(figure: Figure, panel: int = 0) -> list[str]:
    pieces = [piece for row in figure.panels[panel].rows for piece in row.pieces]
    return [piece.text for piece in pieces if piece.shade is not None]


def text(figure: Figure, panel: int = 0) -> str:
    return "".join(piece.text for row in figure.panels[panel].rows for piece in row.pieces)


@given(st.text(min_size=1, max_size=60).filter(lambda given: any(map(str.isalnum, given))))
def test_a_figure_keeps_every_character_but_the_breaks_of_lines(given_text: str) -> None:
    try:
        attribution = make_attribution(given_text)
    except ValueError:
        return  # no word in it
    assert "".join(text(shaded_figure([attribution], "m", CARD)).split()) == "".join(
        given_text.split()
    )


def test_shades_are_those_of_the_numbers_and_numbers_stand_by() -> None:
    attribution = make_attribution("Good film. Bad end.", words=[2.0, -1.0, -4.0, 0.0])
    figure = shaded_figure([attribution], "kim_cnn", CARD, numbers=True)
    pieces = [piece for row in figure.panels[0].rows for piece in row.pieces]
    found = [(piece.shade, piece.number) for piece in pieces if piece.shade is not None]
    assert found == [(0.5, "+2.00"), (-0.25, "−1.00"), (-1.0, "−4.00"), (0.0, "±0.00")]
    assert figure.panels[0].words.numbers == ("−4.00", "+4.00")


def test_the_caption_names_network_hash_method_and_class() -> None:
    caption = shaded_figure([make_attribution()], "kim_cnn", CARD).caption
    for named in ("Kim CNN", "kim_cnn", "0123456789ab", "Gradient × input", "x_i . dl/dx_i"):
        assert named in caption
    assert "5 stars" in caption and "Shrikumar et al. (2016)" in caption


def test_what_stands_under_the_heading_is_said_to_be_the_prediction() -> None:
    panel = shaded_figure([make_attribution("A good film.")], "m", CARD).panels[0]
    assert panel.prediction.startswith("Prediction: ") and panel.prediction.endswith(" %")


def test_two_methods_in_one_unit_share_their_scale_and_others_do_not() -> None:
    first = make_attribution(words=[1.0] * 6)
    second = make_attribution(method="delete", words=[2.0] * 6)
    shared = shaded_figure([first, second], "m", CARD)
    shades = [panel.rows[0].pieces[0].shade for panel in shared.panels]
    assert shades == [0.5, 1.0] and "Both on one scale" in shared.caption
    assert len(shared.legends()) == 2
    apart = shaded_figure([first, make_attribution(method="within")], "m", CARD)
    assert len(apart.legends()) == 4 and "a scale of its own" in apart.caption


def test_before_and_after_an_edit_mark_what_changed() -> None:
    before, after = make_attribution("A good film. Yes."), make_attribution("A bad film. Yes.")
    figure = shaded_figure([before, after], "m", CARD, headings=["Before", "After"])
    changed = [
        {p.text: p.change for row in panel.rows for p in row.pieces if p.change}
        for panel in figure.panels
    ]
    assert changed == [{"good": "gone"}, {"bad": "new"}]
    assert [panel.heading for panel in figure.panels] == ["Before", "After"]
    assert any("Struck out" in note for note in figure.notes())


def test_what_is_not_drawn_is_told() -> None:
    long = make_attribution("Good film. " * (MAX_WORDS // 2 + 5))
    figure = shaded_figure([long], "m", CARD)
    assert len(words(figure)) == MAX_WORDS
    assert f"first {MAX_WORDS:,} of" in figure.panels[0].note
    marks = shaded_figure([make_attribution("a" + "!" * 9_999)], "m", CARD)
    assert len(text(marks)) < 400 and text(marks).endswith("…")


def test_one_or_two_attributions_make_a_figure() -> None:
    with pytest.raises(ValueError, match="1 or 2 attributions, not 3"):
        shaded_figure([make_attribution()] * 3, "m", CARD)


def test_an_empty_scale_has_no_shade() -> None:
    nothing = make_attribution("Good film.", words=[0.0, 0.0], sentences=[0.0])
    pieces = shaded_figure([nothing], "m", CARD).panels[0].rows[0].pieces
    assert np.allclose([piece.shade for piece in pieces if piece.shade is not None], 0)
