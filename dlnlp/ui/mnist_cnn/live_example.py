"""A tangle that the network takes for a digit, for the home page."""

from dlnlp.ui.mnist_cnn import loading as digit_loading
from dlnlp.ui.mnist_cnn import strokes
from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.mnist_cnn.pictures import png_uri
from dlnlp.ui.shell.live_example import LiveExample
from dlnlp.ui.shell.numbers import probability


def live_example() -> LiveExample:
    """Made here and now by what the page itself uses."""
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
