"""The steps speak of the review at hand."""

from dlnlp.ui.kim_cnn.steps import SOURCES, STEPS, numbers_of
from tests.ui.kim_cnn.kim_results import make_explained


def test_numbers_of_the_review() -> None:
    result = make_explained("The film is very good zither").result
    words, places, fired, score = numbers_of(result, 8, (2, 3, 4))
    assert words == "6 words, 1 of them unknown, 8 numbers each."
    # 5, 4 and 3 places for 6 filters each
    assert places == "18 filters for 2, 3 and 4 words, 72 places compared."
    assert fired.startswith(f"{(result.pooled > 0).sum()} of 18")
    assert f"{100 * result.probabilities[1]:.1f} %" in score
    assert len(STEPS) == 4


def test_short_texts_and_one_width() -> None:
    result = make_explained("good").result
    assert "for 5 words, 18 places" in numbers_of(result, 8, (5,))[1]


def test_the_sources_are_named() -> None:
    named = " ".join(SOURCES)
    for author in ("Kim", "Johnson", "Zhang", "Simonyan", "Li", "Sundararajan"):
        assert author in named
