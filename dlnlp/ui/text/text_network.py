"""A network that reads reviews, as the pages that show one know it: alike for all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Generic, Protocol, TypeVar

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.shading import Ends
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.shell.loading import Reading
from dlnlp.ui.text.answers import Answer, answer_of
from dlnlp.ui.text.highlighted_text import HighlightedTextData
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.review_page import ReviewPage
from dlnlp.ui.text.take_away import SavedFile

Result = TypeVar("Result", AttentionResult, SentimentResult)


class Attribute(Protocol[Result]):
    """Explains what a network read, by any of its methods."""

    def __call__(
        self, result: Result, method: str, target: int, *, random: bool = False
    ) -> Attribution[Result] | None:
        """A number for each word and sentence.

        Args:
            result: What the network read.
            method: Key of its methods.
            target: Class that is explained; attention knows none.
            random: Whether the network has randomised weights.

        Returns:
            None while it is computed; it then has drawn how far that is.
        """


@dataclass(frozen=True)
class TextNetwork(Generic[Result]):
    """What the views that all networks share ask of one.

    Attributes:
        page: The page that shows it.
        model: Its name.
        card: Its card.
        setting: Setting of the page that holds the method.
        methods: How the page speaks of each method.
        main: The methods that are offered at once, with what stands on their buttons; all others
            are in a menu.
        read: A text to the network's reading of it.
        attribute: Explains a reading.
        view: An attribution as every view draws it, on given scales or its own.
        files: What can be saved of a reading and its attribution.
    """

    page: ReviewPage
    model: str
    card: Mapping[str, Any]
    setting: str
    methods: Mapping[str, MethodText]
    main: Mapping[str, str]
    read: Callable[[str], Reading[Result]]
    attribute: Attribute[Result]
    view: Callable[[Attribution[Result], tuple[Ends, Ends] | None], HighlightedTextData]
    files: Callable[[Attribution[Result]], Sequence[SavedFile]]

    def answer_to(self, text: str) -> Answer | str:
        """What the network says of a text, or the sentence that says why it says nothing."""
        reading = self.read(text)
        return reading.message if reading.result is None else answer_of(reading.result)


def text_network_of(page: str, predictor: object) -> TextNetwork[Any]:
    """A network as its own page knows it, for a view beside another page's network.

    Every page of a network that reads texts has a module ``text_network`` in its folder, with a
    function ``text_network``; it is found by the page's name, so that no page imports another.

    Args:
        page: the file in ``pages/`` without ``.py``; the page's folder has the same name.
        predictor: the opened network, of the kind that the page shows.

    Raises:
        ModuleNotFoundError: the page shows no such network.
    """
    network: TextNetwork[Any] = import_module(f"dlnlp.ui.{page}.text_network").text_network(
        predictor
    )
    return network
