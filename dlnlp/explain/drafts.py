"""Small changes of a text to try: drop a sentence, negate one, swap a word for its opposite.

A negation is put in or taken out only where a simple rule of English gives a sentence: behind a
form of *be* or another auxiliary that stands behind its subject, with *do* before a few verbs. No
rule takes a *not* out that other words depend on, as in *not only* or *not any*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dlnlp.explain.substitutes import WHOLE, known_opposites
from dlnlp.explain.word_changes import in_capitals_of
from dlnlp.inference.text_result import TextResult
from dlnlp.text.edits import delete_span, replace_span
from dlnlp.text.vocabulary import Vocabulary

DraftKind = Literal["drop", "negate", "swap"]
MOST = 40
"""Drafts of a kind, the first in the text."""

_BE_AND_MODALS = frozenset("am is are was were can could will would should must may might".split())
_SHORT_BE = frozenset("'s 're 'm".split())
# What "'s" is "is" behind, and never a genitive.
_PRONOUNS = frozenset("i you he she it we they that this there what".split())
_SUBJECTS = _PRONOUNS - {"that", "this", "there", "what"}
_BEFORE_NOT = _BE_AND_MODALS | _SHORT_BE | frozenset("do does did has have had shall".split())
_NEGATIONS = frozenset("not n't never no none nothing nobody neither nor cannot hardly".split())
# They need the negation that stands before them.
_NEEDS_NOT = frozenset("any anything anyone anybody at ever even yet either only just to".split())
_ASKING = frozenset("why how where when who what which".split())
# "has been": not "has" that owns something; "it 's been" is "it has been".
_NOT_BE = frozenset("been got had".split())
_PRESENT = frozenset("love like hate enjoy recommend want need regret trust understand".split())
_PAST = {
    "loved": "love",
    "liked": "like",
    "hated": "hate",
    "enjoyed": "enjoy",
    "worked": "work",
    "recommended": "recommend",
    "wanted": "want",
    "needed": "need",
    "laughed": "laugh",
    "regretted": "regret",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A changed text.

    Attributes:
        kind: what was done.
        sentence: number of the sentence.
        start: offset of what was changed.
        old: the words that were changed, as pasted.
        new: what stands in their place; empty: nothing.
        text: the whole changed text.
    """

    kind: DraftKind
    sentence: int
    start: int
    old: str
    new: str
    text: str


def drafts(result: TextResult, vocabulary: Vocabulary) -> list[Draft]:
    """Drafts of a text, of each kind the first `MOST`.

    Args:
        result: what a network read.
        vocabulary: its words: opposites that it does not know are left out.

    Returns:
        Drafts that differ from the text and from each other, in the order of kinds and of the text.
    """
    found: dict[str, Draft] = {result.text: Draft("drop", 0, 0, "", "", result.text)}
    for some in (_dropped(result), _negated(result), _swapped(result, vocabulary)):
        count = 0
        for draft in some:
            if draft.text not in found and draft.text.strip():
                found[draft.text] = draft
                count += 1
            if count == MOST:
                break
    return list(found.values())[1:]


def _dropped(result: TextResult) -> Iterator[Draft]:
    spans = result.sentence_spans.tolist()
    if len(spans) < 2:
        return
    for number, (start, end) in enumerate(spans):
        text = delete_span(result.text, start, end)
        yield Draft("drop", number, start, result.text[start:end], "", text)


def _swapped(result: TextResult, vocabulary: Vocabulary) -> Iterator[Draft]:
    owners, spans = result.token_sentence.tolist(), result.token_spans.tolist()
    for number, (token, (start, end)) in enumerate(zip(result.tokens, spans, strict=True)):
        for row in known_opposites(token, vocabulary)[:1]:
            old = result.text[start:end]
            new = in_capitals_of(old, vocabulary.words[row])
            text = replace_span(result.text, start, end, new)
            yield Draft("swap", owners[number], start, old, new, text)


def _negated(result: TextResult) -> Iterator[Draft]:
    """Each negation that can be taken out; in sentences without any, the first that fits."""
    owners = result.token_sentence.tolist()
    for sentence in range(len(result.sentence_spans)):
        first, last = owners.index(sentence), len(owners) - owners[::-1].index(sentence)
        words = range(first, last)
        if not _NEGATIONS.isdisjoint(result.tokens[first:last]):
            for word in words:
                yield from _without_not(result, words, word)
        else:
            if "?" in result.text[slice(*result.sentence_spans[sentence].tolist())]:
                continue  # a question has its words in another order
            for word in words:
                if draft := _with_not(result, words, word):
                    yield draft
                    break


def _draft(result: TextResult, first: int, last: int, new: str) -> Draft:
    """The words from `first` to `last` as `new`."""
    start, end = int(result.token_spans[first, 0]), int(result.token_spans[last, 1])
    old = result.text[start:end]
    new = in_capitals_of(old, new) if old[:1].isupper() else new
    text = result.text[:start] + new + result.text[end:]
    return Draft("negate", int(result.token_sentence[first]), start, old, new, text)


def _without_not(result: TextResult, words: range, word: int) -> Iterator[Draft]:
    tokens = result.tokens
    token, before = tokens[word], tokens[word - 1] if word > words.start else ""
    if not _NEEDS_NOT.isdisjoint(tokens[word + 1 : words.stop]) or word + 1 == words.stop:
        return
    if token == "cannot":
        yield _draft(result, word, word, "can")
    elif token == "n't" and (before in _BEFORE_NOT or before in WHOLE):
        yield _draft(result, word - 1, word, WHOLE.get(before, before))
    elif token == "not" and before in _BEFORE_NOT and _adjacent(result, word - 1):
        start, end = result.token_spans[word - 1].tolist()
        yield _draft(result, word - 1, word, result.text[start:end])


def _with_not(result: TextResult, words: range, word: int) -> Draft | None:
    if word == words.start or word + 1 >= words.stop:  # no subject, or nothing follows
        return None
    before, token, after = result.tokens[word - 1 : word + 2]
    start, end = result.token_spans[word].tolist()
    written = result.text[start:end]
    if before in _SUBJECTS:
        if token in _PAST:
            return _draft(result, word, word, f"did not {_PAST[token]}")
        if token in _PRESENT and before not in ("he", "she", "it"):
            return _draft(result, word, word, f"do not {token}")
    if not _adjacent(result, word) or after in _SUBJECTS or before in _ASKING:  # "how good is it"
        return None
    short = token in _SHORT_BE and before in _PRONOUNS and after not in _NOT_BE
    perfect = token in ("has", "have", "had") and after == "been"
    if token in _BE_AND_MODALS or short or perfect:
        return _draft(result, word, word, f"{written} not")
    return None


def _adjacent(result: TextResult, word: int) -> bool:
    """Whether only blanks stand between a word and the next."""
    end, start = int(result.token_spans[word, 1]), int(result.token_spans[word + 1, 0])
    between = result.text[end:start]
    return bool(between) and between.isspace()
