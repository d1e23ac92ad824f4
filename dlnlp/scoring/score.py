"""Label the texts of a table: rows in, labels and class probabilities out, in the same order."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.attention import MAX_CHARACTERS, EmptyTextError, TextTooLongError
from dlnlp.inference import HanPredictor, KimCnnPredictor
from dlnlp.scoring.score_table import BadRow, Row

TextPredictor = HanPredictor | KimCnnPredictor

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
        fields: of the table, unchanged.
        probabilities: one a class; empty when the row could not be scored.
        problem: why it could not, as part of a sentence; else "".
    """

    line: int
    fields: tuple[str, ...]
    probabilities: tuple[float, ...]
    problem: str = ""

    def answer(self, class_names: Sequence[str]) -> tuple[str, ...]:
        """Fields of the added columns: label and probabilities; all empty without an answer."""
        if not self.probabilities:
            return ("",) * (1 + len(class_names))
        best = max(range(len(class_names)), key=self.probabilities.__getitem__)
        return class_names[best], *(f"{share:.6f}" for share in self.probabilities)


def added_columns(class_names: Sequence[str], prefix: str = "") -> tuple[str, ...]:
    """Names of the columns that scoring adds: ``label``, ``p_negative``, ``p_1_star``, ..."""
    shares = ("p_" + "_".join(name.lower().split()) for name in class_names)
    return tuple(prefix + name for name in ("label", *shares))


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
        rows: of a table; bad ones are passed on.
        column: index of the field that holds the text.
        threads: that read batches side by side.
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

    def score(batch: Sequence[int]) -> list[tuple[float, ...] | str]:
        return _score_batch(predictor, [texts[number] for number in batch])

    answers: dict[int, tuple[float, ...] | str] = {}
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
            yield ScoredRow(row.line, row.fields, answer)


def _score_batch(predictor: TextPredictor, texts: Sequence[str]) -> list[tuple[float, ...] | str]:
    """Probabilities of each text, or what is wrong with it."""
    try:
        return [tuple(row) for row in class_probabilities(predictor, texts).tolist()]
    except (EmptyTextError, TextTooLongError):
        if len(texts) > 1:
            half = len(texts) // 2
            return [
                *_score_batch(predictor, texts[:half]),
                *_score_batch(predictor, texts[half:]),
            ]
        if len(texts[0]) > MAX_CHARACTERS:
            return [
                f"the text has {len(texts[0]):,} characters and at most {MAX_CHARACTERS:,} can "
                "be read"
            ]
        return ["there is no word in the text"]


def class_probabilities(predictor: TextPredictor, texts: Sequence[str]) -> NDArray[np.float32]:
    """Probabilities of many texts, float32 ``[D, C]``: those of `predict_batch`, sooner.

    Raises:
        EmptyTextError: a text holds no word.
        TextTooLongError: a text has more than MAX_CHARACTERS.
    """
    if not texts:
        return np.zeros((0, len(predictor.class_names)), np.float32)
    if max(map(len, texts)) > _LONG:
        return np.stack([result.probabilities for result in predictor.predict_batch(texts)])
    # Without the words' offsets in the text, which nobody asks for here: a quarter sooner.
    if isinstance(predictor, HanPredictor):
        limit = predictor.preprocessor.max_sentences
        documents = [
            [predictor.vocabulary.encode(sentence) for sentence in sentences[:limit]]
            for sentences in _token_lists(predictor, texts)
        ]
        logits = predictor.run(documents).logits
    else:
        words = (chain.from_iterable(found) for found in _token_lists(predictor, texts))
        sequences = [
            predictor.vocabulary.encode(list(islice(tokens, predictor.max_tokens)))
            for tokens in words
        ]
        logit = predictor.runtime.run(sequences).logits
        logits = np.stack([np.zeros_like(logit), logit], axis=1)  # their softmax is the sigmoid
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _token_lists(predictor: TextPredictor, texts: Sequence[str]) -> Iterator[list[list[str]]]:
    for text in texts:
        sentences = predictor.preprocessor.token_lists(text)
        if not sentences:
            raise EmptyTextError("There is no word to read in this text: please write some.")
        yield sentences
