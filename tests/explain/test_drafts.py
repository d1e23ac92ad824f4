"""Drafts: sentences dropped, negations put in and taken out, words swapped for their opposites."""

import pytest

from dlnlp.artifacts import WEIGHTS
from dlnlp.explain.drafts import MOST, drafts
from dlnlp.inference import load_predictor


@pytest.fixture(scope="module")
def predictor():
    return load_predictor(WEIGHTS / "kim_cnn")


def texts(predictor, text: str, kind: str) -> list[str]:
    result = predictor.predict(text)
    return [d.text for d in drafts(result, predictor.vocabulary) if d.kind == kind]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The plot is good.", ["The plot is not good."]),
        ("The plot was very good, it was fun.", ["The plot was not very good, it was fun."]),
        ("It's a great film.", ["It's not a great film."]),
        ("The director's cut works.", []),  # a genitive
        ("It's been a great film.", []),
        ("It has been a great film.", ["It has not been a great film."]),
        ("It has a good plot.", []),  # "has not a good plot" is no modern English
        ("I loved it.", ["I did not love it."]),
        ("They recommend it.", ["They do not recommend it."]),
        ("He love it.", []),
        ("Is it good?", []),  # a question
        ("So what am I to say?", []),
        (
            "But why are the pegs made of butter? They are soft.",
            ["But why are the pegs made of butter? They are not soft."],
        ),
        ("This is how good is it.", ["This is not how good is it."]),
        ("I wonder why are they so bad.", []),
        ("What a film this is.", []),
        ("This film is, alas, bad.", []),
        ("The plot isn't good.", ["The plot is good."]),
        ("I don't like it.", ["I do like it."]),
        (
            "You can't miss it, and it won't hurt.",
            ["You can miss it, and it won't hurt.", "You can't miss it, and it will hurt."],
        ),
        ("I cannot wait.", ["I can wait."]),
        ("CANNOT wait for it.", ["CAN wait for it."]),
        ("It is not good.", ["It is good."]),
        ("It is not only good.", []),
        ("It is not good at all.", []),
        ("I don't have any of it.", []),
        ("Not bad.", []),
        ("It never is good.", []),  # has its negation already, of another kind
        ("It ain't good.", []),
    ],
)
def test_negations_follow_simple_rules(predictor, text: str, negated: list[str]) -> None:
    assert texts(predictor, text, "negate") == negated


def test_each_sentence_is_dropped_in_turn_but_never_the_only_one(predictor) -> None:
    text = "A bad start. The rest is good. Go!"
    assert texts(predictor, text, "drop") == [
        "The rest is good. Go!",
        "A bad start. Go!",
        "A bad start. The rest is good.",
    ]
    assert texts(predictor, "The rest is good.", "drop") == []


def test_words_are_swapped_for_opposites_that_the_network_knows(predictor) -> None:
    result = predictor.predict("Good plot, I hated it.")
    found = [d for d in drafts(result, predictor.vocabulary) if d.kind == "swap"]
    assert [(d.old, d.new, d.text) for d in found] == [
        ("Good", "Bad", "Bad plot, I hated it."),
        ("hated", "loved", "Good plot, I loved it."),
    ]


def test_hostile_and_long_texts(predictor) -> None:
    for text in ("<b>good</b> \x00 is 👍 good", "‏טוב is good", "is not " * 300, "Good. " * 300):
        result = predictor.predict(text)
        found = drafts(result, predictor.vocabulary)
        for kind in ("drop", "negate", "swap"):
            assert sum(d.kind == kind for d in found) <= MOST
        assert len({d.text for d in found} | {text}) == len(found) + 1
