"""A sentence at three moments of a recorded training, for the home page."""

from collections.abc import Sequence

from dlnlp.inference.recording import FILE, load_recording
from dlnlp.ui.shell import loading, networks
from dlnlp.ui.shell.live_example import LiveExample
from dlnlp.ui.shell.numbers import probability
from dlnlp.ui.text.highlighted_text import SpanData
from dlnlp.ui.text.replay import WordData, text_rows
from dlnlp.ui.text.shaded_html import pieces_html

_FIRST_WORD = "dull"  # of the sentence


def live_example() -> LiveExample:
    """From what was recorded while a HAN that ships was trained.

    Raises:
        StopIteration: no recording holds the sentence.
    """
    recordings = (load_recording(networks.directory(name) / FILE) for name in loading.han_models())
    recording, text, sentence = next(
        (found, text, sentence)
        for found in recordings
        if found is not None
        for text, watched in enumerate(found["texts"])
        for sentence, words in enumerate(watched["sentences"])
        if words[0] == _FIRST_WORD
    )
    points = recording["points"]
    moments = [points[0], points[len(points) // 2], points[-1]]
    attention = [point["texts"][text]["words"][sentence] for point in moments]
    darkest = max(map(max, attention))
    row = text_rows(recording["texts"][text])[sentence]
    shares = [point["texts"][text]["probabilities"] for point in moments]
    winner = max(range(len(shares[-1])), key=shares[-1].__getitem__)
    before, after = probability(shares[0][winner]), probability(shares[-1][winner])
    return LiveExample(
        "".join(
            _line(point["step"], row, [weight / darkest for weight in weights])
            for point, weights in zip(moments, attention, strict=True)
        ),
        "How attention formed in a network that ships; the probability that the review is "
        f"*{recording['class_names'][winner]}* went from {before} to **{after}**.",
        "Watch it form on your own texts",
        {},
    )


def _line(step: int, row: Sequence[WordData | str], shades: Sequence[float]) -> str:
    """The sentence as it is shaded at one step."""
    left = iter(shades)
    spans = [
        piece
        if isinstance(piece, str)
        else SpanData(index=-1, text=piece["word"], shade=next(left), numbers=[])
        for piece in row
    ]
    return (
        f'<p style="margin:0;line-height:1.9">{pieces_html(spans, "sequential")} '
        f'<span style="font-size:.8em;white-space:nowrap">step {step:,}</span></p>'
    )
