"""The texts are reviews of a few sentences, and the traps set what they promise."""

import pytest

from dlnlp.examples.texts import FILMS, KIM_EXAMPLES, STARS, TRAPS
from dlnlp.ui.kim_cnn.methods import KIM


@pytest.mark.parametrize("example", (*STARS, *FILMS, *TRAPS), ids=lambda example: example.label)
def test_examples_are_reviews_of_a_few_sentences(example) -> None:
    assert 60 <= len(example.text.split()) <= 150
    assert sum(example.text.count(mark) for mark in ".!?") >= 5
    assert "  " not in example.text


def test_the_traps_are_set() -> None:
    texts = {example.label: example.text.lower() for example in TRAPS}
    assert "not bad" in texts["Not bad"]
    assert texts["Negation"].count("not ") >= 4 and "great" in texts["Negation"]
    assert sum(texts["Irony"].count(word) for word in ("wonderful", "brilliant", "superb")) == 3
    assert "terrible" in texts["Two minds"] and "wonderful" in texts["Two minds"]


def test_labels_are_distinct_and_the_page_begins_with_both_sides() -> None:
    assert len({example.label for example in KIM_EXAMPLES}) == len(KIM_EXAMPLES)
    assert tuple(KIM.examples)[0].label == "Two minds"
