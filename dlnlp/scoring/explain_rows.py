"""Explain the texts of a table: rows in, the explanation of each out, in the same order."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.text_attribution import HAN_GRADIENTS, attribute, gradient_attribution
from dlnlp.inference import TextPredictor, load_predictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.text_result import EmptyTextError, TextTooLongError
from dlnlp.pool import ordered_map, spawned
from dlnlp.scoring.explanation import TextExplanation
from dlnlp.scoring.gradient_processes import Gradients
from dlnlp.scoring.score import unread_because
from dlnlp.tables.reader import BadRow, Row

# Texts that are explained at once, and about how many characters they have at most.
BATCH, MOST_CHARACTERS = 16, 1 << 17
PART = 512
"""Rows after which a batch ends. Who goes on behind a multiple of it has the same batches, and to
the last digit the same numbers."""
_Result = AttentionResult | SentimentResult
_Batch = list[tuple[int, Row] | BadRow]
_Found = Attribution[AttentionResult] | Attribution[SentimentResult]


@dataclass(frozen=True, slots=True, eq=False)
class ExplainedRow:
    """A row with its explanation.

    Attributes:
        number: of the row in the table, from 1; lines that are no row do not count.
        line: where it starts in the file, from 1.
        explanation: what each word did; None when the text could not be read.
        problem: why it could not, as part of a sentence; else "".
    """

    number: int
    line: int
    explanation: TextExplanation | None
    problem: str = ""


def needs_gradients(predictor: TextPredictor, method: str) -> bool:
    """Whether a method of this network needs what only Keras computes."""
    return predictor.model == "han" and method in HAN_GRADIENTS


def explain_rows(
    predictor: TextPredictor,
    rows: Iterable[Row | BadRow],
    column: int,
    method: str,
    target: int | None = None,
    *,
    workers: int = 1,
    gradients: Gradients | None = None,
    processes: Executor | None = None,
    before: int = 0,
) -> Generator[ExplainedRow | BadRow, None, None]:
    """Explain rows as they come; a few batches are in memory at a time.

    Args:
        predictor: any model that reads texts.
        rows: rows of a table; bad ones are passed on.
        column: index of the field that holds the text.
        method: one of `dlnlp.explain.text_attribution.METHODS_OF`.
        target: index of the class that is explained; None: of each text the predicted one.
        workers: batches that are explained at a time. Python runs one thread at a time: these are
            processes, unless the rows are few; threads where `gradients` has its own processes.
        processes: as many, which stay; without them, they are started and ended here.
        gradients: asked where `needs_gradients`; gives float32 ``[N]`` and the gap of each text.
        before: rows of the table that come before these, for their numbers.

    Yields:
        One item for each of `rows`, in order.

    Raises:
        GradientsFailed: `gradients` does.
        BrokenProcessPool: a worker process was killed.
    """
    in_threads = needs_gradients(predictor, method)
    # Gradients come in packed batches, which more texts fill better.
    batches = _batches(rows, column, before, 2 * BATCH if in_threads else BATCH)
    first = list(islice(batches, 2 * workers))
    few = len(first) < 2 * workers and processes is None
    explain = partial(_explain_batch, predictor, column, method, target, gradients)
    pool: Executor
    if workers == 1 or in_threads or few:
        processes = None
        pool = ThreadPoolExecutor(workers if in_threads else 1, "explain")
    else:
        pool = processes or spawned(workers)
        explain = partial(_explain_elsewhere, predictor.directory, column, method, target)
    try:
        for explained in ordered_map(pool, explain, chain(first, batches), 2 * workers + 1):
            yield from explained
    finally:
        if processes is None:
            pool.shutdown(cancel_futures=True)  # what nobody waits for any more is not read


def _batches(rows: Iterable[Row | BadRow], column: int, number: int, most: int) -> Iterator[_Batch]:
    gathered: _Batch = []
    size = 0
    for count, row in enumerate(rows, 1):
        if isinstance(row, BadRow):
            gathered.append(row)
        else:
            number += 1
            gathered.append((number, row))
            size += len(row.fields[column])
        if len(gathered) >= most or size >= MOST_CHARACTERS or count % PART == 0:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered


def _explain_batch(
    predictor: TextPredictor,
    column: int,
    method: str,
    target: int | None,
    gradients: Gradients | None,
    batch: _Batch,
) -> list[ExplainedRow | BadRow]:
    texts = [
        item[1].fields[column]
        for item in batch
        if not isinstance(item, BadRow) and not item[1].problem
    ]
    results = _predict(predictor, texts)
    read = [result for result in results if not isinstance(result, str)]
    found = attributions(predictor, read, method, target, gradients)
    answers: Iterator[_Found | str] = iter(
        [result if isinstance(result, str) else next(found) for result in results]
    )
    explained: list[ExplainedRow | BadRow] = []
    for item in batch:
        if isinstance(item, BadRow):
            explained.append(item)
            continue
        number, row = item
        answer = row.problem or next(answers)
        if isinstance(answer, str):
            explained.append(ExplainedRow(number, row.line, None, answer))
        else:
            explained.append(ExplainedRow(number, row.line, TextExplanation.of(answer)))
    return explained


@lru_cache(maxsize=1)
def _opened(weights: Path) -> TextPredictor:
    return load_predictor(weights)


def _explain_elsewhere(
    weights: Path, column: int, method: str, target: int | None, batch: _Batch
) -> list[ExplainedRow | BadRow]:
    """As `_explain_batch`, in a process that opens the network first."""
    return _explain_batch(_opened(weights), column, method, target, None, batch)


def attributions(
    predictor: TextPredictor,
    read: Sequence[_Result],
    method: str,
    target: int | None,
    gradients: Gradients | None,
) -> Iterator[_Found]:
    """The attribution of each text that was read, float32 ``[N]`` in it.

    Args:
        predictor: the network.
        read: its predictions.
        method: as of :func:`explain_rows`, and so the others.
        target: what is explained.
        gradients: asked where `needs_gradients`.
    """
    targets = [result.predicted if target is None else target for result in read]
    if gradients is None or not needs_gradients(predictor, method):
        for result, label in zip(read, targets, strict=True):
            yield attribute(predictor, result, method, label)
        return
    texts = [result for result in read if isinstance(result, AttentionResult)]
    documents = [result.sentence_ids for result in texts]
    found = gradients(documents, targets, method) if documents else []
    for result, label, (words, gap) in zip(texts, targets, found, strict=True):
        yield gradient_attribution(result, method, label, words, gap)


def _predict(
    predictor: TextPredictor, texts: list[str]
) -> list[AttentionResult | SentimentResult | str]:
    """What the network read in each text, or why it could not."""
    if not texts:
        return []
    try:
        return list(predictor.predict_batch(texts))
    except (EmptyTextError, TextTooLongError):
        if len(texts) == 1:
            return [unread_because(texts[0])]
        half = len(texts) // 2
        return [*_predict(predictor, texts[:half]), *_predict(predictor, texts[half:])]
