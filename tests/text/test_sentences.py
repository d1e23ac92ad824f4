"""Cuts of a line by Punkt, by missing spaces and by what is known of English."""

import pytest

from dlnlp.text.punkt import PunktParameters, sentence_spans
from dlnlp.text.sentences import SentenceSplitter

PUNKT = PunktParameters(
    abbrev_types=frozenset({"mr"}), ortho_context={"great": 1 << 5, "brown": 1 << 5 | 1 << 2}
)
LEARNED, ENGLISH = SentenceSplitter(PUNKT, False), SentenceSplitter(PUNKT, True)


def cut(splitter: SentenceSplitter, line: str) -> list[str]:
    return [line[start:end] for start, end in splitter.spans(line)]


def test_without_english_and_missing_spaces_punkt_decides_alone() -> None:
    for line in ("Ask Dr. Ode. He knows.", "Good!!! Bye?!", "The U.S. Army etc. ", ""):
        assert list(LEARNED.spans(line)) == list(sentence_spans(line, PUNKT))


@pytest.mark.parametrize(
    ("line", "learned", "english"),
    [
        ("great.Would buy", ["great.", "Would buy"], ["great.", "Would buy"]),
        ("ask Mr.Bell", ["ask Mr.", "Bell"], ["ask Mr.Bell"]),
        ("a Ph.D. here", ["a Ph.", "D.", "here"], ["a Ph.D. here"]),
        ("see IMDb.Com now", ["see IMDb.", "Com now"], ["see IMDb.Com now"]),
        ("Wow!!!", ["Wow!!", "!"], ["Wow!!!"]),
        ("an etc. Great", ["an etc.", "Great"], ["an etc.", "Great"]),
        ("a Jr. Great", ["a Jr.", "Great"], ["a Jr.", "Great"]),
        ("a Jr. Brown", ["a Jr.", "Brown"], ["a Jr. Brown"]),
    ],
)
def test_english_joins_what_was_parted(line: str, learned: list[str], english: list[str]) -> None:
    assert cut(LEARNED, line) == learned
    assert cut(ENGLISH, line) == english


@pytest.mark.parametrize("splitter", [LEARNED, ENGLISH], ids=["learned", "english"])
@pytest.mark.parametrize(
    "line", ["great.Would buy", "a etc.) Great", "see IMDb.Com. Then", "no. 7"]
)
def test_ends_in_a_stretch_are_those_of_the_line(splitter: SentenceSplitter, line: str) -> None:
    stretch, following = line.split(" ")[-2:]
    start = len(line) - len(stretch) - len(following) - 1
    spans = list(splitter.spans(line))
    inside = [b for _, b in spans[:-1] if start < b <= start + len(stretch)]
    closing = ")" if stretch.endswith(")") else ""  # it counts to the sentence it closes
    assert [start + end + len(closing) for end in splitter.ends(stretch, following)] == inside


def test_a_word_ends_plainly_unless_it_may_be_an_abbreviation() -> None:
    assert LEARNED.ends_plainly("film") and ENGLISH.ends_plainly("film")
    assert LEARNED.ends_plainly("etc") and not ENGLISH.ends_plainly("etc")
    assert not LEARNED.ends_plainly("mr")
