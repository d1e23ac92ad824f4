"""What the HAN page says of attention beside any method: in tooltips, and after a click."""

import numpy as np

from dlnlp.explain.attribution import Attribution
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han.methods import ATTENTION
from dlnlp.ui.text.highlighted_text import HighlightedTextData, Selection
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.shaded_text import Columns, percent, view_data


def _columns(attribution: Attribution[AttentionResult]) -> tuple[Columns, Columns]:
    reading = attribution.reading
    importance = [percent(share) for share in reading.word_importance.tolist()]
    sentences = [percent(share) for share in reading.sentence_attention.tolist()]
    if attribution.method.name not in ATTENTION:
        return {"Word × sentence attention": importance}, {"Sentence attention": sentences}
    counts = np.bincount(reading.token_sentence, minlength=len(sentences))
    owners = reading.token_sentence.tolist()
    times = (reading.word_attention * counts[reading.token_sentence]).tolist()
    row_times = (reading.sentence_attention * len(sentences)).tolist()
    columns = {
        "Word attention": [percent(share) for share in reading.word_attention.tolist()],
        "compared with uniform": [f"{ratio:.2f} ×" for ratio in times],
        "Sentence attention": [sentences[row] for row in owners],
        "Word × sentence attention": importance,
        "Attention logit": [f"{score:.3f}" for score in reading.word_scores.tolist()],
    }
    rows = {
        "Sentence attention": sentences,
        "compared with uniform": [f"{ratio:.2f} ×" for ratio in row_times],
        "Attention logit": [f"{score:.3f}" for score in reading.sentence_scores.tolist()],
    }
    return columns, rows


def han_data(attribution: Attribution[AttentionResult], words: MethodText) -> HighlightedTextData:
    """`view_data` with what attention says of the same words and sentences."""
    columns, rows = _columns(attribution)
    return view_data(
        attribution,
        words,
        columns={name: told for name, told in columns.items() if name != words.column},
        row_columns={name: told for name, told in rows.items() if name != words.row_column},
        at_most=f"{len(attribution.sentence_spans)} sentences",
    )


def attention_facts(reading: AttentionResult, selected: Selection) -> list[tuple[str, str]]:
    """What attention says of a selected word or sentence, and where it ranks: label, value pairs.

    Args:
        reading: What the network read.
        selected: A valid selection of its view.
    """
    row, index = selected["row"], selected["span"]
    inside = reading.token_sentence == row
    order = 1 + int((reading.sentence_attention > reading.sentence_attention[row]).sum())
    sentence = [
        ("Sentence attention", percent(float(reading.sentence_attention[row]))),
        ("Rank of the sentence", f"{order} of {len(reading.sentence_spans)}"),
    ]
    if index is None:
        return [*sentence, ("Attention logit", f"{float(reading.sentence_scores[row]):.3f}")]
    within = 1 + int((reading.word_attention[inside] > reading.word_attention[index]).sum())
    overall = 1 + int((reading.word_importance > reading.word_importance[index]).sum())
    return [
        ("Word attention", percent(float(reading.word_attention[index]))),
        ("Rank in its sentence", f"{within} of {int(inside.sum())}"),
        ("Word × sentence attention", percent(float(reading.word_importance[index]))),
        ("Rank in the review", f"{overall} of {len(reading.tokens)}"),
        ("Attention logit", f"{float(reading.word_scores[index]):.3f}"),
        *sentence,
    ]
