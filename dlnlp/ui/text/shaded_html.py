"""Shaded text as HTML without scripts or outside files: the saved page, and thumbnails."""

import html
from collections.abc import Callable, Iterable, Sequence

from dlnlp.figures.colours import hexadecimal, tint
from dlnlp.figures.figure import Hue
from dlnlp.ui.shell import hues
from dlnlp.ui.text.highlighted_text import HighlightedTextData, SpanData


def _on_paper(hue: Hue, shade: float) -> str:
    """The colour behind a word in a saved page, which is light always."""
    return hexadecimal(tint(hue, shade))


def _on_the_page(hue: Hue, shade: float) -> str:
    return f"color-mix(in srgb,{hues.hue(hue)} {hues.STRONGEST * abs(shade):.1f}%,transparent)"


def _hue(kind: str, shade: float, hue: Hue) -> Hue:
    """`hue`, or the side that a number with a sign is on."""
    if kind != "diverging":
        return hue
    return "against" if shade < 0 else "for"


def pieces_html(
    pieces: Iterable[SpanData | str],
    kind: str,
    columns: Sequence[str] = (),
    colour: Callable[[Hue, float], str] = _on_paper,
) -> str:
    """Words and the characters between them; everything is escaped.

    Args:
        pieces: Pieces of a row.
        kind: Kind of the words' scale.
        columns: What the numbers of a word are, for a tooltip; none by default.
        colour: The CSS colour of a hue and a shade; by default that of a light page.
    """
    made = []
    for piece in pieces:
        if isinstance(piece, str):
            made.append(html.escape(piece))
            continue
        mark = ' class="u"' if piece.get("marked") else ""
        numbers = zip(columns, piece["numbers"], strict=False)
        told = "; ".join(f"{name} {number}" for name, number in numbers if number)
        title = f' title="{html.escape(told)}"' if told else ""
        shade = piece["shade"]
        style = f"background:{colour(_hue(kind, shade, 'word'), shade)}"
        made.append(f'<span{mark} style="{style}"{title}>{html.escape(piece["text"])}</span>')
    return "".join(made)


def thumbnail(data: HighlightedTextData) -> str:
    """The shaded words of a short text as one paragraph."""
    kind = data["scale"]["kind"]
    rows = (pieces_html(row["spans"], kind, colour=_on_the_page) for row in data["rows"])
    words = " ".join(rows)
    return f'<p style="margin:0;line-height:1.9">{words}</p>'


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
<h1>What the network read</h1><p>{prediction}</p><p>{legend}</p>
{rows}
</body></html>
"""


def shaded_html(data: HighlightedTextData, prediction: str) -> bytes:
    """The text view as one page without scripts or outside files.

    Args:
        data: What the text view draws.
        prediction: The sentence above the text.

    Returns:
        UTF-8 HTML; every piece of text in it is escaped.
    """
    rows = []
    for row in data["rows"]:
        label = ""
        if data["row_scale"] or row["label"]:
            bar = data["row_scale"]
            kind = "sequential" if bar is None else bar["kind"]
            style = f"background:{_on_paper(_hue(kind, row['shade'], 'sentence'), row['shade'])}"
            label = f'<b style="{style}">{html.escape(row["label"])}</b>'
        words = pieces_html(row["spans"], data["scale"]["kind"], data["columns"])
        rows.append(f'<div>{label}<p dir="auto">{words}</p></div>')
    rows += [
        f'<p class="rest">{html.escape(rest["note"])}\n{html.escape(rest["text"])}</p>'
        for rest in data["rest"]
    ]
    scale = data["scale"]
    if scale["kind"] == "diverging":
        legend = f"{scale['title']}: orange {scale['low']}, blue {scale['high']}."
    else:
        legend = f"Ochre: {scale['title'].lower()}, from {scale['low']} to {scale['high']}."
    bar = data["row_scale"]
    if bar and bar["kind"] == "diverging":
        legend += f" {bar['title']}: orange {bar['low']}, blue {bar['high']}."
    elif bar:
        legend += f" Violet: {bar['title'].lower()}, from {bar['low']} to {bar['high']}."
    if data["mark_note"]:
        legend += f" Dotted underline: {data['mark_note']}."
    page = _PAGE.format(
        prediction=html.escape(prediction), legend=html.escape(legend), rows="\n".join(rows)
    )
    return page.encode("utf-8", errors="replace")
