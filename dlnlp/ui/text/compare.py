"""Edit and compare: actions on a clicked word, and the kept version beside the current one."""

import html
from collections.abc import Callable, Sequence

import streamlit as st

from dlnlp.text import edits
from dlnlp.ui.shell.numbers import difference, probability, signed
from dlnlp.ui.shell.tables import table
from dlnlp.ui.text import versions
from dlnlp.ui.text.answers import Answer, prediction
from dlnlp.ui.text.review_page import ReviewPage

Read = Callable[[str], Answer | str]

# Longer texts are shown as excerpts around what changed.
WHOLE_CHARACTERS = 1_200
_AROUND = 160
MAX_EXCERPT = 4_000

_HELP = (
    "**Points** are percentage points of probability. The **logit** of a class is log p / (1 − p): "
    "it goes on counting where a probability near 0 or 100 % hardly moves."
)
_STYLE = """<style>
.versions{white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.65;font-size:.95rem}
.versions ins,.versions del{border-radius:.2rem;padding:.05em .1em}
.versions ins{background:rgba(43,127,217,.28);text-decoration:underline;
  text-underline-offset:.2em;font-weight:600}
.versions del{background:rgba(217,96,26,.28);text-decoration:line-through}
.versions .gap{opacity:.7}
</style>"""


def rerun_if_edited(page: ReviewPage, text: str) -> None:
    """Rerun the page if `text`, which this fragment draws, is no longer the page's text.

    A click inside a fragment reruns the fragment alone, with the arguments it was first given.
    """
    if versions.text(page) != text:
        st.rerun()


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return f"“{flat[:40]}…”" if len(flat) > 41 else f"“{flat}”"


def _delete(page: ReviewPage, text: str, start: int, end: int) -> None:
    versions.edit(page, edits.delete_span(text, start, end), f"Deleted {_short(text[start:end])}")


def _mask(page: ReviewPage, text: str, start: int, end: int) -> None:
    versions.edit(page, edits.mask_span(text, start, end), f"Masked {_short(text[start:end])}")


def _replace(page: ReviewPage, text: str, start: int, end: int) -> None:
    new = st.session_state.get(page.key("replacement")) or ""
    if new.strip():
        changed = edits.replace_span(text, start, end, new)
        what = f"{_short(text[start:end])} became {_short(new)}"
        versions.edit(page, changed, what)


def span_delete(page: ReviewPage, text: str, start: int, end: int, label: str) -> None:
    """Draw one button that deletes `text[start:end]`."""
    st.button(label, key=page.key("delete span"), on_click=_delete, args=(page, text, start, end))


def word_actions(page: ReviewPage, text: str, start: int, end: int) -> None:
    """Draw what can be done to the word `text[start:end]`: delete, mask, replace.

    Args:
        page: The page whose text it is.
        text: The text as drawn; the fragment around this begins with `rerun_if_edited`.
        start: Offset of the word.
        end: Offset after it.
    """
    arguments = (page, text, start, end)
    with st.container(
        horizontal=True, gap="small", vertical_alignment="center", key=page.key("actions")
    ):
        st.caption("Change it:", width="content")
        st.button("Delete", key=page.key("delete"), on_click=_delete, args=arguments)
        st.button(
            "Mask",
            key=page.key("mask"),
            on_click=_mask,
            args=arguments,
            disabled=text[start:end] == edits.MASK,
            help=f"Puts {edits.MASK} in its place. No vocabulary holds that sign, so the network "
            "reads an unknown word there. You can type it yourself.",
        )
        with (
            st.form(page.key("replace form"), clear_on_submit=True, border=False, width="content"),
            st.container(horizontal=True, gap="xsmall", vertical_alignment="center"),
        ):
            st.text_input(
                "Replace it with",
                key=page.key("replacement"),
                max_chars=edits.MAX_REPLACEMENT,
                placeholder="Replace with …",
                label_visibility="collapsed",
                width=150,
            )
            st.form_submit_button("Replace", on_click=_replace, args=arguments)


def marked_html(text: str, spans: Sequence[edits.Span], tag: str) -> str:
    """A version with its changed words marked, as HTML; every piece of it escaped.

    Args:
        text: The version.
        spans: Its changed words, in order.
        tag: "del" for what the other version lacks of the kept one, "ins" for what is new.

    Returns:
        The whole text, or of a long one the places around what changed.
    """
    windows = [(0, len(text))]
    if len(text) > WHOLE_CHARACTERS:
        windows = []
        for start, end in spans or [(0, 0)]:
            left, right = max(0, start - _AROUND), min(len(text), end + _AROUND)
            if windows and left <= windows[-1][1]:
                windows[-1] = (windows[-1][0], right)
            else:
                windows.append((left, right))
    gap, parts, room = '<span class="gap"> […] </span>', [], MAX_EXCERPT
    for left, right in windows:
        if room <= 0:
            break
        right = min(right, left + room)
        room -= right - left
        parts.append(gap if left > 0 else "")
        at = left
        for start, end in spans:
            start, end = max(start, left), min(end, right)
            if start < end:
                parts += [html.escape(text[at:start]), f"<{tag}>{html.escape(text[start:end])}"]
                parts.append(f"</{tag}>")
                at = end
        parts.append(html.escape(text[at:right]))
        parts.append(gap if right < len(text) and (left, right) == windows[-1] else "")
    return f'{_STYLE}<div class="versions" dir="auto">{"".join(parts)}</div>'


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
        st.caption("This version is kept. Type, or click a word below, and see what that changes.")
        return
    first, second = read(kept), read(now)
    if isinstance(first, Answer) and isinstance(second, Answer):
        row = changes(first, second)[0]
        st.markdown(
            f"Since the version you kept: {row['answer']} {row['kept']} → {row['now']}, "
            f"**{row['change']}**"
        )


def _version(title: str, answer: Answer | str, marked: str) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f"**{title}**")
        st.text(answer if isinstance(answer, str) else prediction(answer))
        st.html(marked)


def comparison(page: ReviewPage, read: Read) -> None:
    """Draw the kept version and the current one side by side; nothing when they do not differ.

    Args:
        page: The page.
        read: The network: a text to its answer, or to the sentence that says why there is none.
    """
    kept, now = versions.kept(page), versions.text(page)
    if kept is None or not versions.differ(page):
        return
    first, second = read(kept), read(now)
    gone, come = edits.changed_spans(kept, now)
    with st.container(key=page.key("comparison"), gap="small"):
        st.header("What your change did", anchor=False, help=_HELP)
        _buttons(page, kept)
        left, right = st.columns(2, gap="small")
        with left:
            _version("Kept", first, marked_html(kept, gone, "del"))
        with right:
            _version("Now", second, marked_html(now, come, "ins"))
        if isinstance(first, Answer) and isinstance(second, Answer):
            table(changes(first, second))


def _buttons(page: ReviewPage, kept: str) -> None:
    last = versions.to_undo(page)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if last is not None:
            st.button("Undo", key=page.key("undo"), on_click=versions.undo, args=(page,))
        st.button(
            "Back to the kept version",
            key=page.key("reset"),
            on_click=versions.edit,
            args=(page, kept, "Went back to the kept version"),
        )
        st.button("Stop comparing", key=page.key("stop"), on_click=versions.forget, args=(page,))
        if last is not None:
            st.text(f"Last: {last}.", width="content")
