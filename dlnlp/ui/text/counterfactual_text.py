"""What the searches have found, in words and pieces of text, as the browser draws them."""

from collections.abc import Iterator
from typing import Literal, TypedDict

from dlnlp.explain.counterfactuals import KEPT_SHARE, KINDS, Counterfactual, Kind, Searched
from dlnlp.explain.word_changes import in_capitals_of
from dlnlp.inference.text_result import TextResult
from dlnlp.ui.shell.numbers import probability
from dlnlp.ui.text.counterfactual_job import CounterfactualJob

TITLES: dict[Kind, str] = {
    "delete": "Fewest words to delete",
    "opposites": "Fewest words to replace by opposites",
    "neighbours": "Fewest words to replace by near neighbours",
    "keep": "Fewest words that keep the prediction",
}
_SHARE = f"{100 * KEPT_SHARE:.0f} %"
# Characters on both sides of a change that are shown of a long text, and what counts as long.
_AROUND, _LONG = 60, 500
_SHOWN_WORDS = 4


class PieceData(TypedDict):
    """A stretch of the text."""

    text: str
    change: Literal["", "gone", "new", "kept", "skipped"]


class ClassData(TypedDict):
    """A class before and after."""

    name: str
    before: float
    after: float
    written: tuple[str, str]


class CardData(TypedDict):
    """What one search has found."""

    kind: str
    title: str
    said: str
    sure: str
    pieces: list[PieceData]  # empty where nothing was found
    classes: list[ClassData]


def card(searched: Searched[TextResult], goal: int | None) -> CardData:
    """What one search has found, or in one sentence that it has found nothing."""
    found = searched.found
    return CardData(
        kind=searched.kind,
        title=TITLES[searched.kind],
        said=_said(searched, goal) if found is None else _done(searched, found),
        sure=_sure(searched),
        pieces=[] if found is None else _pieces(searched, found),
        classes=[] if found is None else _classes(searched.reading, found.result),
    )


