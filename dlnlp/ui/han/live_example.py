"""A review that misleads the network, for the home page."""

from dlnlp.explain.text_attribution import attention
from dlnlp.ui.han.methods import METHODS
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.live_example import LiveExample
from dlnlp.ui.shell.parts import COMPARE
from dlnlp.ui.shell.permalink import encode_text
from dlnlp.ui.text.answers import answer_of, prediction
from dlnlp.ui.text.shaded_html import thumbnail
from dlnlp.ui.text.shaded_text import view_data

IRONY = "Five stars for the box. One for what was in it."
PLAIN = "One star for the box. Five for what was in it."


def live_example() -> LiveExample:
    """Made here and now by what the page itself uses."""
    model = loading.han_models()[0]
    results = [loading.han_predictor(model).predict(text) for text in (IRONY, PLAIN)]
    query = {
        "model": model,
        "text": encode_text(IRONY) or "",
        "kept": encode_text(PLAIN, like=IRONY) or "",
        "part": COMPARE,
    }
    return LiveExample(
        thumbnail(view_data(attention(results[0], "product"), METHODS["product"])),
        f"It says: **{prediction(answer_of(results[0]))}**. "
        f"Swap *five* and *one*: **{prediction(answer_of(results[1]))}**.",
        "Which words misled it?",
        query,
    )
