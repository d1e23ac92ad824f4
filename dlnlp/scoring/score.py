"""Label the texts of a table: rows in, labels and class probabilities out, in the same order."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.known_words import count_unknown
from dlnlp.inference import TextPredictor
from dlnlp.inference.softmax import softmax
from dlnlp.inference.text_result import MAX_CHARACTERS, EmptyTextError, TextTooLongError
from dlnlp.tables.reader import BadRow, Row
from dlnlp.text.vocabulary import UNKNOWN

_Answer = tuple[tuple[float, ...], float]  # probabilities, share of unknown words

# Texts that wait to be sorted by length, so that those read together are of one length; more
# gain nothing. Together they hold about MAX_WINDOW characters at most.
WINDOW = 4096
MAX_WINDOW = 1 << 23
# Texts that one thread reads at once.
BATCH = 64
# Above this many characters, splitting a whole text costs more than the offsets that are saved.
_LONG = 20_000


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """A row with its answer.

    Attributes:
        line: where it starts in the file, from 1.
        fields: fields of the table, unchanged.
        probabilities: one a class; empty when the row could not be scored.
        problem: why it could not, as part of a sentence; else "".
        unknown_share: of its words, those that the network does not know, 0 to 1.
    """

    line: int
    fields: tuple[str, ...]
    probabilities: tuple[float, ...]
    problem: str = ""
    unknown_share: float = 0.0

    def answer(self, class_names: Sequence[str]) -> tuple[str, ...]:
        """Fields of the added columns, in their order; all empty without an answer."""
        if not self.probabilities:
            return ("",) * (2 + len(class_names))
        return *label_fields(self.probabilities, class_names), f"{self.unknown_share:.4f}"

    def label_from(self, threshold: float, class_names: Sequence[str]) -> str:
        """Of two classes the second from its probability on; empty without an answer."""
        return class_names[int(self.probabilities[1] >= threshold)] if self.probabilities else ""


def label_fields(probabilities: Sequence[float], class_names: Sequence[str]) -> tuple[str, ...]:
    """Fields for a label and its probabilities."""
    best = max(range(len(class_names)), key=probabilities.__getitem__)
    return class_names[best], *(f"{share:.6f}" for share in probabilities)


def added_columns(class_names: Sequence[str], prefix: str = "") -> tuple[str, ...]:
    """Names of the columns that scoring adds: ``label``, ``p_negative``, ..., ``unknown_share``."""
    shares = ("p_" + "_".join(name.lower().split()) for name in class_names)
    return tuple(prefix + name for name in ("label", *shares, "unknown_share"))


def recalibrated_columns(class_names: Sequence[str], prefix: str = "") -> tuple[str, ...]:
    """Names of the columns for recalibrated answers: ``recalibrated_label`` and so on."""
    return added_columns(class_names, f"{prefix}recalibrated_")[:-1]


def threshold_column(threshold: float, prefix: str = "") -> str:
    """Name of the column for the label by a threshold: ``label_from_0.62``."""
    return f"{prefix}label_from_{threshold:g}"


def score_rows(
    predictor: TextPredictor,
    rows: Iterable[Row | BadRow],
    column: int,
    *,
    threads: int = 1,
    window: int = WINDOW,
) -> Generator[ScoredRow | BadRow, None, None]:
    """Score rows as they come; memory is bounded by the window.

    Args:
        predictor: any model that reads texts.
        rows: rows of a table; bad ones are passed on.
        column: index of the field that holds the text.
        threads: number of threads that read batches.
        window: rows that are gathered, scored by length, and given back in their order.

    Yields:
        One item for each of `rows`, in order.
    """
    pool = ThreadPoolExecutor(threads, "score")
    try:
        gathered: list[Row | BadRow] = []
        size = 0
        for row in rows:
            gathered.append(row)
            if isinstance(row, Row):
                size += sum(map(len, row.fields))
            if len(gathered) >= window or size >= MAX_WINDOW:
                yield from _score_window(predictor, gathered, column, pool)
                gathered, size = [], 0
        yield from _score_window(predictor, gathered, column, pool)
    finally:
        pool.shutdown(cancel_futures=True)  # what nobody waits for any more is not read


def _score_window(
    predictor: TextPredictor, rows: Sequence[Row | BadRow], column: int, pool: ThreadPoolExecutor
) -> Iterator[ScoredRow | BadRow]:
    texts = {
        number: row.fields[column]
        for number, row in enumerate(rows)
        if isinstance(row, Row) and not row.problem
    }
    # The longest first, so that no thread is left alone with them at the end.
    order = sorted(texts, key=lambda number: len(texts[number]), reverse=True)
    batches = [order[first : first + BATCH] for first in range(0, len(order), BATCH)]

    def score(batch: Sequence[int]) -> list[_Answer | str]:
        return _score_batch(predictor, [texts[number] for number in batch])

    answers: dict[int, _Answer | str] = {}
    for batch, found in zip(batches, pool.map(score, batches), strict=True):
        answers.update(zip(batch, found, strict=True))
    for number, row in enumerate(rows):
        if isinstance(row, BadRow):
            yield row
            continue
        answer = answers.get(number, row.problem)
        if isinstance(answer, str):
            yield ScoredRow(row.line, row.fields, (), answer)
        else:
            yield ScoredRow(row.line, row.fields, answer[0], "", answer[1])


def _score_batch(predictor: TextPredictor, texts: Sequence[str]) -> list[_Answer | str]:
    """What the network says of each text, or what is wrong with it."""
    try:
        probabilities, unknown = read_texts(predictor, texts)
        return list(zip(map(tuple, probabilities.tolist()), unknown, strict=True))
    except (EmptyTextError, TextTooLongError):
        if len(texts) > 1:
            half = len(texts) // 2
            return [
                *_score_batch(predictor, texts[:half]),
                *_score_batch(predictor, texts[half:]),
            ]
        return [unread_because(texts[0])]


def unread_because(text: str) -> str:
    """Why a network cannot read a text, as part of a sentence."""
    if len(text) > MAX_CHARACTERS:
        return f"the text has {len(text):,} characters and at most {MAX_CHARACTERS:,} can be read"
    return "there is no word in the text"


def read_texts(
    predictor: TextPredictor, texts: Sequence[str]
) -> tuple[NDArray[np.float32], list[float]]:
    """What a network says of many texts: as `predict_batch`, sooner.

    Returns:
        Probabilities, float32 ``[D, C]``, and the D shares of unknown words, 0 to 1.

    Raises:
        EmptyTextError: a text holds no word.
        TextTooLongError: a text has more than MAX_CHARACTERS.
    """
    if not texts:
        return np.zeros((0, len(predictor.class_names)), np.float32), []
    if max(map(len, texts)) > _LONG:
        results = predictor.predict_batch(texts)
        return np.stack([result.probabilities for result in results]), [
            count_unknown(result.tokens, result.token_known).share for result in results
        ]
    # Without the words' offsets in the text, which nobody asks for here: a quarter sooner.
    documents, unknown = [], []
    for text in texts:
        sentences = predictor.token_lists(text)
        if not sentences:
            raise EmptyTextError("There is no word to read in this text: please write some.")
        document = [predictor.vocabulary.encode(sentence) for sentence in sentences]
        known = np.concatenate(document) != UNKNOWN
        unknown.append(count_unknown(list(chain.from_iterable(sentences)), known).share)
        documents.append(document)
    return softmax(predictor.run(documents).logits).astype(np.float32), unknown
