"""What a change of the text did: the kept version and the current one, word by word."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

import streamlit as st

from dlnlp.ui.shell.numbers import difference, probability, signed
from dlnlp.ui.text import versions
from dlnlp.ui.text.answers import Answer
from dlnlp.ui.text.highlighted_text import HighlightedTextData, SpanData
from dlnlp.ui.text.review_page import ReviewPage

Read = Callable[[str], Answer | str]

# Comparing word by word takes the product of both lengths.
_MAX_COMPARED = 2_000


def rerun_if_edited(page: ReviewPage, text: str) -> None:
    """Rerun the page if `text`, which this fragment draws, is no longer the page's text.

    A click inside a fragment reruns the fragment alone, with the arguments it was first given.
    """
    if versions.text(page) != text:
        st.rerun()


def same_words(kept: Sequence[str], now: Sequence[str]) -> list[int]:
    """For each word of the kept version its number in the current one, -1 where it is gone.

    Long texts that differ in many places count as changed from the first difference to the last.

    Args:
        kept: Words of the kept version.
        now: Words of the current one.
    """
    head = 0
    while head < min(len(kept), len(now)) and kept[head] == now[head]:
        head += 1
    tail = 0
    while tail < min(len(kept), len(now)) - head and kept[-1 - tail] == now[-1 - tail]:
        tail += 1
    gone, come = len(kept) - head - tail, len(now) - head - tail
    found = [*range(head), *[-1] * gone, *range(len(now) - tail, len(now))]
    if max(gone, come) <= _MAX_COMPARED:
        middle, other = kept[head : head + gone], now[head : head + come]
        matcher = SequenceMatcher(None, middle, other, autojunk=False)
        for block in matcher.get_matching_blocks():
            for offset in range(block.size):
                found[head + block.a + offset] = head + block.b + offset
    return found


def _words(view: HighlightedTextData) -> list[SpanData]:
    return [piece for row in view["rows"] for piece in row["spans"] if not isinstance(piece, str)]


def mark_changes(kept: HighlightedTextData, now: HighlightedTextData) -> None:
    """Mark the words that only one of two views holds, and let those of both light up together.

    Args:
        kept: View of the kept version; its words and sentences get the numbers that they have in
            the current one.
        now: View of the current version.
    """
    before, after = _words(kept), _words(now)
    places = same_words([word["text"] for word in before], [word["text"] for word in after])
    for word, place in zip(before, places, strict=True):
        word["index"] = place
        if place < 0:
            word["change"] = "gone"
    stayed = set(places)
    for place, word in enumerate(after):
        if place not in stayed:
            word["change"] = "new"
    owner = {
        piece["index"]: row["index"]
        for row in now["rows"]
        for piece in row["spans"]
        if not isinstance(piece, str)
    }
    for row in kept["rows"]:
        inside = [piece["index"] for piece in row["spans"] if not isinstance(piece, str)]
        found = [owner[place] for place in inside if place >= 0]
        row["index"] = max(set(found), key=found.count) if found else -1


def changes(kept: Answer, now: Answer) -> list[dict[str, str]]:
    """What changed between two answers of one network, as rows of a table."""
    names = now.class_names
    before, after = 100 * kept.probabilities, 100 * now.probabilities
    logit = now.log_odds - kept.log_odds
    rows = [
        {
            "answer": names[k],
            "kept": probability(kept.probabilities[k]),
            "now": probability(now.probabilities[k]),
            "change": f"{difference(before[k], after[k], 1)} points",
            "change of logit": signed(logit[k], 2),
        }
        for k in reversed(range(len(names)))
    ]
    if len(names) == 2:  # the other class only mirrors the first
        return rows[:1]
    if not now.counts_stars:
        return rows
    was, is_now = kept.expected_value, now.expected_value
    change = difference(was, is_now, 2)
    stars = {"kept": f"{was:.2f}", "now": f"{is_now:.2f}", "change": change}
    return [{"answer": "expected stars", **stars, "change of logit": ""}, *rows]


def change_line(page: ReviewPage, read: Read) -> None:
    """Draw in one line how the answer moved since the kept version; nothing when none is kept."""
    kept, now = versions.kept(page), versions.text(page)
    if kept is None:
        return
    if kept == now:
        st.caption("This version is kept. Change the text, and see what that does to the answer.")
        return
    first, second = read(kept), read(now)
    if isinstance(first, Answer) and isinstance(second, Answer):
        row = changes(first, second)[0]
        st.markdown(
            f"Since the version you kept: {row['answer']} {row['kept']} → {row['now']}, "
            f"**{row['change']}**"
        )