def _listed(parts: list[str]) -> str:
    shown = parts[:_SHOWN_WORDS]
    if len(parts) > _SHOWN_WORDS:
        shown.append(f"{len(parts) - _SHOWN_WORDS} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def quoted(words: str) -> str:
    """Words in quotation marks, on one line."""
    return f"“{' '.join(words.split())}”"


def _old_and_new(
    searched: Searched[TextResult], found: Counterfactual[TextResult]
) -> list[tuple[str, str]]:
    """The words that are changed and what stands in their place, quoted."""
    spans, text = searched.reading.token_spans.tolist(), searched.reading.text
    old = [text[slice(*spans[change.word])] for change in found.changes]
    return [
        (quoted(word), quoted(in_capitals_of(word, change.new)))
        for word, change in zip(old, found.changes, strict=True)
    ]


def what(searched: Searched[TextResult], found: Counterfactual[TextResult]) -> str:
    """What was changed, for the list of versions: a few words."""
    pairs = _old_and_new(searched, found)
    if searched.kind in ("delete", "keep"):
        done = "Deleted" if searched.kind == "delete" else "Kept"
        return f"{done} {_listed([old for old, _ in pairs])}"
    return _listed([f"{old} became {new}" for old, new in pairs])


def _done(searched: Searched[TextResult], found: Counterfactual[TextResult]) -> str:
    reading, pairs = searched.reading, _old_and_new(searched, found)
    of = f"({len(pairs):,} of {len(reading.tokens):,} words)"
    now = f"it predicts {reading.class_names[found.result.predicted]} {of}."
    if searched.kind == "delete":
        return f"Without {_listed([old for old, _ in pairs])} {now}"
    if searched.kind == "keep":
        verb = "keeps" if len(pairs) == 1 else "keep"
        name = reading.class_names[reading.predicted]
        if len(pairs) == len(reading.tokens) > 1:
            return f"Only all {len(pairs):,} words {verb} {name} with {_SHARE} of its probability."
        words = _listed([old for old, _ in pairs])
        return f"{words} alone {verb} {name}, with {_SHARE} of its probability or more {of}."
    return f"With {_listed([f'{new} for {old}' for old, new in pairs])} {now}"


def _said(searched: Searched[TextResult], goal: int | None) -> str:
    """Why there is nothing."""
    outcome, choices = searched.outcome, searched.choices
    wins = "another class" if goal is None else searched.reading.class_names[goal]
    if not choices or not outcome.largest:
        return {
            "delete": "It is the only word: without it there is nothing to read.",
            "opposites": "None of its words has an opposite in the list that the network knows.",
            "neighbours": "None of its words has a near neighbour in the network’s vocabulary.",
        }.get(searched.kind, "There is no word to change.")
    if searched.kind == "keep":
        name = searched.reading.class_names[searched.reading.predicted]
        return (
            f"None found: in {outcome.predictions:,} predictions no set of words alone kept {name} "
            f"with {_SHARE} of its probability."
        )
    if outcome.tried_all and outcome.tried_all == outcome.largest >= choices - 1:
        which = {"delete": "word", "opposites": "word that has an opposite"}.get(
            searched.kind, "word that has a near neighbour"
        )
        tried = f"Its only {which} was tried"
        if choices > 1:
            which = which.replace("word", "words").replace("has", "have")
            tried = f"Every set of the {choices:,} {which} was tried"
        return f"None. {tried} ({_counted(outcome.predictions)}): none makes it predict {wins}."
    return (
        f"None found: in {_counted(outcome.predictions)} of texts with up to {outcome.largest:,} "
        f"changed words, none made it predict {wins}. There may be one."
    )


def _counted(predictions: int) -> str:
    return f"{predictions:,} prediction{'s' * (predictions != 1)}"


def _sure(searched: Searched[TextResult]) -> str:
    """How sure it is that no smaller set does it."""
    outcome = searched.outcome
    if searched.found is None or len(searched.found.changes) == 1:
        return ""
    if outcome.fewest:
        return f"No smaller set does it: all were tried ({outcome.predictions:,} predictions)."
    size = outcome.tried_all
    more = f"Of more than {size} word{'s' * (size > 1)}, " if size else "Of all sets, "
    return (
        f"A smaller set may exist. {more}only the most promising were tried "
        f"({outcome.predictions:,} predictions)."
    )


def _pieces(searched: Searched[TextResult], found: Counterfactual[TextResult]) -> list[PieceData]:
    """The original text with the changes in place; of a long text what stands around them."""
    reading, keep = searched.reading, searched.kind == "keep"
    text, spans, made, at = reading.text, reading.token_spans.tolist(), [], 0
    for change in found.changes:
        start, end = spans[change.word]
        made.append(PieceData(text=text[at:start], change=""))
        made.append(PieceData(text=text[start:end], change="kept" if keep else "gone"))
        if change.new:
            new = in_capitals_of(text[start:end], change.new)
            made.append(PieceData(text=" ", change=""))
            made.append(PieceData(text=new, change="new"))
        at = end
    made.append(PieceData(text=text[at:], change=""))
    last = len(made) - 1
    if len(text) > _LONG:
        made = [part for n, piece in enumerate(made) for part in _around(piece, n == 0, n == last)]
    return [piece for piece in made if piece["text"]]


def _around(piece: PieceData, first: bool, last: bool) -> Iterator[PieceData]:
    """The ends of an unchanged stretch that stand beside a change."""
    text = piece["text"]
    head, tail = 0 if first else _AROUND, 0 if last else _AROUND
    if piece["change"] or len(text) <= head + tail + 3:
        yield piece
        return
    # No half words, unless one word is all there is.
    before, after = text[:head], text[len(text) - tail :]
    before = before[: before.rfind(" ")] if " " in before.strip() else before
    after = after[after.find(" ") + 1 :] if " " in after.strip() else after
    yield PieceData(text=before, change="")
    yield PieceData(text="\u00a0… ", change="skipped")
    yield PieceData(text=after, change="")


def _classes(before: TextResult, after: TextResult) -> list[ClassData]:
    """The class that wins now, and the one that wins then."""
    other = after.predicted if after.predicted != before.predicted else None
    if other is None and len(before.class_names) == 2:
        other = 1 - before.predicted
    return [
        ClassData(
            name=before.class_names[place],
            before=round(float(before.probabilities[place]), 4),
            after=round(float(after.probabilities[place]), 4),
            written=(
                probability(before.probabilities[place]),
                probability(after.probabilities[place]),
            ),
        )
        for place in (before.predicted, other)
        if place is not None
    ]


def pending(job: CounterfactualJob) -> str:
    """What a job is at, in a few words; empty when it has ended."""
    if not job.active:
        return ""
    if job.state == "waiting":
        return "Waits for another search …"
    if job.drafts is None:
        return "Trying small changes …"
    title = TITLES[KINDS[min(len(job.searched), len(KINDS) - 1)]]
    return f"Searching: {title[0].lower()}{title[1:]} …"
