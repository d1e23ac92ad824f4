"""Pages of reviews do not share keys."""

import pytest

from dlnlp.ui.han.methods import HAN
from dlnlp.ui.text.review_page import ReviewPage


def test_keys_carry_the_page_and_stay_what_links_and_styles_know() -> None:
    assert (HAN.text, HAN.model, HAN.setting("shading")) == ("han_text", "han_model", "han_shading")
    assert ReviewPage("other").text == "other_text"


def test_a_setting_must_exist_and_have_values() -> None:
    with pytest.raises(KeyError):
        HAN.setting("colour")
    for name in ("text", "model", "kept"):
        with pytest.raises(ValueError, match=name):
            ReviewPage("page", {name: ("a",)})
    with pytest.raises(ValueError, match="method"):
        ReviewPage("page", {"method": ()})
