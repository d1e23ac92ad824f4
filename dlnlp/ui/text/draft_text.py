"""Small changes to try, as the browser draws them: what each changes, and what that does."""

from typing import TypedDict

from dlnlp.explain.drafts import Draft
from dlnlp.explain.targets import value_of
from dlnlp.inference.text_result import TextResult
from dlnlp.ui.shell.numbers import probability, signed
from dlnlp.ui.text.counterfactual_job import CounterfactualJob
from dlnlp.ui.text.counterfactual_text import PieceData, quoted

GROUPS = {"drop": "Drop a sentence", "negate": "Negate", "swap": "Swap a word"}
# Characters of a sentence that is dropped, and before and after a word that is changed.
_LABEL, _BESIDE, _AFTER = 60, 16, 60


class DraftData(TypedDict):
    """A change to try."""

    number: int  # in the job
    label: list[PieceData]
    effect: float  # on the target, -1 to 1: of the largest
    written: str
    outcome: str
    flips: bool


class GroupData(TypedDict):
    """Drafts of a kind, those that do most first."""

    title: str
    drafts: list[DraftData]


def draft_groups(job: CounterfactualJob, target: int) -> list[GroupData]:
    """The drafts of a job as bars, all on one scale; groups without any are left out.

    Args:
        job: the job.
        target: what the bars show the change of (`dlnlp.explain.targets`).
    """
    tried = job.drafts or []
    before = value_of(job.result, target)
    effects = [value_of(each.result, target) - before for each in tried]
    largest = max(map(abs, effects), default=0.0) or 1.0
    groups = []
    for kind, title in GROUPS.items():
        numbers = [number for number, each in enumerate(tried) if each.draft.kind == kind]
        numbers.sort(key=lambda number: -abs(effects[number]))
        drawn = [
            DraftData(
                number=number,
                label=draft_label(job, tried[number].draft),
                effect=round(effects[number] / largest, 4),
                written=signed(effects[number], 2),
                outcome=_outcome(tried[number].result),
                flips=tried[number].result.predicted != job.result.predicted,
            )
            for number in numbers
        ]
        if drawn:
            groups.append(GroupData(title=title, drafts=drawn))
    return groups


def _outcome(result: TextResult) -> str:
    best = result.predicted
    return f"{result.class_names[best]}, {probability(result.probabilities[best])}"


def draft_label(job: CounterfactualJob, draft: Draft) -> list[PieceData]:
    """What a draft changes, with a few words around it."""
    old = " ".join(draft.old.split())
    if draft.kind == "drop":
        old = old if len(old) <= _LABEL else f"{old[: _LABEL - 1].rstrip()}…"
        return [PieceData(text=f"{draft.sentence + 1}. {old}", change="")]
    text, done = job.result.text, draft.start + len(draft.old)
    first, last = job.result.sentence_spans[draft.sentence].tolist()
    before = text[max(first, draft.start - _BESIDE) : draft.start]
    if draft.start - _BESIDE > first:
        before = before.partition(" ")[2]  # no half words
    after = " ".join(text[done : min(last, done + _AFTER)].split())
    gap = " " * text[done : done + 1].isspace()
    return [
        PieceData(text=before.replace("\n", " "), change=""),
        PieceData(text=old, change="gone"),
        PieceData(text=" ", change=""),
        PieceData(text=draft.new, change="new"),
        PieceData(text=gap + after, change=""),
    ]


def draft_what(draft: Draft) -> str:
    """The same for the list of versions."""
    if draft.kind == "drop":
        return f"Dropped sentence {draft.sentence + 1}"
    return f"{quoted(draft.old)} became {quoted(draft.new)}"
