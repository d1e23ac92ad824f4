"""A review whose last words are outvoted, for the home page."""

from dlnlp.ui.kim_cnn.explaining import attribute
from dlnlp.ui.kim_cnn.methods import METHODS
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.live_example import LiveExample
from dlnlp.ui.shell.numbers import probability
from dlnlp.ui.shell.permalink import encode_text
from dlnlp.ui.text.shaded_html import thumbnail
from dlnlp.ui.text.shaded_text import view_data

BUT = "Wonderful actors, a brilliant director, and not one good scene."


def live_example() -> LiveExample:
    """Made here and now by what the page itself uses."""
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
