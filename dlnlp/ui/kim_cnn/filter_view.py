"""One filter on one review: where it looked, and its formula with the numbers in it."""

import html

import numpy as np
import streamlit as st

from dlnlp.explain.filter_reading import FilterReading
from dlnlp.inference.filters import FilterEntry
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.network import filter_name
from dlnlp.ui.kim_cnn.region_text import region_text
from dlnlp.ui.kim_cnn.regions import BLUE, ORANGE
from dlnlp.ui.shell import picture
from dlnlp.ui.shell.numbers import signed

CONTEXT = 7
BINS = 110
_HEIGHT = 86

_STYLE = """<style>
.formula{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.35}
.formula td{padding:.22rem .5rem .22rem 0;border-top:1px solid rgba(128,128,128,.25);
  overflow-wrap:anywhere}
.formula td:nth-child(2){text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.formula td:nth-child(3){width:42%}
.formula tr.sum td{border-top:2px solid rgba(128,128,128,.7);font-weight:700}
.formula .half{display:flex;height:1rem}
.formula .half i{display:block;height:100%;border-radius:.2rem;min-width:1px}
.where{margin:.1rem 0 .6rem;line-height:1.6;overflow-wrap:anywhere}
.where mark{background:var(--m);color:inherit;border-radius:.2rem;padding:.1em .15em}
</style>"""


def where_html(result: SentimentResult, reading: FilterReading) -> str:
    """The region that won, marked, among its neighbours."""
    colour = BLUE if reading.weight > 0 else ORANGE
    before = region_text(result, max(reading.start - CONTEXT, 0), reading.start)
    after = region_text(result, reading.stop, min(reading.stop + CONTEXT, len(result.tokens)))
    region = html.escape(region_text(result, reading.start, reading.stop))
    return (
        f'{_STYLE}<p class="where" dir="auto" style="--m:{colour}">'
        f"{'… ' if reading.start > CONTEXT else ''}{html.escape(before)} <mark>{region}</mark> "
        f"{html.escape(after)}{' …' if reading.stop + CONTEXT < len(result.tokens) else ''}</p>"
    )


def _bar(value: float, scale: float) -> str:
    width = 50 * abs(value) / scale if scale else 0
    offset = 50 - width if value < 0 else 50
    # Grey: a product is for or against the pattern of the filter, not yet for a class.
    return (
        f'<span class="half"><i style="width:{offset:.1f}%"></i>'
        f'<i style="width:{width:.1f}%;background:rgba(128,128,128,.6)"></i></span>'
    )


def formula_html(result: SentimentResult, reading: FilterReading) -> str:
    """The sum behind the filter's value, a line a word, then what it adds to the logit."""
    scale = max(float(np.abs(reading.products).max(initial=0)), abs(reading.bias))
    lines = []
    for offset, product in enumerate(reading.products.tolist()):
        index = reading.start + offset
        name = "(after the end of the text)"
        if index < len(result.tokens):
            word = region_text(result, index, index + 1)
            name = f"“{html.escape(word[:60])}” × pattern {offset + 1}"
        lines.append((name, signed(product, 3), _bar(product, scale)))
    lines.append(("bias of the filter", signed(reading.bias, 3), _bar(reading.bias, scale)))
    rows = "".join(f"<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>" for a, b, c in lines)
    colour = BLUE if reading.contribution > 0 else ORANGE
    zero = "" if reading.value > 0 else " (below 0, so it stays silent)"
    for name, number, style in (
        ("= value of the n-gram", signed(reading.value, 3), "sum"),
        (f"max(0, value){zero}", f"{reading.pooled:.3f}", ""),
        ("× weight of the filter", signed(reading.weight, 3), ""),
        ("= adds to the logit", signed(reading.contribution, 3), "sum"),
    ):
        shade = f' style="background:{colour}"' if "adds" in name and reading.contribution else ""
        rows += f'<tr class="{style}"><td>{name}</td><td{shade}>{number}</td><td></td></tr>'
    return f'{_STYLE}<table class="formula"><tbody>{rows}</tbody></table>'


