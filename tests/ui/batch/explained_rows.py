"""Explained rows that need no network."""

import numpy as np

from dlnlp.scoring.explanation import TextExplanation
from dlnlp.scoring.score import ScoredRow
from dlnlp.tables.dialect import Dialect
from dlnlp.ui.batch.explain_job import Explained, ExplainJob
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.tables.upload import UploadedTable
from tests.tiny_han import POLARITY

Word = tuple[str, float]


def explained(
    number: int, sentences: list[list[Word]], label: str = "positive", target: str = "positive"
) -> Explained:
    """A row whose text is its words, with a space between them and a full stop as last word."""
    text, spans, owners, ends = "", [], [], []
    for owner, words in enumerate(sentences):
        start = len(text) + bool(text)
        for word, _ in words:
            text += " " if text else ""
            spans.append((len(text), len(text) + len(word)))
            owners.append(owner)
            text += word
        ends.append((start, len(text)))
    values = np.array([value for words in sentences for _, value in words], np.float32)
    owner_of = np.array(owners, np.int32)
    share = 0.9 if label == POLARITY[1] else 0.1
    explanation = TextExplanation(
        "evidence",
        label,
        dict(zip(POLARITY, (1 - share, share), strict=True)),
        target,
        tuple(word for words in sentences for word, _ in words),
        np.array(spans, np.int32),
        owner_of,
        values,
        np.array(ends, np.int32),
        np.bincount(owner_of, values).astype(np.float32),
        None,
        0.0,
        float(values.sum()),
    )
    return Explained(ScoredRow(number + 1, (text,), (1 - share, share)), number, explanation)


def job_of(rows: list[Explained], method: str = "evidence", target: int | None = 1) -> ExplainJob:
    """A job that has explained these rows."""
    table = UploadedTable("x.csv", ("text",), Dialect(","), ())
    scored = ScoreJob(table, 0, "kim_cnn", POLARITY, [row.row for row in rows], state="done")
    return ExplainJob(scored, method, target, list(rows), state="done")
