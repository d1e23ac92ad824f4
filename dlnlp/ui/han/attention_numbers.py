"""What the HAN page says of attention beside any method."""

import numpy as np

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.shading import Ends, percent
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han.methods import ATTENTION
from dlnlp.ui.text.highlighted_text import HighlightedTextData
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.shaded_text import Columns, view_data


def _columns(attribution: Attribution[AttentionResult]) -> tuple[Columns, Columns]:
    reading = attribution.reading
    importance = [percent(share) for share in reading.word_importance.tolist()]
    sentences = [percent(share) for share in reading.sentence_attention.tolist()]
    if attribution.method.name not in ATTENTION:
        return {"Word × sentence attention": importance}, {"Sentence attention": sentences}
    counts = np.bincount(reading.token_sentence, minlength=len(sentences))
    times = (reading.word_attention * counts[reading.token_sentence]).tolist()
    row_times = (reading.sentence_attention * len(sentences)).tolist()
    columns = {
        "Word attention": [percent(share) for share in reading.word_attention.tolist()],
        "compared with uniform": [f"{ratio:.2f} ×" for ratio in times],
        "Word × sentence attention": importance,
        "Attention logit": [f"{score:.3f}" for score in reading.word_scores.tolist()],
    }
    rows = {
        "Sentence attention": sentences,
        "compared with uniform": [f"{ratio:.2f} ×" for ratio in row_times],
        "Attention logit": [f"{score:.3f}" for score in reading.sentence_scores.tolist()],
    }
    return columns, rows


def han_data(
    attribution: Attribution[AttentionResult],
    words: MethodText,
    scales: tuple[Ends, Ends] | None = None,
) -> HighlightedTextData:
    """`view_data` with what attention says of the same words and sentences."""
    columns, rows = _columns(attribution)
    return view_data(
        attribution,
        words,
        columns={name: told for name, told in columns.items() if name != words.column},
        row_columns={name: told for name, told in rows.items() if name != words.row_column},
        at_most=f"{len(attribution.sentence_spans)} sentences",
        scales=scales,
    )
