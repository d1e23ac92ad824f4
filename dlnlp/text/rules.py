"""The rules by which a text is cut into sentences and words, and their names.

A network answers only for texts that are cut as those it was trained on. So ``preprocessor.json``
names its rules, and rules are added here, never changed.
"""

from dataclasses import dataclass, field

from dlnlp.text.words import EMOJI, TWO_BLOCKS, Words


@dataclass(frozen=True)
class TextRules:
    """One set of rules.

    Attributes:
        name: as ``preprocessor.json`` gives it.
        english: whether sentences are cut with what is known of English writing
            (:mod:`dlnlp.text.english`): abbreviations, addresses, and "…" as an ellipsis.
        words: what counts as a word.
    """

    name: str
    english: bool = field(compare=False)
    words: Words = field(compare=False, repr=False)


# Sentences as Punkt learned them, alone; of emoji, two blocks.
LEARNED = TextRules("learned", english=False, words=TWO_BLOCKS)
# What Punkt learned, joined with English abbreviations and addresses; all emoji.
ENGLISH = TextRules("english", english=True, words=EMOJI)

RULES = {rules.name: rules for rules in (LEARNED, ENGLISH)}
