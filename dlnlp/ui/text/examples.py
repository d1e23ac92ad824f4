"""Which example texts a text page offers: those that ship, or those of an own network."""

import json
from collections.abc import Mapping
from itertools import chain

from dlnlp import catalogue
from dlnlp.examples.texts import FILMS, STARS, Example

FILE = "examples.json"  # in the directory of an own network: label and text of each
_LONGEST = 20_000
_EXAMPLES: Mapping[str, tuple[Example, ...]] = {"han_imdb": FILMS, "kim_cnn": FILMS}


def own_examples(model: str) -> tuple[Example, ...]:
    """Examples saved with a network that the user trained; empty for a shipped network."""
    try:
        content = json.loads((catalogue.directory(model) / FILE).read_text(encoding="utf-8"))
        entries = content["examples"]
        found = [Example(str(e["label"]), str(e["text"])[:_LONGEST]) for e in entries]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(example for example in found if example.label and example.text)


def examples_for(model: str) -> tuple[Example, ...]:
    """The examples of a model."""
    return own_examples(model) or _EXAMPLES.get(model, STARS)


def first_text(model: str) -> str:
    """What the page shows before anybody has typed: mixed feelings show attention best."""
    examples = examples_for(model)
    return examples[min(3 if len(examples) > 3 else 1, len(examples) - 1)].text


def is_example(text: str) -> bool:
    """Whether a text is an example of any model, which a change of model may replace."""
    own = (own_examples(model) for model in catalogue.own_models())
    return any(text == example.text for example in chain(STARS, FILMS, *own))
