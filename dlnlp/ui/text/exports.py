"""A result as files to take away: a table, the numbers, the shaded text."""

import html
import json
from typing import Any

from dlnlp.inference.attention_result import AttentionResult
from dlnlp.scoring.csv_writing import table_csv
from dlnlp.ui.han.methods import ATTENTION, HanAttribution
from dlnlp.ui.text.highlighted_text import HighlightedTextData


def tokens_csv(
    result: AttentionResult, attribution: HanAttribution | None = None, class_name: str = ""
) -> bytes:
    """One line a word; the number that shades it, where that is not attention, in a last column.

    Args:
        result: What the network read.
        attribution: The chosen method.
        class_name: Of the class that it explains.
    """
    shaded = None if attribution is None or attribution.method in ATTENTION else attribution
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
        + ([] if shaded is None else [f"{shaded.method} for {class_name}"]),
        rows,
    )


def result_json(
    result: AttentionResult,
    model: str,
    attribution: HanAttribution | None = None,
    class_name: str = "",
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
            "method": attribution.method,
            "class": None if attribution.method in ATTENTION else class_name,
            "gap": attribution.gap,
            "words": [float(value) for value in attribution.words],
            "sentences": [float(value) for value in attribution.sentences],
        }
    return json.dumps(document, ensure_ascii=True, indent=1).encode("ascii")


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shaded review</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{{font:1rem/1.7 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;
color:#222;background:#fff}}
div{{display:flex;gap:.8rem;margin:.2rem 0}} b{{flex:0 0 4.5rem;font-weight:400;text-align:right;
font-size:.85em;padding:0 .3rem;border:1px solid #ccc;border-radius:.3rem;align-self:flex-start}}
p{{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}} span{{border-radius:.2rem}}
.u{{text-decoration:underline dotted}} .rest{{color:#666;display:block;border-top:1px dashed #999}}
</style></head><body>
<h1>What the network read</h1><p>{verdict}</p><p>{legend}</p>
{rows}
</body></html>
"""


def shaded_html(data: HighlightedTextData, verdict: str) -> bytes:
    """The text view as one page without scripts or outside files.

    Args:
        data: What the text view draws.
        verdict: The sentence above the text.

    Returns:
        UTF-8 HTML; every piece of text in it is escaped.
    """
    rows = []
    for row in data["rows"]:
        pieces = []
        for piece in row["spans"]:
            if isinstance(piece, str):
                pieces.append(html.escape(piece))
                continue
            hue = "217,96,26" if piece["v"] < 0 else "43,127,217"
            mark = ' class="u"' if piece.get("m") else ""
            numbers = [pair for pair in zip(data["columns"], piece["n"], strict=True) if pair[1]]
            title = html.escape("; ".join(f"{name} {number}" for name, number in numbers))
            shade = f"rgba({hue},{0.62 * abs(piece['v']):.3f})"
            pieces.append(
                f'<span{mark} style="background:{shade}" title="{title}">'
                f"{html.escape(piece['t'])}</span>"
            )
        label = ""
        if data["row_scale"] or row["label"]:
            bar = data["row_scale"]
            signed = bar is not None and bar["kind"] == "diverging" and row["v"] > 0
            hue = "43,127,217" if signed else "217,96,26"
            shade = f"rgba({hue},{0.62 * abs(row['v']):.3f})"
            label = f'<b style="background:{shade}">{html.escape(row["label"])}</b>'
        rows.append(f'<div>{label}<p dir="auto">{"".join(pieces)}</p></div>')
    rows += [
        f'<p class="rest">{html.escape(rest["note"])}\n{html.escape(rest["text"])}</p>'
        for rest in data["rest"]
    ]
    scale = data["scale"]
    if scale["kind"] == "diverging":
        legend = f"{scale['title']}: orange {scale['low']}, blue {scale['high']}."
    else:
        legend = f"Blue: {scale['title'].lower()}, from {scale['low']} to {scale['high']}."
    bar = data["row_scale"]
    if bar and bar["kind"] == "diverging":
        legend += f" {bar['title']}: orange {bar['low']}, blue {bar['high']}."
    elif bar:
        legend += f" Orange: {bar['title'].lower()}, from {bar['low']} to {bar['high']}."
    if data["mark_note"]:
        legend += f" Dotted underline: {data['mark_note']}."
    page = _PAGE.format(
        verdict=html.escape(verdict), legend=html.escape(legend), rows="\n".join(rows)
    )
    return page.encode("utf-8", errors="replace")
