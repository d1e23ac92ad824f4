"""From text to tokens: offsets, cleaning, limits, and what is shipped with the weights."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlnlp.text import Preprocessor, Sentence
from dlnlp.text.cleaning import clean
from dlnlp.text.punkt import PunktParameters
from dlnlp.text.rules import ENGLISH, LEARNED, RULES, TextRules

ROOT = Path(__file__).resolve().parents[2]
PUNKT = PunktParameters(abbrev_types=frozenset({"mr", "etc"}))
PREPROCESSOR = Preprocessor(PUNKT)
BOTH = pytest.mark.parametrize("rules", RULES.values(), ids=list(RULES))
PIECES = (
    "good Bad don't can't it's I'LL Mr. etc. so,so 3.5 9/10 A+ c- :) :-( <3 !!! ... ?? sooooo $$$$"
    " very.Good end.(yes) “quoted” ‘s ’t — İstanbul ŞİŞ ß é 很好 日本 😀 ☂ http://a.b/c?d=1 www.x.y"
    " <br /> <b> </b> <script>x</script> a<b <!-- c --> &amp; &lt;b&gt; &eacute; &#65; &#0; &nope;"
    " &hellip; &rsquo;s … …… U.S. No. J. ⭐ ⭐️ 👍🏽 🏽 1️⃣ 🇫🇷 ‼️ 👨‍👩‍👧 IMDb.Com x@y.Zz Ph.D."
    " \0 \x0b \ufeff \u2028 \ud800 \n \r\n \t ' \" - _ * ( ) . ! n't 's"
).split(" ")


def tokens_of(text: str, preprocessor: Preprocessor = PREPROCESSOR) -> list[list[str]]:
    return [list(sentence.tokens) for sentence in preprocessor(text)]


def slices_of(text: str) -> list[str]:
    return [text[a:b] for sentence in PREPROCESSOR(text) for a, b in sentence.spans]


TEXTS = st.lists(st.one_of(st.sampled_from([*PIECES, " ", " "]), st.text(max_size=3))).map("".join)


@BOTH
@settings(max_examples=300)
@given(text=TEXTS)
def test_spans_cut_each_token_out_of_the_text_as_given(rules: TextRules, text: str) -> None:
    position, preprocessor = 0, Preprocessor(PUNKT, rules=rules)
    for sentence in preprocessor(text):
        assert len(sentence.tokens) == len(sentence.spans) > 0
        assert position <= sentence.start <= sentence.spans[0][0]
        assert sentence.spans[-1][1] <= sentence.end <= len(text)
        position = sentence.start
        for token, (start, end) in zip(sentence.tokens, sentence.spans, strict=True):
            assert position <= start < end
            piece = text[start:end]
            if token[0] in "!?":  # Punkt cuts a run of these in two where nothing follows
                assert set(piece) == set(token)
            else:  # cut out and read alone, the piece is that token
                assert tokens_of(piece, preprocessor) == [[token]]
            position = end
        position = sentence.end


@BOTH
@settings(max_examples=300)
@given(text=TEXTS, max_words=st.integers(1, 6))
def test_the_fast_path_for_corpora_gives_the_same_tokens(
    rules: TextRules, text: str, max_words: int
) -> None:
    # Of a run of marks that begins a line, Punkt cuts more where no blank is before it.
    assume(rules is ENGLISH or not re.search(r"^\s+[.?!]", clean(text)[0], re.MULTILINE))
    preprocessor = Preprocessor(PUNKT, max_words, rules=rules)
    assert preprocessor.token_lists(text) == tokens_of(text, preprocessor)


@settings(max_examples=100)
@given(TEXTS, st.integers(0, 5))
def test_a_limit_only_stops_earlier(text: str, limit: int) -> None:
    assert PREPROCESSOR(text, limit) == PREPROCESSOR(text)[:limit]


def test_sentences_and_tokens_of_a_review() -> None:
    text = "I didn't like it. Mr. Bell's shop is GREAT!!!! 9/10, would buy again :)"
    first, second, third = PREPROCESSOR(text)
    assert first == Sentence(
        0,
        17,
        ("i", "did", "n't", "like", "it"),
        ((0, 1), (2, 5), (5, 8), (9, 13), (14, 16)),
    )
    assert text[second.start : second.end] == "Mr. Bell's shop is GREAT!!!!"
    assert second.tokens == ("mr", "bell", "'s", "shop", "is", "great", "!!")
    assert third.tokens == ("9/10", "would", "buy", "again", ":)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t ", []),
        ("-- ; ,", []),
        ("don’t “WAIT”", [["do", "n't", "wait"]]),
        ("can't won't shan't ain't it's we'll", [["ca", "n't", "wo", "n't", "sha", "n't", "ai",
                                                 "n't", "it", "'s", "we", "'ll"]]),
        ("soooooo goood!!!!! really??? wait..... $$$$$", [["sooo", "goood", "!!"],
                                                         ["really", "??"],
                                                         ["wait", "...", "$$"]]),
        ("see http://a.example/b?c=d, or www.example.org now", [["see", "<url>", "or", "<url>",
                                                                 "now"]]),
        ("10 3.5 1,000 9/10 24:15", [["10", "3.5", "1,000", "9/10", "24:15"]]),
        ("an a+ or C- grade", [["an", "a+", "or", "c-", "grade"]]),
        (":) :-( <3 ;D", [[":)", ":-(", "<3", ";d"]]),
        ("很好 ok 😀☂", [["很", "好", "ok", "😀", "☂"]]),
        ("Été à Zürich", [["été", "à", "zürich"]]),
        ("good\0bad\x0bnew\u2028line\u2029end", [["good", "bad"], ["new"], ["line"], ["end"]]),
        ("one\ntwo<br />three<BR>four<p>five</p>", [["one"], ["two"], ["three"], ["four"],
                                                   ["five"]]),
        ("<b>bold</b> a < b <script src='x'>alert</script>", [["bold", "a", "b", "alert"]]),
        ("fish &amp; chips&nbsp;now &lt;b&gt; caf&eacute; &#67;&#x44;", [["fish", "chips", "now",
                                                                        "b", "café", "cd"]]),
        ("It was great.Would buy!Always (all.)Yes", [["it", "was", "great"], ["would", "buy", "!"],
                                                    ["always", "all"], ["yes"]]),
        ("The U.S.A and e.g.this stay", [["the", "u", "s", "a", "and", "e", "g", "this", "stay"]]),
        ("<unk> <pad>", []),
    ],
)  # fmt: skip
def test_tokens_by_hand(text: str, expected: list[list[str]]) -> None:
    assert tokens_of(text) == expected


def test_offsets_hold_behind_entities_tags_and_control_characters() -> None:
    text = "<i>Fish</i> &amp; caf&eacute;\0was&nbsp;nice &hearts;. <br />Bye."
    assert slices_of(text) == ["Fish", "caf&eacute;", "was", "nice", "&hearts;", "Bye"]
    first, second = PREPROCESSOR(text)
    assert first.tokens == ("fish", "café", "was", "nice", "♥")
    assert text[second.start : second.end] == "Bye."


def test_capitals_that_grow_in_lower_case_move_no_offset() -> None:
    text = "İSTANBUL İİİ is GREAT"
    assert slices_of(text) == ["İSTANBUL", "İİİ", "is", "GREAT"]
    assert tokens_of(text)[0][2:] == ["is", "great"]


def test_long_sentences_continue_and_lose_nothing() -> None:
    text = "First one here. " + " ".join(f"Word{n}," for n in range(23)) + " end. Last."
    whole = Preprocessor(max_words=1000)(text)
    parts = Preprocessor(max_words=5)(text)
    assert [len(s.tokens) for s in whole] == [3, 47, 1]
    assert [len(s.tokens) for s in parts] == [3, *[5] * 9, 2, 1]
    assert [t for s in parts for t in s.tokens] == [t for s in whole for t in s.tokens]
    assert [t for s in parts for t in s.spans] == [t for s in whole for t in s.spans]
    assert (parts[1].start, parts[10].end) == (whole[1].start, whole[1].end)
    for left, right in zip(parts, parts[1:], strict=False):
        assert left.end <= right.start
        assert text[left.end : right.start].strip() == ""


def test_lines_that_are_too_long_are_cut_and_lose_nothing() -> None:
    text = "walking " * 9_000 + "\nend"  # 20,000 characters end inside a word
    assert [t for s in PREPROCESSOR(text) for t in s.tokens] == ["walking"] * 9_000 + ["end"]


def test_a_word_longer_than_a_line_may_be_is_cut() -> None:
    tokens = [t for s in PREPROCESSOR("no " + "ab" * 30_000) for t in s.tokens]
    assert tokens[0] == "no" and "".join(tokens[1:]) == "ab" * 30_000


@pytest.mark.parametrize("limits", [{"max_words": 0}, {"max_sentences": -1}])
def test_limits_below_one_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be >= 1"):
        Preprocessor(**limits)


@pytest.mark.parametrize(
    "piece",
    [".", "a", "a. ", "! ", "<br>", "a&amp;", "<", "<b", "&", "&#", "n't", "A.b", "aan't ", ". ",
     '"', "İ", "www.", "1,", "…", "Mr. ", "x@", "a.com", "No. ", "J.", "Ph.D", "\u200d⭐", "⭐️",
     "👍🏽", "1️⃣", "🇫🇷", "-.com", "e.A", "&eacute;", ":-", "\n", "a.A"],
)  # fmt: skip
def test_hostile_texts_take_bounded_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.perf_counter()
    sentences = PREPROCESSOR(text, limit=65)
    assert len(sentences) <= 65
    PREPROCESSOR.token_lists(text)
    assert time.perf_counter() - started < 20  # below 1 s where nothing else runs


@BOTH
def test_a_saved_preprocessor_is_the_same(rules: TextRules, tmp_path: Path) -> None:
    parameters = PunktParameters(
        frozenset({"mr", "é.g"}), frozenset({("st", "ives")}), frozenset({"the"}), {"the": 48}
    )
    path = tmp_path / "preprocessor.json"
    preprocessor = Preprocessor(parameters, 12, 7, rules)
    preprocessor.save(path)
    loaded = Preprocessor.load(path)
    assert loaded == preprocessor
    assert loaded.rules is rules
    again = path.read_bytes()
    preprocessor.save(path)
    assert path.read_bytes() == again


def test_a_file_of_format_1_names_no_rules_and_keeps_those_of_its_time() -> None:
    old = Preprocessor(PUNKT, rules=LEARNED).to_dict()
    assert (old["format"], "rules" in old) == (1, False)
    assert Preprocessor.from_dict(old).rules is LEARNED
    new = Preprocessor(PUNKT).to_dict()
    assert (new["format"], new["rules"]) == (2, ENGLISH.name)


@pytest.mark.parametrize(
    ("text", "learned", "english"),
    [
        ("See Dr. Ode now.", [["see", "dr"], ["ode", "now"]], [["see", "dr", "ode", "now"]]),
        ("Well… it was", [["well"], ["it", "was"]], [["well", "...", "it", "was"]]),
        ("a &hellip; &rsquo;s", [["a", "s"]], [["a", "...", "'s"]]),
        ("⭐⭐️ ok 👍🏽", [["ok", "👍", "🏽"]], [["⭐", "⭐", "ok", "👍"]]),
        ("‼ 1️⃣ 🇫🇷", [["1"]], [["‼", "1⃣", "🇫🇷"]]),
    ],
)
def test_rules_differ_in_what_they_say(
    text: str, learned: list[list[str]], english: list[list[str]]
) -> None:
    assert tokens_of(text, Preprocessor(PUNKT, rules=LEARNED)) == learned
    assert tokens_of(text, Preprocessor(PUNKT, rules=ENGLISH)) == english


def test_a_damaged_or_newer_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "preprocessor.json"
    good = Preprocessor().to_dict()
    damaged = [
        ("", "Expecting value"),
        ("[1]", "lacks or spoils"),
        ("\ufffe", "Expecting value"),
        (json.dumps(good | {"format": 3}), r"format 3 is none of \(1, 2\): update"),
        (json.dumps(good | {"rules": "latin"}), "rules 'latin' are none of learned, english: up"),
        (json.dumps(good | {"rules": [1]}), "lacks or spoils"),
        (json.dumps({k: v for k, v in good.items() if k != "rules"}), "lacks or spoils 'rules'"),
        (json.dumps({k: v for k, v in good.items() if k != "punkt"}), "lacks or spoils 'punkt'"),
        (json.dumps(good | {"punkt": {}}), "lacks or spoils 'abbrev_types'"),
        (json.dumps(good | {"punkt": None}), "lacks or spoils"),
        (json.dumps(good | {"max_words": None}), "lacks or spoils"),
        (json.dumps(good | {"max_words": 0}), "must be >= 1"),
    ]
    for content, message in damaged:
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match=message) as caught:
            Preprocessor.load(path)
        assert str(path) in str(caught.value)
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match="preprocessor.json"):
        Preprocessor.load(path)


def test_the_text_path_needs_only_numpy() -> None:
    code = (
        "import sys, numpy; before = set(sys.modules); import dlnlp.text; "
        "dlnlp.text.Preprocessor()('One. Two.'); "
        "print(*{m.split('.')[0] for m in set(sys.modules) - before})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) - sys.stdlib_module_names <= {"dlnlp", "numpy"}
