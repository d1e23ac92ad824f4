"""Pages of reviews do not share keys."""

from urllib.parse import parse_qs, urlsplit

import pytest

from dlnlp.ui.han.methods import HAN
from dlnlp.ui.shell.permalink import MAX_TEXT, MAX_URL, decode_text
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


def test_link_carries_everything() -> None:
    link = HAN.url({"model": "han_imdb", "shading": "raw"}, "Schön & gut?")
    assert link is not None and link.startswith("/han?")
    query = parse_qs(urlsplit(link).query)
    assert query["model"] == ["han_imdb"] and query["shading"] == ["raw"]
    assert decode_text(query["text"][0]) == "Schön & gut?"


def test_a_kept_version_that_shares_its_words_costs_little() -> None:
    words = [f"word{k * 7919 % 10_007}" for k in range(400)]
    now, kept = " ".join(words), " ".join([*words[:200], "changed", *words[201:]])
    plain = HAN.url({}, now)
    both = HAN.url({}, now, kept)
    assert plain is not None and both is not None
    assert len(both) < len(plain) + 100
    query = parse_qs(urlsplit(both).query)
    assert decode_text(query["kept"][0], like=decode_text(query["text"][0])) == kept


def test_a_kept_version_that_does_not_fit_makes_no_link() -> None:
    assert HAN.url({}, "short", "a" * (MAX_TEXT + 1)) is None
    parameters = {"model": "m" * MAX_URL}
    assert HAN.url(parameters, "short") is None


def test_its_links_know_each_setting() -> None:
    assert set(HAN.link.names) == {"model", *HAN.settings, "text", "kept"}
    assert HAN.link.page == "han"
