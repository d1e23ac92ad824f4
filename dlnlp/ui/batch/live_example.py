"""Our little table and its answers, for the home page."""

import html
import textwrap

from dlnlp.examples.texts import FILMS
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.live_example import LiveExample
from dlnlp.ui.shell.numbers import probability


def _beginning(text: str) -> str:
    return html.escape(textwrap.shorten(text, 32, placeholder=" …"))


def live_example() -> LiveExample:
    """Made here and now by what the page itself uses."""
    model = loading.kim_models()[0]
    results = loading.kim_predictor(model).predict_batch([film.text for film in FILMS])
    rows = "".join(
        f'<tr><td style="padding:.1rem .8rem .1rem 0">{_beginning(film.text)}</td>'
        f"<td><b>{html.escape(probability(result.probabilities[1]))}</b></td></tr>"
        for film, result in zip(FILMS, results, strict=True)
    )
    return LiveExample(
        '<table style="font-size:.9rem;border-collapse:collapse"><thead><tr>'
        '<th style="text-align:left;font-weight:600">review</th>'
        f'<th style="font-weight:600">{html.escape(results[0].class_names[1])}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>",
        "A column of texts in, a column of answers out.",
        "Score our little table",
        {"table": "ours", "model": model},
    )
