"""What was found is said plainly, also that nothing was; pieces are the text with its changes."""

import pytest

from dlnlp.explain.counterfactuals import KINDS, Kind, Searched, find
from dlnlp.explain.edit_search import Bound, Outcome
from dlnlp.ui.text.counterfactual_job import CounterfactualJob
from dlnlp.ui.text.counterfactual_text import card, pending, what
from tests.tiny_han import POLARITY, STARS
from tests.ui.text.counterfactual_jobs import TEXT, finished, tiny

HOSTILE = "<b>good</b> film & \u202egreat **bad** $x$ but I love it"


def original(pieces: list) -> str:
    """The text without what is new: spaces before it are no part of the text either."""
    words = ""
    for place, piece in enumerate(pieces):
        follows = pieces[place + 1]["change"] if place + 1 < len(pieces) else ""
        if piece["change"] != "new" and not (follows == "new" and piece["text"] == " "):
            words += piece["text"]
    return words


@pytest.mark.parametrize("text", [TEXT, HOSTILE])
@pytest.mark.parametrize("classes", [STARS, POLARITY])
def test_pieces_are_the_text_with_its_changes_in_place(text: str, classes: tuple) -> None:
    job = finished(text, classes=classes)
    assert any(found.found for found in job.searched)
    for found in job.searched:
        drawn = card(found, None)
        if found.found is None:
            assert drawn["pieces"] == [] and drawn["classes"] == []
            continue
        assert original(drawn["pieces"]) == text
        changed = [piece for piece in drawn["pieces"] if piece["change"] in ("gone", "kept")]
        assert len(changed) == len(found.found.changes)
        before, after = found.reading, found.found.result
        first = drawn["classes"][0]
        assert first["name"] == before.class_names[before.predicted]
        assert first["after"] == pytest.approx(after.probabilities[before.predicted], abs=1e-4)
        if found.kind != "keep":
            assert drawn["classes"][1]["name"] == after.class_names[after.predicted]
            assert after.class_names[after.predicted] in drawn["said"]
        assert what(found, found.found).startswith(
            {"delete": "Deleted “", "keep": "Kept “"}.get(found.kind, "“")
        )


def test_of_a_long_text_only_what_stands_around_a_change_is_drawn() -> None:
    text = "The film is one of two. " * 30 + "I love it. " + "The film is one of two. " * 30
    predictor = tiny()
    found = find(predictor, predictor.predict(text), "opposites", bound=Bound(50, 50))
    keep = find(predictor, predictor.predict(text), "keep")
    for searched in (found, keep):
        if searched.found is None:
            continue
        pieces = card(searched, None)["pieces"]
        assert any(piece["change"] == "skipped" for piece in pieces)
        assert len("".join(piece["text"] for piece in pieces)) < len(text)
    assert keep.found is not None


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_said_plainly_when_nothing_was_found(kind: Kind) -> None:
    predictor = tiny()
    result = predictor.predict("the film is the film " * 20)
    goal = None if kind == "keep" else int(result.logits.argmin())
    found = find(predictor, result, kind, goal, bound=Bound(predictions=120, exhaustive=110))
    said = card(found, goal)["said"]
    if found.found is None:
        assert said.startswith("None")
        if found.choices and found.outcome.tried_all < found.choices - 1:
            assert f"{found.outcome.predictions:,} predictions" in said


def test_a_text_of_one_word_has_nothing_to_delete() -> None:
    predictor = tiny()
    found = find(predictor, predictor.predict("film"), "delete")
    said = card(found, None)["said"]
    assert said == "It is the only word: without it there is nothing to read."


@pytest.mark.parametrize(
    ("kind", "choices", "said"),
    [
        (
            "neighbours",
            1,
            "None. Its only word that has a near neighbour was tried (4 predictions)",
        ),
        ("neighbours", 2, "None. Every set of the 2 words that have a near neighbour was tried"),
        ("keep", 2, "None found: in 4 predictions no set of words alone kept"),
    ],
)
def test_what_was_tried_is_counted_in_plain_english(kind: Kind, choices: int, said: str) -> None:
    reading = tiny().predict("the film")
    outcome = Outcome(found=None, predictions=4, tried_all=choices, largest=choices)
    searched = Searched(kind, reading, None, outcome, choices)
    assert card(searched, None)["said"].startswith(said)


@pytest.mark.parametrize("length", range(2, 9))
def test_what_stands_around_a_change_is_whole_words(length: int) -> None:
    other = "a" * length  # the places of words move with it: some would be halved
    text = f"The film is {other}. " * 40 + "I love it. " + f"The film is {other}. " * 40
    predictor = tiny()
    keep = find(predictor, predictor.predict(text), "keep")
    shown = "".join(piece["text"] for piece in card(keep, None)["pieces"])
    assert "…" in shown
    assert set(shown.replace("…", " ").split()) <= set(text.split())


def test_a_proof_is_claimed_only_where_every_smaller_set_was_tried() -> None:
    predictor, claims = tiny(), set()
    for text in ("very good film but bad price", "love it the best book. not good, boring. " * 3):
        for kind in KINDS:
            for bound in (Bound(), Bound(predictions=400, exhaustive=30)):
                found = find(predictor, predictor.predict(text), kind, bound=bound)
                if found.found is None or len(found.found.changes) < 2:
                    continue
                sure = card(found, None)["sure"]
                assert ("No smaller set does it" in sure) == found.outcome.fewest
                assert ("A smaller set may exist" in sure) != found.outcome.fewest
                claims.add(found.outcome.fewest)
    assert True in claims


def test_words_say_what_a_job_is_at() -> None:
    predictor = tiny()
    job = CounterfactualJob(predictor, predictor.predict(TEXT), None)
    assert pending(job) == "Waits for another search …"
    job.state = "running"
    assert pending(job) == "Trying small changes …"
    job.drafts = []
    assert pending(job) == "Searching: fewest words to delete …"
    assert pending(finished()) == ""
