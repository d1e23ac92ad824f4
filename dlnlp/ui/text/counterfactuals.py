"""The part "What would change it": the fewest words that decide, and small changes to try."""

from typing import Any, TypedDict

import streamlit as st

from dlnlp.explain.targets import quantity, target_name
from dlnlp.inference import TextPredictor
from dlnlp.inference.text_result import TextResult
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.parts import COMPARE
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import class_bars, compare, review_work, versions
from dlnlp.ui.text.answers import answer_of
from dlnlp.ui.text.counterfactual_job import CounterfactualJob, forget, job_of
from dlnlp.ui.text.counterfactual_text import CardData, card, pending, what
from dlnlp.ui.text.draft_text import GroupData, draft_groups, draft_what
from dlnlp.ui.text.method_text import KEPT
from dlnlp.ui.text.review_page import ANY_OTHER, ReviewPage

EVERY = 0.5
# A page or two: every text that is found is read as a whole, and all drafts are kept.
MOST_CHARACTERS = 20_000
_PARTS = 5  # of a job: the drafts, and four searches
_HELP = (
    "Every changed text is read by the network: no effect is estimated, and what is shown was read "
    "once more as a whole text. All sets of words are tried while there are few, then the most "
    "promising ones.\n\n"
    "**Opposites** come from a list of this project. **Near neighbours** are the words whose "
    "vectors lie nearest in the network’s own embedding: what it reads much alike, so that small "
    "causes with large effects show."
)


class CounterfactualData(TypedDict):
    """Everything the component draws, as plain JSON."""

    cards: list[CardData]
    groups: list[GroupData]
    target: str  # name of what the bars speak for or against
    quantity: str  # what they show the change of


HTML = """
<div class="changes hued" tabindex="-1">
  <div class="cards"></div>
  <div class="drafts-box"></div>
  <div class="spoken" role="status"></div>
</div>
"""

_mount = component(__file__, HTML)


def _goal(page: ReviewPage, result: TextResult) -> int | None:
    """Draw the choice of the class that is to win, where there are more than two; returns it."""
    names = result.class_names
    key = page.setting("until")
    if len(names) == 2:
        return None
    options = [ANY_OTHER, *(str(n + 1) for n in range(len(names)) if n != result.predicted)]
    if st.session_state.get(key) not in options:
        st.session_state[key] = ANY_OTHER
    chosen = st.selectbox(
        "Until it predicts",
        options,
        format_func=lambda each: "any other class" if each == ANY_OTHER else names[int(each) - 1],
        key=key,
        persist_state="session",
        width=220,
    )
    return None if chosen == ANY_OTHER else int(chosen) - 1


@fragment
def counterfactuals(page: ReviewPage, predictor: TextPredictor, result: TextResult) -> None:
    """Draw the part.

    Args:
        page: The page.
        predictor: The network.
        result: What it read in the text on the page.
    """
    compare.rerun_if_edited(page, result.text)
    st.caption("The smallest changes of the text that change the prediction.", help=_HELP)
    if len(result.text) > MOST_CHARACTERS:
        st.write(
            f"This text is too long to search: at most {MOST_CHARACTERS:,} characters, and it has "
            f"{len(result.text):,}."
        )
        return
    goal = _goal(page, result)
    review_work.keep(page, "counterfactuals")
    job = job_of(page, predictor, result, goal)
    if job.active:
        _watch(job, job.steps)
    elif job.state != "done":
        st.text(job.error or "Stopped.")
        st.button("Try again", key=page.key("search_again"), on_click=forget, args=(page,))
    target = class_bars.target_of(page, answer_of(result))
    data = CounterfactualData(
        cards=[card(found, goal) for found in list(job.searched)],
        groups=draft_groups(job, target),
        target=target_name(result, target),
        quantity=quantity(result, target),
    )
    key = page.key("changes")

    def pick() -> None:
        choose(page, job, (st.session_state.get(key) or {}).get("pick"))

    _mount(key=key, data=dict(data), on_pick_change=pick)


def choose(page: ReviewPage, job: CounterfactualJob, picked: Any) -> None:
    """Put a text that was found into the editor, beside the original.

    Args:
        page: The page.
        job: What was drawn.
        picked: What the browser sends: hostile until checked.
    """
    if not isinstance(picked, dict) or versions.text(page) != job.result.text:
        return
    number = picked.get("number")
    if type(number) is not int or number < 0:
        return
    if picked.get("of") == "draft" and number < len(job.drafts or []):
        tried = (job.drafts or [])[number]
        text, done = tried.draft.text, draft_what(tried.draft)
    elif picked.get("of") == "card" and number < len(job.searched):
        searched = job.searched[number]
        if searched.found is None:
            return
        text, done = searched.found.result.text, what(searched, searched.found)
    else:
        return
    versions.edit(page, text, done)
    if picked.get("compare") is True:
        st.session_state[page.setting("beside")] = KEPT
        st.session_state[page.setting("part")] = COMPARE
    st.toast(f"In the editor: {done}. Undo takes it back.")


@fragment(run_every=EVERY)
def _watch(job: CounterfactualJob, drawn: int) -> None:
    job.look()
    if not job.active or job.steps != drawn:
        st.rerun()
    st.progress(job.steps / _PARTS, text=pending(job))
