"""Texts with some words deleted, replaced, or kept alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from dlnlp.explain.substitutes import WHOLE
from dlnlp.inference.text_result import TextResult
from dlnlp.text.edits import delete_span, replace_span


@dataclass(frozen=True, slots=True)
class WordChange:
    """A word of a text that is deleted or replaced.

    Attributes:
        word: its number.
        new: what stands in its place; empty: nothing.
    """

    word: int
    new: str = ""


def changed_text(result: TextResult, changes: Sequence[WordChange]) -> str:
    """The text with some words deleted or replaced; white space is tidied.

    A new word gets the capitals of the old one; "can't" without its "n't" is "can".

    Args:
        result: what was read.
        changes: in any order.
    """
    text, spans = result.text, result.token_spans.tolist()
    changed = {change.word for change in changes}
    stems = [
        WordChange(change.word - 1, stem)
        for change in changes
        if not change.new and change.word - 1 not in changed
        for stem in [whole_stem(result, change.word)]
        if stem
    ]
    for change in sorted([*changes, *stems], key=lambda each: -each.word):
        start, end = spans[change.word]
        if change.new:
            text = replace_span(text, start, end, in_capitals_of(text[start:end], change.new))
        else:
            text = delete_span(text, start, end)
    return text


def whole_stem(result: TextResult, word: int) -> str:
    """The whole word that a contraction begins with: "can" for the "ca" of "can't".

    Args:
        result: what was read.
        word: number of the token.

    Returns:
        "" where the token is no "n't", or where the token before it is a whole word already.
    """
    if not 0 < word < len(result.tokens) or result.tokens[word] != "n't":
        return ""
    spans = result.token_spans
    return WHOLE.get(result.tokens[word - 1], "") if spans[word - 1, 1] == spans[word, 0] else ""


def kept_text(result: TextResult, words: Sequence[int]) -> str:
    """Some words of a text alone, in order, those of each sentence on a line of their own."""
    spans, owners = result.token_spans.tolist(), result.token_sentence.tolist()
    parts: list[str] = []
    for place, word in enumerate(words):
        start, end = spans[word]
        if place:
            before = words[place - 1]
            joined = before == word - 1 and spans[before][1] == start  # "do" and "n't"
            parts.append("\n" if owners[before] != owners[word] else "" if joined else " ")
        parts.append(result.text[start:end])
    return "".join(parts)


def in_capitals_of(old: str, new: str) -> str:
    """A word in lower case, written with the capitals of another: ``Good``, ``bad`` is ``Bad``."""
    if len(old) > 1 and old.isupper():
        return new.upper()
    return new.capitalize() if old[:1].isupper() else new
