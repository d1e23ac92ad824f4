"""Edits change the word they name and no other; the diff finds what they changed."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dlnlp.examples.texts import FILMS, STARS
from dlnlp.text import Preprocessor
from dlnlp.text.edits import (
    MASK,
    MAX_REPLACEMENT,
    changed_spans,
    delete_span,
    mask_span,
    replace_span,
)
from dlnlp.text.vocabulary import UNKNOWN, Vocabulary

WEIGHTS = Path(__file__).resolve().parents[2] / "weights"
READ = Preprocessor(max_words=10_000)
PIECES = ["good", "it", "'s", "do", "n't", " ", " ", "\n", ".", ",", "!", "?", "...", '"', "("]
PIECES += [")", "-", "9/10", ":)", "<3", "电", "é", "🙂", "&amp;", "<br />", MASK, "a+", "A", "$"]
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def tokens(text: str) -> list[str]:
    return [token for sentence in READ(text) for token in sentence.tokens]


def spans(text: str) -> list[tuple[int, int]]:
    return [span for sentence in READ(text) for span in sentence.spans]


def delete(text: str, word: str) -> str:
    start = text.index(word)
    return delete_span(text, start, start + len(word))


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("a great film", "great", "a film"),
        ("Great film", "Great", "film"),
        ("a film", "film", "a"),
        ("a great, long film", "great", "a, long film"),
        ("so (great film)", "great", "so (film)"),
        ("a  great  film", "great", "a  film"),
        ("one\nGreat film", "Great", "one\nfilm"),
        ("the end\nNext", "end", "the\nNext"),
        ("one\n\ntwo\n\nthree", "two", "one\n\nthree"),
        ("do n't", "do", "n't"),
        ("don't", "n't", "do"),
        ("good🙂bad", "🙂", "good bad"),
        ("oh! well! no", "well", "oh! ! no"),
        ("only", "only", ""),
        ("  only  ", "only", ""),
    ],
)
def test_deleting_tidies_white_space(text: str, word: str, expected: str) -> None:
    assert delete(text, word) == expected


@pytest.mark.parametrize(
    ("text", "word", "new", "expected"),
    [
        ("a great film", "great", "bad", "a bad film"),
        ("it's", "'s", "is", "it is"),
        ("great!", "great", "  not \n great ", "not great!"),
        ("(great)", "great", "bad", "(bad)"),
        ("a great film", "great", " ", "a film"),
        ("it's good", "it", "he", "he's good"),
    ],
)
def test_replacing_keeps_words_apart(text: str, word: str, new: str, expected: str) -> None:
    start = text.index(word)
    assert replace_span(text, start, start + len(word), new) == expected


def test_a_long_replacement_is_cut() -> None:
    assert len(replace_span("a b", 0, 1, "x" * 10_000)) == MAX_REPLACEMENT + 2


@given(texts, st.integers(0, 20))
@example("good🙂good", 1)
@example("!?!", 1)
@example("9 it/10", 1)
def test_deleting_a_word_changes_no_other(text: str, number: int) -> None:
    found = spans(text)
    if not found:
        return
    start, end = found[number % len(found)]
    before = tokens(text[:start] + "\n" + text[end:])
    assert tokens(delete_span(text, start, end)) == before


@given(texts, st.integers(0, 20))
def test_a_masked_word_is_one_unknown_token_and_the_rest_stays(text: str, number: int) -> None:
    found = spans(text)
    if not found:
        return
    start, end = found[number % len(found)]
    before, after = tokens(text[:start]), tokens(text[end:])
    assert tokens(mask_span(text, start, end)) == [*before, MASK, *after]


def test_the_mask_is_in_no_shipped_vocabulary() -> None:
    files = sorted(WEIGHTS.glob("*/vocabulary.txt"))
    assert files
    for file in files:
        assert Vocabulary.load(file).encode([MASK]).tolist() == [UNKNOWN], file


def test_masking_keeps_the_sentences_of_the_examples() -> None:
    preprocessors = [Preprocessor.load(file) for file in WEIGHTS.glob("han_*/preprocessor.json")]
    for preprocessor in preprocessors:
        for review in (*STARS, *FILMS):
            text = review.text
            sentences = preprocessor(text)
            for number, sentence in enumerate(sentences):
                last = max(k for k, token in enumerate(sentence.tokens) if token.isalpha())
                masked = preprocessor(mask_span(text, *sentence.spans[last]))
                assert len(masked) == len(sentences)
                expected = [*sentence.tokens]
                expected[last] = MASK
                assert list(masked[number].tokens) == expected


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 5)])
def test_offsets_outside_the_text_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no part of a text of 4"):
        delete_span("good", start, end)
    with pytest.raises(ValueError, match="no part of a text of 4"):
        replace_span("good", start, end, "bad")


def marked(before: str, after: str) -> tuple[list[str], list[str]]:
    gone, come = changed_spans(before, after)
    return [before[a:b] for a, b in gone], [after[a:b] for a, b in come]


def test_diff_names_the_changed_words() -> None:
    assert marked("a good film, really", "a bad film") == (["good", ", really"], ["bad"])
    assert marked("one two three", "one two three") == ([], [])
    assert marked("great.", f"{MASK}.") == (["great"], [MASK])
    assert marked("", "new words") == ([], ["new words"])
    assert marked("x  y", "x\ny") == ([], [])
    assert marked("a b a b", "a b") == (["a b"], [])


@given(
    st.lists(st.sampled_from("abcde"), max_size=25), st.lists(st.sampled_from("abcde"), max_size=25)
)
def test_what_is_unmarked_is_the_same(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    gone, come = changed_spans(before, after)
    assert _without(before, gone) == _without(after, come)
    assert gone == sorted(gone) and come == sorted(come)


def _without(text: str, spans: list[tuple[int, int]]) -> list[str]:
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text.split()


def test_texts_that_differ_everywhere_are_not_compared_word_by_word() -> None:
    before = "same " + "good bad film " * 60_000 + "end"
    after = "same " + "bad good movie " * 60_000 + "end"
    gone, come = changed_spans(before, after)
    assert len(gone) == len(come) == 1
    assert before[gone[0][0] :].startswith("good") and before[gone[0][1] :] == " end"
