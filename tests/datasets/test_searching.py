"""Searching reviews agrees with reading each of them."""

import random
import re

import pytest

from dlnlp.datasets import Review
from dlnlp.datasets.searching import ReviewStore

WORDS = ["good", "goodness", "bad", "not", "the", "film", "Film,", "it's", "Amélie", "été", "9/10"]


def some_reviews(count: int = 200, seed: int = 0) -> list[Review]:
    rng = random.Random(seed)
    texts = [" ".join(rng.choices(WORDS, k=rng.randint(1, 12))) for _ in range(count)]
    return [Review(text, k % 2, "", 3 * k) for k, text in enumerate(texts)]


@pytest.fixture
def reviews() -> list[Review]:
    return some_reviews()


def holders(reviews: list[Review], *phrases: str) -> set[int]:
    """Rows whose text holds every phrase as whole words, by reading each text."""
    patterns = [
        re.compile(rf"(?<![^\W_]){re.escape(phrase)}(?![^\W_])", re.IGNORECASE)
        for phrase in phrases
    ]
    return {r.row for r in reviews if all(pattern.search(r.text) for pattern in patterns)}


@pytest.mark.parametrize(
    ("query", "phrases"),
    [
        ("good", ["good"]),
        ("FILM", ["film"]),
        ("good bad", ["good", "bad"]),
        ('"not  bad"', ["not bad"]),
        ('film "not bad', ["film", "not bad"]),
        ("good, 9/10!", ["good", "9/10"]),
        ("it's", ["it's"]),
        ("it", ["it"]),
        ("Amélie", ["Amélie"]),
        ("t", None),
        ("zither", ["zither"]),
        ("!!! ...", None),
        ("", None),
        ('"', None),
        ("(", None),
    ],
)
def test_search_finds_what_reading_finds(
    reviews: list[Review], query: str, phrases: list[str] | None
) -> None:
    expected = holders(reviews, *phrases) if phrases else set()
    found = ReviewStore(reviews).search(query, limit=1_000)
    assert found.total == len(expected)
    assert {hit.row for hit in found.hits} == expected


def test_hits_are_limited_mixed_and_say_where(reviews: list[Review]) -> None:
    store = ReviewStore(reviews)
    found = store.search("bad", limit=5)
    assert len(found.hits) == 5 < found.total
    assert [hit.row for hit in found.hits] != sorted(hit.row for hit in found.hits)
    by_row = {review.row: review for review in reviews}
    for hit in found.hits:
        assert hit.label == by_row[hit.row].label
        assert "bad" in hit.snippet and hit.snippet.strip("…") in by_row[hit.row].text


def test_a_snippet_shows_whole_words_around_the_first_place() -> None:
    text = "before " * 100 + "the zither plays " + "after " * 100
    (hit,) = ReviewStore([Review(text, 0, "", 7)]).search("zither").hits
    assert hit.snippet.startswith("…before ") and hit.snippet.endswith(" after…")
    assert " the zither plays " in hit.snippet and len(hit.snippet) < 300


def test_every_review_comes_back(reviews: list[Review]) -> None:
    store = ReviewStore(reversed(reviews))
    assert len(store) == len(reviews)
    assert 3 in store and 4 not in store
    for review in reviews:
        assert store.review(review.row) == review
    with pytest.raises(KeyError):
        store.review(4)
    assert store.draw() in reviews


def test_markup_and_zero_bytes_are_read_as_breaks() -> None:
    store = ReviewStore([Review("one<br /><br />two\0three", 1, "tt1", 0)])
    assert store.review(0).text == "one\n\ntwo three"
    assert store.search("three").total == 1


def test_an_empty_split_is_searched() -> None:
    assert ReviewStore([]).search("good").total == 0


def test_more_terms_than_a_query_has_are_left_out() -> None:
    store = ReviewStore([Review("aa bb cc dd ee", 0, "", 0)])
    assert store.search("aa bb cc dd ee zz").total == 1
    assert store.search("zz aa bb cc dd ee").total == 0
