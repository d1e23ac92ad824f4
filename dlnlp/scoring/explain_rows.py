"""Explain the texts of a table: rows in, the attribution of each out, in the same order."""

import json
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import isfinite
from typing import Any

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.text_attribution import attribute
from dlnlp.inference import TextPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.text_result import EmptyTextError, TextTooLongError
from dlnlp.scoring.score import unread_because
from dlnlp.tables.reader import BadRow, Row

# Texts that one thread explains at once, and about how many characters they have at most.
BATCH, MOST_CHARACTERS = 16, 1 << 17
_Found = Attribution[AttentionResult] | Attribution[SentimentResult]


@dataclass(frozen=True, slots=True, eq=False)
class ExplainedRow:
    """A row with its explanation.

    Attributes:
        number: of the row in the table, from 1; lines that are no row do not count.
        line: where it starts in the file, from 1.
        attribution: what each word did; None when the text could not be read.
        problem: why it could not, as part of a sentence; else "".
    """

    number: int
    line: int
    attribution: _Found | None
    problem: str = ""

    def records(self) -> Iterator[dict[str, Any]]:
        """JSON-ready records of an explained row: one for it, for each sentence, for each word.

        Numbers have seven digits. Offsets count characters (code points) of the text.
        """
        found = self.attribution
        if found is None:
            return
        read, place = found.reading, {"row": self.number, "line": self.line}
        target = found.target_name or None
        names, shares = read.class_names, map(_number, read.probabilities)
        record: dict[str, Any] = {
            "record": "row",
            **place,
            "label": names[read.predicted],
            "probabilities": dict(zip(names, shares, strict=True)),
            "method": found.method.name,
            "target": target,
            "words": len(read.tokens),
            "read_to": read.cut_from,
        }
        if found.additive is not None and found.gap is not None:
            record["bias"] = _number(found.additive.bias)
            record["total"] = _number(found.additive.total)
            record["gap"] = _number(found.gap)
        yield record
        for number, ((start, end), value) in enumerate(
            zip(found.sentence_spans.tolist(), found.sentences.tolist(), strict=True)
        ):
            yield {
                "record": "sentence",
                **place,
                "sentence": number,
                "start": start,
                "end": end,
                "value": _number(value),
                "target": target,
            }
        for token, (start, end), sentence, value in zip(
            read.tokens,
            read.token_spans.tolist(),
            found.token_sentence.tolist(),
            found.words.tolist(),
            strict=True,
        ):
            yield {
                "record": "word",
                **place,
                "token": token,
                "start": start,
                "end": end,
                "sentence": sentence,
                "value": _number(value),
                "target": target,
            }


def json_line(record: dict[str, Any]) -> str:
    """A record as a line of JSON, in UTF-8."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def _number(value: float) -> float | None:
    """Seven digits; JSON has no word for what is not finite."""
    return float(f"{value:.7g}") if isfinite(value) else None


def explain_rows(
    predictor: TextPredictor,
    rows: Iterable[Row | BadRow],
    column: int,
    method: str,
    target: int | None = None,
    *,
    threads: int = 1,
) -> Generator[ExplainedRow | BadRow, None, None]:
    """Explain rows as they come; a few batches are in memory at a time.

    Args:
        predictor: any model that reads texts.
        rows: rows of a table; bad ones are passed on.
        column: index of the field that holds the text.
        method: one of `dlnlp.explain.text_attribution.METHODS_OF`.
        target: index of the class that is explained; None: of each text the predicted one.
        threads: number of threads that explain batches.

    Yields:
        One item for each of `rows`, in order.
    """
    pool = ThreadPoolExecutor(threads, "explain")
    waiting: deque[Future[list[ExplainedRow | BadRow]]] = deque()
    try:
        for batch in _batches(rows, column):
            waiting.append(pool.submit(_explain_batch, predictor, batch, column, method, target))
            if len(waiting) > 2 * threads:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)  # what nobody waits for any more is not read


def _batches(rows: Iterable[Row | BadRow], column: int) -> Iterator[list[tuple[int, Row] | BadRow]]:
    gathered: list[tuple[int, Row] | BadRow] = []
    number = size = 0
    for row in rows:
        if isinstance(row, BadRow):
            gathered.append(row)
        else:
            number += 1
            gathered.append((number, row))
            size += len(row.fields[column])
        if len(gathered) >= BATCH or size >= MOST_CHARACTERS:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered


def _explain_batch(
    predictor: TextPredictor,
    batch: list[tuple[int, Row] | BadRow],
    column: int,
    method: str,
    target: int | None,
) -> list[ExplainedRow | BadRow]:
    texts = [
        item[1].fields[column]
        for item in batch
        if not isinstance(item, BadRow) and not item[1].problem
    ]
    results = iter(_predict(predictor, texts))
    explained: list[ExplainedRow | BadRow] = []
    for item in batch:
        if isinstance(item, BadRow):
            explained.append(item)
            continue
        number, row = item
        result = row.problem or next(results)
        if isinstance(result, str):
            explained.append(ExplainedRow(number, row.line, None, result))
            continue
        label = result.predicted if target is None else target
        found = attribute(predictor, result, method, label)
        explained.append(ExplainedRow(number, row.line, found))
    return explained


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
