"""Class probabilities as bars in plain HTML: there at once, where a chart library takes seconds."""

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.ui.shell.charts import class_colours
from dlnlp.ui.shell.numbers import probability

_STYLE = """<style>
.bars{display:grid;grid-template-columns:max-content 1fr;gap:.45rem .8rem;align-items:center;
  font-size:.95rem;padding:.3rem 0 .6rem}
.bars .track{display:flex;align-items:center;gap:.5rem}
.bars .fill{height:1.45rem;min-width:2px;border-radius:.2rem;transition:width .15s}
.bars .value{font-variant-numeric:tabular-nums;white-space:nowrap}
.bars .best{font-weight:700}
@media (prefers-reduced-motion:reduce){.bars .fill{transition:none}}
</style>"""


def bars_in_words(class_names: Sequence[str], probabilities: NDArray[np.float32]) -> str:
    """The bars for a screen reader, from probabilities ``[C]``."""
    pairs = zip(class_names, probabilities, strict=True)
    return "Probabilities: " + ", ".join(f"{name} {probability(share)}" for name, share in pairs)


def bars_html(class_names: Sequence[str], probabilities: NDArray[np.float32]) -> str:
    """Horizontal bars with their values written, the best class on top.

    Args:
        class_names: C names, worst first; escaped here.
        probabilities: float32 ``[C]``; a full bar is 100 %.
    """
    best = int(np.argmax(probabilities))
    rows = []
    for place in reversed(range(len(class_names))):
        percent = 100 * float(probabilities[place])
        written = html.escape(probability(probabilities[place]))
        mark = " best" if place == best else ""
        rows.append(
            f'<span class="name{mark}">{html.escape(class_names[place])}</span>'
            f'<span class="track"><span class="fill" style="width:{0.78 * percent:.2f}%;'
            f'background:{class_colours(len(class_names))[place]}"></span>'
            f'<span class="value{mark}">{written}</span></span>'
        )
    words = html.escape(bars_in_words(class_names, probabilities), quote=True)
    return f'{_STYLE}<div class="bars" role="img" aria-label="{words}">{"".join(rows)}</div>'


def probability_bars(class_names: Sequence[str], probabilities: NDArray[np.float32]) -> None:
    """Draw the bars of probabilities ``[C]``."""
    with st.container(key="probability_bars"):
        st.html(bars_html(class_names, probabilities))
