"""What a HAN read as files to take away: a table of words, and all the numbers."""

import json
from typing import Any

from dlnlp.explain.attribution import Attribution
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.tables.csv_writing import table_csv
from dlnlp.ui.han.methods import ATTENTION


def tokens_csv(
    result: AttentionResult, attribution: Attribution[AttentionResult] | None = None
) -> bytes:
    """One line a word; the number that shades it, where that is not attention, in a last column.

    Args:
        result: What the network read.
        attribution: By the chosen method.
    """
    shaded = attribution
    if attribution is not None and attribution.method.name in ATTENTION:
        shaded = None
    importance = result.word_importance
    rows = []
    for index, (start, end) in enumerate(result.token_spans.tolist()):
        sentence = int(result.token_sentence[index])
        rows.append(
            [sentence + 1, index + 1, start, end]
            + [result.text[start:end], result.tokens[index], bool(result.token_known[index])]
            + [
                float(value)
                for value in (
                    result.word_attention[index],
                    result.sentence_attention[sentence],
                    importance[index],
                    result.word_scores[index],
                )
            ]
            + ([] if shaded is None else [float(shaded.words[index])])
        )
    return table_csv(
        ["sentence", "position", "start", "end", "text", "token", "in_vocabulary"]
        + ["word_attention", "sentence_attention", "word_x_sentence", "word_score"]
        + ([] if shaded is None else [f"{shaded.method.name} for {shaded.target_name}"]),
        rows,
    )


def result_json(
    result: AttentionResult,
    model: str,
    attribution: Attribution[AttentionResult] | None = None,
) -> bytes:
    """The whole result: probabilities, sentences, words, offsets into the text, chosen method.

    Sentences and words are counted from 1, as in `tokens_csv` and on the page; offsets from 0.
    """
    document: dict[str, Any] = {
        "model": model,
        "text": result.text,
        "read_to": len(result.text) if result.cut_from is None else result.cut_from,
        "probabilities": {
            name: round(float(share), 6)
            for name, share in zip(result.class_names, result.probabilities, strict=True)
        },
        "expected_class": round(result.expected_value, 4),
        "sentences": [
            {
                "sentence": number,
                "start": start,
                "end": end,
                "attention": float(attention),
                "score": float(score),
            }
            for number, ((start, end), attention, score) in enumerate(
                zip(
                    result.sentence_spans.tolist(),
                    result.sentence_attention,
                    result.sentence_scores,
                    strict=True,
                ),
                start=1,
            )
        ],
        "words": [
            {
                "sentence": int(result.token_sentence[index]) + 1,
                "position": index + 1,
                "start": start,
                "end": end,
                "token": result.tokens[index],
                "in_vocabulary": bool(result.token_known[index]),
                "attention": float(result.word_attention[index]),
                "score": float(result.word_scores[index]),
            }
            for index, (start, end) in enumerate(result.token_spans.tolist())
        ],
    }
    if attribution is not None:
        document["explanation"] = {
            "method": attribution.method.name,
            "class": attribution.target_name or None,
            "gap": attribution.gap,
            "words": [float(value) for value in attribution.words],
            "sentences": [float(value) for value in attribution.sentences],
        }
    return json.dumps(document, ensure_ascii=True, indent=1).encode("ascii")
