"""Words of the sentences of plain lines against the path with offsets."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlnlp.text import Preprocessor
from dlnlp.text.plain_lines import PlainLines
from dlnlp.text.punkt import PunktParameters
from dlnlp.text.rules import ENGLISH, RULES, TextRules
from dlnlp.text.sentences import SentenceSplitter

PARAMETERS = PunktParameters(
    abbrev_types=frozenset({"mr", "u.s", "e.g", "etc", "min"}),
    collocations=frozenset({("st", "louis"), ("##number##", "street")}),
    sent_starters=frozenset({"the", "we"}),
    ortho_context={"the": 1 << 5 | 1 << 4, "service": 1 << 5, "smith": 1 << 2, "we": 1 << 5},
)
STRETCHES = (
    "a the The U.S. U.S Mr. Mr Smith St. Louis street Street service Service 5. 5 3.5 -1. film"
    " great. great! great!! great?! great... ... . .. ! ? !) .) ). ) \" ' \". .\" ' '--so --"
    ' great.Would a.b.c great." (great.) (great.)Yes great.)yes etc. e.g. e.g.this min. :) ;-).'
    " 9/10. A+. c- don't can't. n't. 's .'s www.a.b. http://a.b/c?d=1. $$$$. sooooo. X. J. R."
    ' No. no. no.) vs. etc.) etc.The etc.great Ph.D.: Ph.D U.S." (U.S.) p.m. IMDb.Com a@b.Cc.Dd'
    " imdb.Com.Then Mr.Smith I. I A. (J. the.\" (The \"The ( Don't don't 7/10 II Vol. ed."
).split(" ")
LINES = st.lists(
    st.one_of(st.sampled_from(STRETCHES), st.text(st.characters(codec="ascii"), max_size=4)),
    min_size=1,
    max_size=14,
).map(" ".join)


def plain_lines(punkt: PunktParameters, rules: TextRules = ENGLISH) -> PlainLines:
    return PlainLines(SentenceSplitter(punkt, rules.english), rules.words)


def by_offsets(line: str, punkt: PunktParameters, rules: TextRules) -> list[list[str]]:
    preprocessor = Preprocessor(punkt, max_words=10_000, rules=rules)
    return [list(sentence.tokens) for sentence in preprocessor(line)]


@settings(max_examples=500)
@given(LINES, st.sampled_from([PARAMETERS, PunktParameters()]), st.sampled_from([*RULES.values()]))
@example("great.", PARAMETERS, ENGLISH)
@example("", PARAMETERS, ENGLISH)
@example("  ", PARAMETERS, ENGLISH)
@example("great!!!", PARAMETERS, ENGLISH)
@example('Mr. Smith sat. Mr. service?! "No." he said. 5. Street etc. The end', PARAMETERS, ENGLISH)
@example("One. ' Two. ) -- Three. '--four .)", PARAMETERS, ENGLISH)
def test_sentences_are_those_of_the_path_with_offsets(
    line: str, punkt: PunktParameters, rules: TextRules
) -> None:
    if PlainLines.takes(line) and "<" not in line and "&" not in line and "`" not in line:
        assert list(plain_lines(punkt, rules).sentences(line)) == by_offsets(line, punkt, rules)


def test_what_was_seen_before_in_another_company_is_decided_anew() -> None:
    lines = plain_lines(PARAMETERS)
    assert list(lines.sentences("with Mr. Smith etc. The end etc. was good")) == [
        ["with", "mr", "smith", "etc"],
        ["the", "end", "etc", "was", "good"],
    ]
    assert list(lines.sentences("The end. etc. The")) == [["the", "end"], ["etc"], ["the"]]
    assert list(lines.sentences("good!! good!!")) == [["good", "!!"], ["good", "!!"]]


@pytest.mark.parametrize("line", ["a\tb", "a\xa0b", "é", "a\0", "\u3000"])
def test_other_lines_are_left_to_the_path_with_offsets(line: str) -> None:
    assert not PlainLines.takes(line)


@pytest.mark.parametrize("line", ["", " ", "a", "  a  b ", "...", "(!)"])
def test_lines_of_ascii_with_blanks_are_plain(line: str) -> None:
    assert PlainLines.takes(line)
