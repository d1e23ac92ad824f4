"""Tables that a page shows, read back from what it draws."""

import re

from streamlit.testing.v1 import AppTest

_BETWEEN = re.compile(r"(?<!\\) \| ")


def tables(app: AppTest) -> list[dict[str, list[str]]]:
    """The cells of each table by column, as they are written, in the order of the page."""
    found = []
    for drawn in app.markdown:
        if drawn.value.startswith("| "):
            head, _, *rows = (
                _BETWEEN.split(line.removeprefix("| ").removesuffix(" |"))
                for line in drawn.value.split("\n")
            )
            found.append({name: [row[at] for row in rows] for at, name in enumerate(head)})
    return found