def formula(reading: FilterReading) -> str:
    """The same sum in a line: its terms, the ReLU, the weight."""
    terms = [*reading.products.tolist(), reading.bias]
    inside = " ".join(f"{'−' if term < 0 else '+'} {abs(term):.2f}" for term in terms)
    value, weight = (
        f"{number:.2f}".replace("-", "−") for number in (reading.value, reading.weight)
    )
    if reading.weight < 0:
        weight = f"({weight})"
    return (
        f"max(0, {inside.removeprefix('+ ')}) = max(0, {value}) = {reading.pooled:.2f}; "
        f"{reading.pooled:.2f} × {weight} = {signed(reading.contribution, 2)}"
    )


def activation_picture(reading: FilterReading) -> picture.Picture:
    """The filter's value along the text; its highest point is what the network keeps."""
    values = np.maximum(reading.values.astype(np.float64), 0)
    bins = np.array_split(values, min(BINS, len(values)))
    heights = np.array([part.max() for part in bins])
    edges = np.cumsum([len(part) for part in bins])
    peak = int(np.searchsorted(edges, reading.start, side="right"))
    scale, step = float(heights.max()) or 1.0, picture.WIDTH / len(bins)
    colour = BLUE if reading.weight > 0 else ORANGE
    base = _HEIGHT - 20
    shapes = [picture.line(0, base, picture.WIDTH, base)]
    for place, height in enumerate(heights.tolist()):
        if not height:
            continue
        tall = (base - 18) * height / scale
        fill = colour if place == peak else "rgba(128,128,128,.45)"
        wide = max(step - 0.6, 1.6)
        tag, attributes, words = picture.box(step * (place + 0.5), base - tall, wide, tall, fill)
        shapes.append((tag, {**attributes, "rx": 0, "stroke-width": 0}, words))
    if reading.pooled > 0:
        at = min(max(step * (peak + 0.5), 26), picture.WIDTH - 26)
        shapes.append(picture.text(at, 12, f"{reading.pooled:.2f}"))
    shapes.append(picture.text(0, _HEIGHT - 5, "first word", "start"))
    shapes.append(picture.text(picture.WIDTH, _HEIGHT - 5, "last word", "end"))
    return picture.Picture(
        _HEIGHT,
        f"The filter's value along the text, highest at word {reading.start + 1}: "
        f"{reading.pooled:.2f}.",
        shapes,
    )


def phrases_html(entry: FilterEntry) -> str:
    """What excites a filter most, with its value there; escaped."""
    if not entry.phrases:
        return "<p>Nothing: it never fired on a test review.</p>"
    rows = "".join(
        f"<tr><td>{html.escape(phrase.text)}</td><td>{phrase.value:.2f}</td></tr>"
        for phrase in entry.phrases
    )
    return f'{_STYLE}<table class="formula"><tbody>{rows}</tbody></table>'


def filter_panel(result: SentimentResult, reading: FilterReading, entry: FilterEntry) -> None:
    """Draw the chosen filter: its place in the text, its sum, and what it listens to."""
    side = result.class_names[1 if reading.weight > 0 else 0]
    with st.container(border=True, key="kim_filter_panel"):
        st.markdown(
            f"**Filter {filter_name(reading.number)}** reads {reading.width} words at once and "
            f"speaks for **{side}**, with weight {signed(reading.weight, 2)}."
        )
        left, right = st.columns([6, 5], gap="large")
        with left:
            if reading.pooled > 0:
                st.caption("It fired most at:")
            else:
                st.caption("It did not fire. It came closest at:")
            st.html(where_html(result, reading))
            st.html(formula_html(result, reading))
        with right:
            st.caption(f"Its value at each of {len(reading.values):,} places; only the best counts")
            picture.draw(activation_picture(reading), key="kim_activation")
            st.caption("What it listens to: the test reviews' phrases that excite it most")
            st.html(phrases_html(entry))
            st.caption(
                f"It fires in {100 * entry.active_share:.0f} % of the test reviews; its mean value "
                f"over all is {entry.mean:.2f}."
            )
        st.caption(f"In one line: {formula(reading)}")
