"""How often each network errs, for the home page."""

import html

from dlnlp import artifacts
from dlnlp.ui.models.comparison import summary
from dlnlp.ui.shell.hues import hue
from dlnlp.ui.shell.live_example import LiveExample


def live_example() -> LiveExample:
    """Made here and now by what the page itself uses."""
    summaries = [summary(name) for name in artifacts.available_models(artifacts.WEIGHTS)]
    errors = [(f, 1 - f.measures["accuracy"].value) for f in summaries if "accuracy" in f.measures]
    rows = "".join(
        f"<span>{html.escape(found.title)}</span>"
        "<span><span style='display:inline-block;height:.8rem;"
        f"min-width:2px;border-radius:.2rem;background:{hue('against')};width:{180 * error:.1f}%'>"
        f"</span> {100 * error:.1f} %</span>"
        for found, error in errors
    )
    worst = max(errors, key=lambda pair: pair[1])[0].name
    return LiveExample(
        '<div style="display:grid;grid-template-columns:max-content 1fr;gap:.2rem .8rem;'
        f'font-size:.9rem">{rows}</div>',
        "Test error of each of them.",
        "Why the worst is still worth a look",
        {"network": worst},
    )
