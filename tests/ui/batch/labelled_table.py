"""A scored table whose rows are labelled, without a network."""

import numpy as np

from dlnlp.scoring.score import ScoredRow
from dlnlp.tables.dialect import Dialect
from dlnlp.tables.reader import Row
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.labelled_rows import Labelled, labelled
from dlnlp.ui.batch.upload import UploadedTable
from tests.tiny_han import POLARITY

MEANINGS = {"neg": 0, "pos": 1}


def labelled_table(rows: int = 400, seed: int = 0) -> tuple[ScoreJob, Labelled]:
    """Texts with a domain and a number; the network errs in most books and elsewhere in a tenth."""
    rng = np.random.default_rng(seed)
    words = "good bad film phone very not at all".split()
    header = ("text", "domain", "number", "gold", "note")
    found: list[ScoredRow] = []
    for number in range(rows):
        text = " ".join(rng.choice(words, rng.integers(3, 20)))
        domain = ("film", "book")[int(rng.random() < 0.25)]
        positive = 0.98 if rng.random() < 0.5 else 0.02
        right = rng.random() > (0.7 if domain == "book" else 0.1)
        gold = ("neg", "pos")[int((positive > 0.5) == right)]
        fields = (text, domain, str(number), gold, f"note {number}")
        found.append(ScoredRow(number + 2, fields, (1 - positive, positive)))
    table = UploadedTable(
        "x.csv", header, Dialect(), tuple(Row(row.line, row.fields) for row in found)
    )
    job = ScoreJob(table, 0, "kim_cnn", POLARITY, state="done")
    job.rows += found
    measured = labelled(job, 3, MEANINGS)
    assert measured is not None
    return job, measured
