"""Example reviews of our own writing: one for each star level, and films for the IMDB model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from dlnlp.ui.shell import networks

FILE = "examples.json"  # in the directory of an own network: label and text of each
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Example:
    """A text to try, and the words on its button."""

    label: str
    text: str


STARS: tuple[Example, ...] = (
    Example(
        "1 ★",
        "I have owned cheap headphones before, but never ones that died before the parcel tape "
        "was in the bin. The left side crackled for ten minutes and then went silent. Support "
        "asked me to restart the headphones. They have no switch! I asked for a refund and "
        "received a voucher for the same broken model instead. The box, I admit, is very pretty. "
        "Do not waste your money on this garbage; a paper cup and a string would give you better "
        "sound.",
    ),
    Example(
        "2 ★",
        "I really wanted to love this little coffee machine. It looks lovely on the counter and "
        "the first cup was decent. Then the problems started. The water tank leaks whenever you "
        "fill it past the middle, the milk frother spits more than it froths, and cleaning takes "
        "longer than drinking. After two weeks the coffee comes out lukewarm. The seller was "
        "polite but offered no help. It is not a total disaster, just a disappointing machine "
        "that I would not buy again.",
    ),
    Example(
        "3 ★",
        "The hotel is a tale of two halves. Our room was spotless, the bed was wonderful and the "
        "woman at the reception found us a table when the whole town was booked. On the other "
        "hand, the walls are paper thin, the lift was out of order for three days and breakfast "
        "was stale bread with sad little cubes of cheese. The view over the harbour is great. The "
        "price is not. It was okay for a weekend, nothing more, and nothing less.",
    ),
    Example(
        "4 ★",
        "Great little tent, with one silly flaw. It went up in six minutes on our first try, "
        "stayed bone dry through a night of sideways rain, and packs down smaller than my "
        "sleeping bag. The poles feel solid and the colour is gorgeous. But why are the pegs made "
        "of butter? Half of them bent in ordinary grass. I bought a better set for a few coins "
        "and have been happy ever since. Not perfect, but very good value and I would recommend "
        "it to any family.",
    ),
    Example(
        "5 ★",
        "Oh, what a book! I opened it at ten in the evening, meaning to read one chapter, and "
        "closed it at dawn with tears on my face. The grandmother alone is worth the price: "
        "funny, wicked and wise, often in the same sentence. Not a single page drags. My daughter "
        "stole it from me and finished it in two days; now my mother is waiting for her turn. I "
        "have bought three more copies as presents. Absolutely wonderful, the best thing I have "
        "read in years.",
    ),
)
FILMS: tuple[Example, ...] = (
    Example(
        "Hated it",
        "Two hours of my life, gone. The plot is a pile of coincidences, the hero has one facial "
        "expression, and the dialogue sounds as if it had been written during lunch. There is a "
        "single good joke and it is in the trailer. My neighbour fell asleep; I envied her. When "
        "the villain finally explained his plan, people in the back row laughed out loud, and it "
        "was not meant to be funny. Dull, noisy and painfully bad. Avoid.",
    ),
    Example(
        "Torn",
        "Halfway through I was ready to walk out. The first hour is slow, the camera wobbles and "
        "nobody seems to finish a sentence. Then the old lighthouse keeper starts to sing, and "
        "the film wakes up. What follows is tender, strange and beautiful, carried by a young "
        "actress whom I had never seen before. The ending is a mess. I still cannot decide "
        "whether this is a bad film with a great heart or a great film with a bad first hour.",
    ),
    Example(
        "Loved it",
        "I expected a modest comedy about a village choir and got one of the warmest films of the "
        "year. The script is sharp, every small part is played with love, and the last concert "
        "had the whole audience humming. Yes, the story is simple. It does not matter! The "
        "director trusts silence, faces and music, and never once begs for tears; they come by "
        "themselves. A superb, funny, deeply human picture. I went again the next evening.",
    ),
)
_EXAMPLES: Mapping[str, tuple[Example, ...]] = {"han_imdb": FILMS, "kim_cnn": FILMS}


def own_examples(model: str) -> tuple[Example, ...]:
    """Examples saved with a network that the user trained; empty for a shipped network."""
    try:
        content = json.loads((networks.directory(model) / FILE).read_text(encoding="utf-8"))
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
    own = (own_examples(model) for model in networks.own_models())
    return any(text == example.text for example in chain(STARS, FILMS, *own))
