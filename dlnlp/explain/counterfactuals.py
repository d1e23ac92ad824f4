"""What would change a prediction: the fewest words to delete or replace, and the fewest to keep.

Four searches (:mod:`dlnlp.explain.edit_search`), each over sets of words of one text:

- ``delete``: the fewest words without which another class wins;
- ``opposites``: the fewest words to replace by their opposites (:mod:`dlnlp.explain.substitutes`);
- ``neighbours``: the fewest to replace by words that the network reads much alike (after Ebrahimi
  et al. 2018, "HotFlip"; here the effects are exact, not estimated by gradients);
- ``keep``: the fewest words that alone keep the prediction, with `KEPT_SHARE` of its probability
  at least: a sufficient subset of the input (Carter et al. 2019, "What Made You Do This?"). Without
  that share, any word of the right tone would do.

While a search goes on, sentences stay cut as in the text. Every set that is found is written as a
text and that text is read afresh: only one whose prediction holds is returned.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.edit_search import BOUND, Bound, Changes, Outcome, search
from dlnlp.explain.substitutes import known_opposites, near_neighbours
from dlnlp.explain.word_changes import WordChange, changed_text, kept_text, whole_stem
from dlnlp.inference import TextPredictor
from dlnlp.inference.softmax import softmax
from dlnlp.inference.text_result import EmptyTextError, TextResult
from dlnlp.text.vocabulary import UNKNOWN

Kind = Literal["delete", "opposites", "neighbours", "keep"]
KINDS: tuple[Kind, ...] = ("delete", "opposites", "neighbours", "keep")
KEPT_SHARE = 0.9
ResultT = TypeVar("ResultT", bound=TextResult)


class Stopped(Exception):
    """A search was asked to stop."""


@dataclass(frozen=True, eq=False)
class Counterfactual(Generic[ResultT]):
    """A changed text, and what the network says of it.

    Attributes:
        changes: in the order of the text.
        result: the prediction for the changed text, read afresh; it holds the text.
    """

    changes: tuple[WordChange, ...]
    result: ResultT


@dataclass(frozen=True, eq=False)
class Searched(Generic[ResultT]):
    """What one search has found.

    Attributes:
        kind: what it changes.
        reading: what the network read in the text.
        found: None where nothing was found within the bound.
        outcome: how far the search went; of ``keep`` the sizes are numbers of words that are kept.
        choices: words of the text that can be changed.
    """

    kind: Kind
    reading: ResultT
    found: Counterfactual[ResultT] | None
    outcome: Outcome
    choices: int


def margins(
    logits: NDArray[np.floating[Any]], reading: TextResult, kind: Kind, goal: int | None
) -> NDArray[np.float64]:
    """How far predictions are from what a search looks for: below 0 they are there.

    Args:
        logits: float ``[D, C]``.
        reading: what was read in the text.
        kind: of the search.
        goal: the class that is to win; None: any but the predicted one.

    Returns:
        float64 ``[D]``: the logit that is to be passed, less the one that is to pass it. Of
        ``keep`` the larger of that and of what the log of the probability lacks.
    """
    logits, predicted = np.asarray(logits, np.float64), reading.predicted
    own = predicted if kind == "keep" or goal is None else goal
    wins = logits[:, own] - np.delete(logits, own, axis=1).max(axis=1)
    if kind != "keep":
        return np.asarray(wins if goal is None else -wins)
    least = KEPT_SHARE * softmax(reading.logits.astype(np.float64))[own]
    lacking = np.log(least) - np.log(np.maximum(softmax(logits)[:, own], 1e-300))
    return np.asarray(np.maximum(-wins, lacking))


def find(
    predictor: TextPredictor,
    result: ResultT,
    kind: Kind,
    goal: int | None = None,
    *,
    bound: Bound = BOUND,
    stopped: Callable[[], bool] = lambda: False,
) -> Searched[ResultT]:
    """Search for the fewest words to change, or to keep.

    Args:
        predictor: the network.
        result: what it read in the text.
        kind: what is changed.
        goal: the class that is to win; None: any other than now. Nothing to ``keep``.
        bound: where the search ends.
        stopped: asked between batches.

    Raises:
        Stopped: `stopped` has said so.
        ValueError: the class wins already.
    """
    if goal == result.predicted:
        raise ValueError(f"{result.class_names[goal]} wins already; choose another class")
    changes = _choices(predictor, result, kind)
    ids, owners = result.token_ids, result.token_sentence
    substitutes = predictor.vocabulary.encode(change.new for change in changes)
    stems = {word: whole_stem(result, word) for word in range(len(ids))} if kind == "delete" else {}
    stems = {word: stem for word, stem in stems.items() if stem}

    def document(chosen: Changes) -> list[NDArray[np.int32]]:
        read, kept = ids, np.full(len(ids), kind != "keep")
        places = [changes[number].word for number in chosen]
        if kind in ("delete", "keep"):
            kept[places] = kind == "keep"
            stemmed = [word for word in places if word in stems and kept[word - 1]]
            if stemmed:
                read = ids.copy()
                read[np.array(stemmed) - 1] = predictor.vocabulary.encode(
                    stems[word] for word in stemmed
                )
        else:
            read = ids.copy()
            read[places] = substitutes[list(chosen)]
        starts = np.flatnonzero(np.diff(owners[kept])) + 1
        return np.split(read[kept], starts)

    def ask(sets: list[Changes]) -> NDArray[np.float64]:
        if stopped():
            raise Stopped
        logits = predictor.logits([document(chosen) for chosen in sets])
        return margins(logits, result, kind, goal)

    found: list[Counterfactual[ResultT]] = []

    def holds(chosen: Changes) -> bool:
        part = tuple(changes[number] for number in chosen)
        words = [change.word for change in part]
        text = kept_text(result, words) if kind == "keep" else changed_text(result, part)
        try:
            again = predictor.predict(text)
        except EmptyTextError:
            return False
        if margins(again.logits[None], result, kind, goal)[0] >= 0:
            return False
        # A network returns one type of results, whatever the text.
        found.append(Counterfactual(part, cast(ResultT, again)))
        return True

    places = [change.word for change in changes]
    choices = len(set(places))
    most = choices - (kind == "delete" and choices == len(ids))  # no text would remain
    outcome = search(places, most, ask, holds, bound)
    return Searched(kind, result, found[0] if found else None, outcome, choices)


def _choices(
    predictor: TextPredictor,
    result: TextResult,
    kind: Kind,
) -> list[WordChange]:
    """Every change of one word that a search may make; of ``keep`` every word that it may keep."""
    words, ids = predictor.vocabulary.words, result.token_ids.tolist()
    if kind in ("delete", "keep"):
        return [WordChange(word) for word in range(len(ids))]
    if kind == "opposites":
        others = {row: known_opposites(words[row], predictor.vocabulary) for row in set(ids)}
    else:
        others = near_neighbours(
            result.token_ids, predictor.runtime.embeddings, predictor.vocabulary
        )
    return [
        WordChange(word, words[other])
        for word, row in enumerate(ids)
        if row != UNKNOWN and not whole_stem(result, word + 1)  # no "ca" of "can't"
        for other in others.get(row, ())
    ]
