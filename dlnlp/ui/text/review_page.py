"""What sets one page that reads reviews apart from another: its address, settings and keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dlnlp.examples.texts import Example
from dlnlp.explain.targets import UPPER
from dlnlp.ui.shell.permalink import PageLink, encode_text
from dlnlp.ui.text.examples import examples_for, own_examples

_RESERVED = {"model", "text", "kept"}
# Value of the setting "target": whatever class is predicted.
PREDICTED = "predicted"
# Its values: classes by their place, as links of all models share the setting; where classes are
# ordered, the upper against the lower ones.
TARGETS = (PREDICTED, "1", "2", "3", "4", "5", UPPER)
# Values of the setting "until": any class but the predicted one, or one of them by its place.
ANY_OTHER = "other"
UNTIL = (ANY_OTHER, "1", "2", "3", "4", "5")


@dataclass(frozen=True)
class ReviewPage:
    """A page with a review in an editor.

    Attributes:
        stem: File in ``pages/`` without ``.py``; also its URL and the prefix of its keys.
        settings: What else a link to the page restores: names with their values, the default
            first. The session keeps each under the key `setting(name)`.
        examples: Its examples, the first one shown at the start; by default those of the model
            (`dlnlp.ui.text.examples`).
    """

    stem: str
    settings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    examples: Sequence[Example] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for a setting without values or with a name that links use."""
        for name, values in self.settings.items():
            if not values or name in _RESERVED:
                raise ValueError(f"setting {name!r} of page {self.stem!r} needs values and a name")

    def examples_for(self, model: str) -> Sequence[Example]:
        """The examples that go with a model."""
        return own_examples(model) or self.examples or examples_for(model)

    def key(self, name: str) -> str:
        """The session's key for a thing of this page."""
        return f"{self.stem}_{name}"

    @property
    def text(self) -> str:
        """Key of the text."""
        return self.key("text")

    @property
    def model(self) -> str:
        """Key of the model's switch."""
        return self.key("model")

    def setting(self, name: str) -> str:
        """Key of a setting; raises KeyError for a setting that the page lacks."""
        if name not in self.settings:
            raise KeyError(name)
        return self.key(name)

    @property
    def link(self) -> PageLink:
        """Its links: the model, the settings, the text, and the version kept beside it."""
        return PageLink(self.stem, ("model", *self.settings, "text", "kept"))

    def url(self, parameters: Mapping[str, str], text: str, kept: str | None = None) -> str | None:
        """The link to a view.

        Args:
            parameters: The model and the settings, as many as it restores.
            text: The text on the page.
            kept: The version it is compared with, if any.

        Returns:
            The link; None where it would be longer than `permalink.MAX_URL`.
        """
        codes = {"text": encode_text(text)}
        if kept is not None:
            codes["kept"] = encode_text(kept, like=text)
        query = dict(parameters)
        for name, code in codes.items():
            if code is None:
                return None
            query[name] = code
        return self.link.url(query.items())
