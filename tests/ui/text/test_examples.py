"""The examples are what the page promises."""

from dlnlp.ui.text.examples import FILMS, STARS, examples_for, first_text, is_example


def test_one_example_a_star_level() -> None:
    assert [example.label for example in STARS] == [f"{k} ★" for k in range(1, 6)]
    assert examples_for("han_stars") == STARS and examples_for("han_imdb") == FILMS


def test_examples_are_reviews_of_a_few_sentences() -> None:
    for example in (*STARS, *FILMS):
        assert 60 <= len(example.text.split()) <= 150
        assert sum(example.text.count(mark) for mark in ".!?") >= 5
        assert "  " not in example.text


def test_first_text_is_one_of_the_model() -> None:
    assert first_text("han_stars") in [example.text for example in STARS]
    assert first_text("han_imdb") in [example.text for example in FILMS]
    assert is_example(FILMS[0].text) and not is_example("mine")
