"""A Kim CNN's result as files to take away: words, regions, all the numbers."""

import json
from typing import Any

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.evidence import Evidence
from dlnlp.inference.kim_cnn_network import KimCnnNetwork
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.tables.csv_writing import table_csv
from dlnlp.ui.kim_cnn.region_text import region_text


def words_csv(evidence: Evidence, attribution: Attribution[SentimentResult]) -> bytes:
    """One line a word: its place, the exact contribution, and the number that shades it."""
    columns = ["position", "start", "end", "text", "token", "in_vocabulary", "evidence"]
    result, shaded = attribution.reading, attribution.method.name != "evidence"
    rows = []
    for index, (start, end) in enumerate(result.token_spans.tolist()):
        row: list[str | int | float | bool] = [index + 1, start, end]
        row += [result.text[start:end], result.tokens[index], bool(result.token_known[index])]
        row.append(float(evidence.words[index]))
        if shaded:
            row.append(float(attribution.words[index]))
        rows.append(row)
    return table_csv([*columns, *([attribution.method.name] if shaded else [])], rows)


def regions_csv(result: SentimentResult, evidence: Evidence) -> bytes:
    """One line a region that won a filter, the strongest first; filters are counted from 1."""
    rows = [
        (
            region.start + 1,
            region.stop - region.start,
            region_text(result, region.start, region.stop),
            float(region.contribution),
            " ".join(str(number + 1) for number in region.filters),
        )
        for region in evidence.regions
    ]
    return table_csv(["first_word", "words", "text", "adds_to_the_logit", "filters"], rows)


def result_json(
    evidence: Evidence,
    attribution: Attribution[SentimentResult],
    network: KimCnnNetwork,
    model: str,
) -> bytes:
    """The whole result.

    Words and filters are counted from 1, as in the tables and on the page; offsets are those of
    `text`, from 0.
    """
    result = attribution.reading
    document: dict[str, Any] = {
        "model": model,
        "text": result.text,
        "read_to": len(result.text) if result.cut_from is None else result.cut_from,
        "logit": evidence.logit,
        "threshold": 0.5,
        "probabilities": {
            name: round(float(share), 6)
            for name, share in zip(result.class_names, result.probabilities, strict=True)
        },
        "method": attribution.method.name,
        "gap": attribution.gap,
        "bias": evidence.bias,
        "classifier_bias": evidence.classifier_bias,
        "words": [
            {
                "position": index + 1,
                "start": start,
                "end": end,
                "token": result.tokens[index],
                "in_vocabulary": bool(result.token_known[index]),
                "evidence": float(evidence.words[index]),
                "shade": float(attribution.words[index]),
            }
            for index, (start, end) in enumerate(result.token_spans.tolist())
        ],
        "regions": [
            {
                "first_word": region.start + 1,
                "words": region.stop - region.start,
                "contribution": float(region.contribution),
                "filters": [number + 1 for number in region.filters],
            }
            for region in evidence.regions
        ],
        "filters_that_fired": [
            {
                "filter": number + 1,
                "width": int(width),
                "first_word": int(result.positions[number]) + 1,
                "value": float(result.pooled[number]),
                "weight": float(evidence.weights[number]),
                "contribution": float(evidence.filters[number]),
            }
            for number, width in enumerate(network.filter_widths)
            if result.pooled[number] > 0
        ],
    }
    return json.dumps(document, ensure_ascii=True, indent=1).encode("ascii")
