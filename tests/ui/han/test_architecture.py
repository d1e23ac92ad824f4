"""The pictures show the review at hand."""

import pytest

from dlnlp.ui.han.architecture import SAMPLE, illustrate, numbers_of, pictures
from dlnlp.ui.han.architecture_steps import STEPS
from dlnlp.ui.shell.picture import LONGEST_TEXT, text
from tests.ui.text.attention_results import make_result


def words_in(picture) -> list[str]:
    return [words for _, _, words in picture.shapes if words]


def test_a_picture_for_each_step() -> None:
    assert len(pictures(SAMPLE)) == len(STEPS)


def test_pictures_hold_the_numbers_of_the_review() -> None:
    result = make_result("alpha beta gamma delta epsilon. one two. three. four five.")
    shown = illustrate(result)
    top = int(result.sentence_attention.argmax())
    inside = result.token_sentence == top
    assert max(shown.word_shares) == pytest.approx(float(result.word_attention[inside].max()))
    assert max(shown.sentence_shares) == pytest.approx(float(result.sentence_attention.max()))
    vectors, _, attention, _, _, classes = pictures(shown)
    assert words_in(vectors) == list(shown.words)
    assert f"{100 * shown.word_shares[0]:.0f} %" in words_in(attention)
    assert set(result.class_names) <= set(words_in(classes))


@pytest.mark.parametrize("review", ["one", "one two", "a. b", "x" * 500 + "."])
def test_short_and_odd_reviews_have_pictures(review: str) -> None:
    result = make_result(review)
    for picture in pictures(illustrate(result)):
        assert all(len(words) <= LONGEST_TEXT for words in words_in(picture))
    assert len(numbers_of(result, 200)) == len(STEPS)


def test_numbers_of_the_review() -> None:
    result = make_result("good frob. bad", unknown=["frob"])
    first, *_ = numbers_of(result, 200)
    assert first.startswith("3 words, 1 of them unknown, 200 numbers each.")


def test_long_words_are_cut() -> None:
    assert text(0, 0, "y" * 99)[2].endswith("…")
