"""The filter dictionary of a convolutional network: which phrases excite each filter most.

Training gathers the phrases from the test documents (:class:`StrongestRegions`), ``filters.json``
ships them, the page shows them: what a filter listens to is named by what it answers to.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 2
READABLE = (1, 2)  # files of format 1 say besides what a filter weighs, as the network does
PHRASES = 8
MAX_BYTES = 20_000_000
MAX_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class FilterPhrase:
    """A region that excites a filter.

    Attributes:
        text: its tokens, joined by a space.
        value: what the filter gives, ``relu(a)``; above 0.
        row: row of the review in its data set's test split.
    """

    text: str
    value: float
    row: int


@dataclass(frozen=True, slots=True)
class FilterEntry:
    """One filter over all test documents.

    Attributes:
        width: tokens that it sees at once.
        active_share: share of the documents in which its value is above 0.
        mean: mean value over all documents.
        phrases: the regions that excite it most, distinct, best first; may be empty.
    """

    width: int
    active_share: float
    mean: float
    phrases: tuple[FilterPhrase, ...]


class StrongestRegions:
    """Gathers the phrases of every filter, document by document, in bounded memory.

    Keeps for each filter only its best distinct phrases; of equal phrases the highest value and,
    between equal values, the document seen first.

    Args:
        widths: widths of the regions, in the order of the filters.
        filters: F, of each width.
    """

    def __init__(self, widths: Sequence[int], filters: int) -> None:
        self.filter_widths = np.repeat(np.array(widths, np.int64), filters)
        count = len(self.filter_widths)
        self.documents = 0
        self._active = np.zeros(count, np.int64)
        self._sums = np.zeros(count, np.float64)
        # A value enters only above the filter's bar: 0 at first, then its worst kept phrase.
        self._bars = np.zeros(count, np.float32)
        self._kept: list[dict[str, tuple[float, int]]] = [{} for _ in range(count)]

    def add(
        self,
        pooled: NDArray[np.float32],
        positions: NDArray[np.int64],
        tokens: Sequence[Sequence[str]],
        rows: Sequence[int],
    ) -> None:
        """Take in D documents.

        Args:
            pooled: float32 ``[D, K]``.
            positions: int64 ``[D, K]``.
            tokens: words of each document, as the network read them.
            rows: row of each document in its test split.
        """
        self.documents += len(pooled)
        self._active += (pooled > 0).sum(axis=0)
        self._sums += pooled.sum(axis=0, dtype=np.float64)
        for document, number in np.argwhere(pooled > self._bars):
            start, width = int(positions[document, number]), int(self.filter_widths[number])
            text = " ".join(tokens[document][start : start + width])
            if len(text) <= MAX_CHARACTERS:  # a page of letters without a space says nothing
                self._offer(int(number), text, float(pooled[document, number]), int(rows[document]))

    def _offer(self, number: int, text: str, value: float, row: int) -> None:
        kept = self._kept[number]
        if text in kept:
            if value > kept[text][0]:
                kept[text] = (value, row)
        elif len(kept) < PHRASES:
            kept[text] = (value, row)
        else:
            worst = min(kept, key=lambda phrase: kept[phrase][0])
            if value <= kept[worst][0]:
                return
            del kept[worst]
            kept[text] = (value, row)
        if len(kept) == PHRASES:
            self._bars[number] = min(found for found, _ in kept.values())

    def entries(self) -> tuple[FilterEntry, ...]:
        """The dictionary, one entry a filter; raises ValueError when no document was added."""
        if not self.documents:
            raise ValueError("no document was added; a filter dictionary needs some")
        entries = []
        for number, kept in enumerate(self._kept):
            best = sorted(kept.items(), key=lambda item: -item[1][0])
            entries.append(
                FilterEntry(
                    int(self.filter_widths[number]),
                    float(self._active[number] / self.documents),
                    float(self._sums[number] / self.documents),
                    tuple(FilterPhrase(text, value, row) for text, (value, row) in best),
                )
            )
        return tuple(entries)


def save_filters(path: Path, entries: Sequence[FilterEntry]) -> None:
    """Write ``filters.json``; numbers keep five digits."""
    content = {"format": FORMAT, "filters": [_rounded(asdict(entry)) for entry in entries]}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")


def load_filters(path: Path) -> tuple[FilterEntry, ...]:
    """Read what :func:`save_filters` wrote.

    Raises:
        ValueError: names the file, the filter and what is wrong with it.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path} is larger than {MAX_BYTES:,} bytes; train the model again")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not readable JSON; train the model again") from error
    if not isinstance(content, dict) or not isinstance(content.get("filters"), list):
        raise ValueError(f"{path} holds no list of filters; train the model again")
    if content.get("format") not in READABLE:
        raise ValueError(
            f"{path} has format {content.get('format')!r} and this program reads {FORMAT}; "
            "update the program, or use weights of its own version"
        )
    entries = []
    for number, value in enumerate(content["filters"]):
        try:
            entries.append(_entry(value))
        except (KeyError, TypeError, ValueError) as error:
            reason = f"lacks {error}" if isinstance(error, KeyError) else str(error)
            raise ValueError(f"{path}: filter {number}: {reason}; train the model again") from error
    return tuple(entries)


def _entry(value: Any) -> FilterEntry:
    entry = FilterEntry(
        _whole(value["width"]),
        _finite(value["active_share"]),
        _finite(value["mean"]),
        tuple(_phrase(phrase) for phrase in value["phrases"]),
    )
    if entry.width < 1 or not 0 <= entry.active_share <= 1 or entry.mean < 0:
        raise ValueError("its width, active share or mean is out of range")
    if len(entry.phrases) > PHRASES:
        raise ValueError(f"it has {len(entry.phrases)} phrases where {PHRASES} are the most")
    return entry


def _phrase(value: Any) -> FilterPhrase:
    text = value["text"]
    if not isinstance(text, str) or not 0 < len(text) <= MAX_CHARACTERS:
        raise ValueError(f"a phrase is not a text of 1 to {MAX_CHARACTERS:,} characters")
    return FilterPhrase(text, _finite(value["value"]), _whole(value["row"]))


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r:.40} is not a finite number")
    return float(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r:.40} is not a whole number from 0 up")
    return value


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value
