"""What sets one page that reads reviews apart from another: its address, settings and keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dlnlp.examples.texts import Example
from dlnlp.ui.text.examples import examples_for, own_examples

_RESERVED = {"model", "text", "kept"}
# Value of the setting "target": whatever class is predicted.
PREDICTED = "predicted"


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
