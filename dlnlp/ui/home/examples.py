"""One live example a page for the home page: computed here and now, by the networks that ship.

Networks and charts take longer to import than the home page takes to show, so they are imported
when the examples are made, after the browser has the page. They are made once a process.
"""

import base64
import html
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dlnlp.ui.shell.numbers import probability

IRONY = "Five stars for the box. One for what was in it."
PLAIN = "One star for the box. Five for what was in it."
BUT = "Wonderful actors, a brilliant director, and not one good scene."


@dataclass(frozen=True)
class LiveExample:
    """What a card shows, and where it leads.

    Attributes:
        picture: HTML, everything escaped; a few lines high.
        answer: what the network says, in a sentence of ours (markdown).
        question: the label of the link.
        query: parameters that bring the page to this example.
    """

    picture: str
    answer: str
    question: str
    query: Mapping[str, str | Sequence[str]]


def _han() -> LiveExample:
    from dlnlp.ui.han.attention_numbers import attention
    from dlnlp.ui.han.attention_view import prediction
    from dlnlp.ui.han.methods import METHODS
    from dlnlp.ui.shell import loading
    from dlnlp.ui.shell.permalink import encode_text
    from dlnlp.ui.text.shaded_html import thumbnail
    from dlnlp.ui.text.shaded_text import view_data

    model = loading.han_models()[0]
    results = [loading.han_predictor(model).predict(text) for text in (IRONY, PLAIN)]
    query = {
        "model": model,
        "text": encode_text(IRONY) or "",
        "kept": encode_text(PLAIN, like=IRONY) or "",
    }
    return LiveExample(
        thumbnail(view_data(attention(results[0], "product"), METHODS["product"])),
        f"It says: **{prediction(results[0])}**. "
        f"Swap *five* and *one*: **{prediction(results[1])}**.",
        "Which words misled it?",
        query,
    )


def _kim_cnn() -> LiveExample:
    from dlnlp.ui.kim_cnn.explaining import attribute
    from dlnlp.ui.kim_cnn.methods import METHODS
    from dlnlp.ui.shell import loading
    from dlnlp.ui.shell.permalink import encode_text
    from dlnlp.ui.text.shaded_html import thumbnail
    from dlnlp.ui.text.shaded_text import view_data

    model = loading.kim_models()[0]
    attribution = attribute(model, BUT, "evidence")
    result = attribution.reading
    best = int(result.probabilities.argmax())
    return LiveExample(
        thumbnail(view_data(attribution, METHODS["evidence"])),
        f"It reads **{result.class_names[best]}** ({probability(result.probabilities[best])}): "
        "the sum of what each phrase adds.",
        "Who outvoted whom?",
        {"model": model, "text": encode_text(BUT) or ""},
    )


def _mnist_cnn() -> LiveExample:
    from dlnlp.ui.mnist_cnn import loading as digit_loading
    from dlnlp.ui.mnist_cnn import strokes
    from dlnlp.ui.mnist_cnn.examples import EXAMPLES
    from dlnlp.ui.mnist_cnn.pictures import png_uri

    drawing = next(found.drawing for found in EXAMPLES if found.label == "Tangle")
    pixels, code = strokes.rasterize(drawing), strokes.encode(drawing)
    reading = digit_loading.read_picture(code, (), pixels)
    digit = reading.guesses[0]
    sure = probability(reading.probabilities[digit])
    return LiveExample(
        f'<img src="{png_uri(strokes.rasterize(drawing, 160))}" alt="A tangle of lines" '
        'style="height:90px;border-radius:.3rem">',
        f"It reads **{digit}** ({sure}). And what do you see?",
        "Where in the ink does it see that?",
        {"drawing": strokes.for_link(drawing) or ""},
    )


def _schedules() -> LiveExample:
    from dlnlp.ui.schedules import view as schedule_view
    from dlnlp.ui.schedules.curves import curves_of
    from dlnlp.ui.schedules.view import View

    view = View()
    curves, _ = curves_of(view)
    top = max(curve.rate.max() for curve in curves.values())
    lines = []
    for (_, curve), colour in zip(curves.items(), ("#2f7fc1", "#d9601a", "#1a9e77"), strict=True):
        drawn = curve.rate[:: len(curve.rate) // 150 + 1]
        points = " ".join(
            f"{300 * k / (len(drawn) - 1):.1f},{64 - 60 * rate / top:.1f}"
            for k, rate in enumerate(drawn)
        )
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
    names = ", ".join(curve.label for curve in curves.values())
    query: dict[str, list[str]] = {"go": ["1"]}  # the race starts when the page opens
    for name, value in schedule_view.to_query(view):
        query.setdefault(name, []).append(value)
    # As an image: Streamlit takes drawings out of HTML.
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 68" width="300" height="68" '
        f'preserveAspectRatio="none">{"".join(lines)}</svg>'
    )
    address = base64.b64encode(drawing.encode()).decode()
    return LiveExample(
        f'<img src="data:image/svg+xml;base64,{address}" style="width:100%;height:90px" '
        f'alt="Learning rates over a run: {html.escape(names)}">',
        "With a warm-up, without one, and at three times the rate. Which of them learn?",
        "Let these three race",
        query,
    )


def _beginning(text: str) -> str:
    return html.escape(textwrap.shorten(text, 32, placeholder=" …"))


def _score() -> LiveExample:
    from dlnlp.ui.shell import loading
    from dlnlp.ui.text.examples import FILMS

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


def _models() -> LiveExample:
    from dlnlp import artifacts
    from dlnlp.ui.models.comparison import summary
    from dlnlp.ui.text.shaded_html import AGAINST

    found = [summary(name) for name in artifacts.available_models(artifacts.WEIGHTS)]
    errors = [(f.name, 1 - f.measures["accuracy"].value) for f in found if "accuracy" in f.measures]
    rows = "".join(
        f"<span>{html.escape(name)}</span><span><span style='display:inline-block;height:.8rem;"
        f"min-width:2px;border-radius:.2rem;background:rgb({AGAINST});width:{180 * error:.1f}%'>"
        f"</span> {100 * error:.1f} %</span>"
        for name, error in errors
    )
    worst = max(errors, key=lambda pair: pair[1])[0]
    return LiveExample(
        '<div style="display:grid;grid-template-columns:max-content 1fr;gap:.2rem .8rem;'
        f'font-size:.9rem">{rows}</div>',
        "Test error of each of them.",
        "Why the worst is still worth a look",
        {"network": worst},
    )


_MAKERS: Mapping[str, Callable[[], LiveExample]] = {
    "han": _han,
    "kim_cnn": _kim_cnn,
    "mnist_cnn": _mnist_cnn,
    "schedules": _schedules,
    "score": _score,
    "models": _models,
}


@st.cache_resource(show_spinner=False)
def _shelf() -> list[Mapping[str, LiveExample]]:
    """Empty until the examples of this process are made."""
    return []


def ready() -> Mapping[str, LiveExample] | None:
    """The examples by page; None until somebody has made them."""
    shelf = _shelf()
    return shelf[0] if shelf else None


def make() -> None:
    """Make the examples; a page whose network cannot be opened has none: the page says why."""
    from dlnlp.artifacts import ArtifactError

    made = {}
    for stem, maker in _MAKERS.items():
        try:
            made[stem] = maker()
        except (ArtifactError, IndexError, StopIteration, ValueError):  # no such network is here
            continue
    shelf = _shelf()
    if not shelf:
        shelf.append(made)
