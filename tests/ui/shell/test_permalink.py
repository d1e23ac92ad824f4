"""Links: what goes in comes out, and nothing else does."""

import base64
import zlib

import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.ui.shell.permalink import (
    MAX_TEXT,
    MAX_URL,
    LinkError,
    PageLink,
    decode_text,
    encode_text,
)


@given(st.text(max_size=500))
def test_round_trip(text: str) -> None:
    encoded = encode_text(text)
    assert encoded is not None
    assert decode_text(encoded) == text
    assert encoded.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=200))
def test_anything_else_is_refused_or_read(parameter: str) -> None:
    try:
        assert isinstance(decode_text(parameter), str)
    except LinkError as error:
        assert "link" in str(error)


@given(st.integers(0, 60), st.text(alphabet="abc_-9", min_size=1, max_size=1))
def test_damage_is_noticed(place: int, letter: str) -> None:
    encoded = encode_text("The sound is wonderful, but the battery died within a week.")
    assert encoded is not None
    damaged = encoded[:place] + letter + encoded[place + 1 :]
    if damaged != encoded:
        try:  # the last characters of base64 may carry unused bits
            assert decode_text(damaged) == decode_text(encoded)
        except LinkError:
            pass


def test_a_bomb_is_not_unfolded() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b"a" * 4_000_000, 9)).decode().rstrip("=")
    assert len(bomb) < 2 * MAX_URL
    with pytest.raises(LinkError):
        decode_text(bomb)


def test_cut_short_is_refused() -> None:
    encoded = encode_text("good " * 50 + "bad")
    assert encoded is not None
    with pytest.raises(LinkError):
        decode_text(encoded[:-4])


def test_long_texts_have_no_link() -> None:
    noise = "".join(chr(0x4E00 + (k * 7919) % 20000) for k in range(4000))
    assert encode_text(noise) is None
    assert encode_text("a" * (MAX_TEXT + 1)) is None
    assert encode_text("\ud800") is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_round_trip_beside_another_text(text: str, like: str) -> None:
    encoded = encode_text(text, like)
    assert encoded is not None
    assert decode_text(encoded, like) == text


def test_a_kept_version_without_its_text_is_refused() -> None:
    text = "a long enough text to be used as a dictionary"
    encoded = encode_text(text + "!", like=text)
    assert encoded is not None
    with pytest.raises(LinkError):
        decode_text(encoded)
    with pytest.raises(LinkError):
        decode_text(encoded, like="another text")


class AddressBar(dict[str, list[str]]):
    """What `st.query_params` does, for a page that no browser shows."""

    def get_all(self, name: str) -> list[str]:
        return self[name]


LINK = PageLink("page", ("model", "s"))


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> AddressBar:
    bar = AddressBar(model=["b"], s=["1", "2"], other=["x"])
    monkeypatch.setattr(streamlit, "query_params", bar)
    monkeypatch.setattr(streamlit, "session_state", {})
    return bar


def test_a_link_is_new_once_and_only_with_the_parameters_of_its_page(address: AddressBar) -> None:
    assert LINK.new() == {"model": ["b"], "s": ["1", "2"]}
    assert LINK.new() == {}
    address["model"] = ["c"]
    assert LINK.new() == {"model": ["c"], "s": ["1", "2"]}
    assert PageLink("another", ("none",)).new() == {}


def test_a_link_stays_until_something_else_is_shown(address: AddressBar) -> None:
    LINK.new()
    assert not LINK.leave_when_changed("view of the link")
    assert not LINK.leave_when_changed("view of the link")
    assert set(address) == {"model", "s", "other"}
    assert LINK.leave_when_changed("another view")
    assert set(address) == {"other"}
    assert not LINK.leave_when_changed("a third one")


def test_a_view_that_is_nothing_is_a_view(address: AddressBar) -> None:
    LINK.new()
    LINK.leave_when_changed(None)
    assert LINK.leave_when_changed("something")


def test_a_link_that_was_left_can_be_followed_again(address: AddressBar) -> None:
    before = LINK.new()
    LINK.leave()
    address.update(before)
    assert LINK.new() == before


def test_a_link_says_all_values_and_has_a_longest_length() -> None:
    link = LINK.url([("model", "b&c"), ("s", "1"), ("s", "2,3")])
    assert link == "/page?model=b%26c&s=1&s=2,3"
    assert LINK.url([("model", "b" * MAX_URL)]) is None


def test_an_address_that_follows_the_view_is_no_new_link(address: AddressBar) -> None:
    LINK.show({"model": ["c"]})
    assert address == {"model": ["c"], "other": ["x"]}
    assert LINK.new() == {}
    LINK.show({})
    assert address == {"other": ["x"]}
