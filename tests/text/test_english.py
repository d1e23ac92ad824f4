"""What is known of English: full stops after abbreviations, and addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.text.english import Addresses, may_be_abbreviation, stop_ends


def ends(before: str, after: str, starts: bool = False) -> bool | None:
    line = f"{before}.{after}"
    return stop_ends(before, line, len(before) + 1, lambda word: starts)


@pytest.mark.parametrize(
    ("before", "after", "right"),
    [
        ("Mr", " The", False),
        ("mr", " smith", False),
        ("Rep", " The", False),
        ("rep", " The", None),
        ("film", " The", None),
        ("No", " 7", False),
        ("No", " 7/10", None),
        ("No", " That", None),
        ("Vol", " II", False),
        ("Vol", " I", None),
        ("etc", " Great", True),
        ("etc", " great", False),
        ("etc", ") Great", True),
        ("etc", ":", False),
        ("etc", "", False),
        ("U.S", " The", True),
        ("U.S", " Army", False),
        ("U.S", ' "The', True),
        ("(U.S", ") The", True),
        ("J", " A. Smith", False),
        ("J", " A man", True),
        ("I", " The", None),
        ("R&B", " Smith", None),
        ("Jr", " It's", True),
        ("Ph", "D.", False),
        ("10p.m", " Then", True),
    ],
)
def test_the_words_on_both_sides_decide(before: str, after: str, right: bool | None) -> None:
    assert ends(before, after) is right


def test_what_was_learned_decides_of_other_words_with_a_capital() -> None:
    assert ends("Jr", " Great", starts=True) is True
    assert ends("Jr", " Great", starts=False) is False
    assert ends("Jr", " great", starts=True) is False
    assert ends("Mr", " Great", starts=True) is False


@given(st.sampled_from(["Mr", "etc", "U.S", "Jr", "J", "vs", "Ph.D"]), st.text(max_size=8))
def test_no_sentence_ends_before_a_word_without_a_capital(before: str, after: str) -> None:
    assert ends(before, f" so{after}", starts=True) is False


def test_what_may_be_an_abbreviation_is_asked_in_lower_case() -> None:
    assert may_be_abbreviation("rep") and may_be_abbreviation("etc")
    assert not may_be_abbreviation("great")


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (
            "See https://www.IMDb.Com/Title/tt1?a=B.C#d! Now",
            "https://www.IMDb.Com/Title/tt1?a=B.C#d",
        ),
        ("(www.Example.Org/A.B).", "www.Example.Org/A.B"),
        ("to J.Smith+x@Mail.Example.Com.", "J.Smith+x@Mail.Example.Com"),
        ("on News.Yahoo.com.Then it", "News.Yahoo.com"),
        ("open Read.Me.TXT now", "Read.Me.TXT"),
        ("It was great.Would buy", ""),
        ("the end.Common sense", ""),
    ],
)
def test_offsets_inside_addresses_are_known(line: str, address: str) -> None:
    start = line.find(address) if address else len(line)
    inside = set(range(start + 1, start + len(address)))
    for offsets in (range(len(line) + 1), range(len(line), -1, -1)):
        addresses = Addresses(line)
        assert {offset for offset in offsets if addresses.hold(offset)} == inside
