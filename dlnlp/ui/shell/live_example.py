"""What a page offers the home page: one example, computed here and now.

Every page has a module ``live_example`` in its folder, with a function ``live_example``. The home
page finds it by the page's name, so that no page imports another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module


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


def live_example_of(page: str) -> LiveExample:
    """Make the example of a page; what it needs is imported now, not before.

    Args:
        page: the file in ``pages/`` without ``.py``; the page's folder has the same name.

    Raises:
        ModuleNotFoundError: the page offers none.
        ArtifactError: its network cannot be opened.
    """
    example: LiveExample = import_module(f"dlnlp.ui.{page}.live_example").live_example()
    return example
