"""Three schedules that differ, for the home page."""

import base64
import html

from dlnlp.ui.schedules import view as schedule_view
from dlnlp.ui.schedules.curves import curves_of
from dlnlp.ui.schedules.view import View
from dlnlp.ui.shell.live_example import LiveExample


def live_example() -> LiveExample:
    """Made here and now by what the page itself uses."""
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
