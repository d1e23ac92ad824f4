"""Comprehensiveness and sufficiency, on a network whose answer is known: it counts good words."""

import numpy as np
import pytest

from dlnlp.explain.faithfulness import (
    Document,
    measure,
    measure_sentences,
    sentence_variants,
    sentences_of_cut,
    variants,
    without,
    words_of_share,
)
from dlnlp.text.vocabulary import UNKNOWN

GOOD, PLAIN = 5, 9
# Ten words, two good ones.
DOCUMENT = [
    np.array([PLAIN, GOOD, PLAIN, PLAIN], np.int32),
    np.array([PLAIN] * 5 + [GOOD], np.int32),
]
# Four sentences, two of them with a good word.
SENTENCES = [np.array(words, np.int32) for words in ([PLAIN], [PLAIN, GOOD], [PLAIN] * 3, [GOOD])]
IS_GOOD = np.concatenate(DOCUMENT) == GOOD


def ask(documents: list[Document]) -> np.ndarray:
    """Probability: 0.1, and 0.4 more for each good word."""
    return np.array([0.1 + 0.4 * (np.concatenate(d) == GOOD).sum() for d in documents])


def test_words_that_matter_are_needed_and_enough() -> None:
    found = measure(DOCUMENT, {"true": IS_GOOD * 1.0, "false": -1.0 * IS_GOOD}, ask, "delete")
    assert found.probability == pytest.approx(0.9)
    assert found.words.tolist() == [1, 1, 2, 5]
    true, false = found.methods["true"], found.methods["false"]
    assert true.comprehensiveness == pytest.approx([0.4, 0.4, 0.8, 0.8])
    assert true.sufficiency == pytest.approx([0.4, 0.4, 0, 0])
    assert false.comprehensiveness == pytest.approx([0, 0, 0, 0])
    assert false.sufficiency == pytest.approx([0.8, 0.8, 0.8, 0.8])


@pytest.mark.parametrize("mode", ["delete", "unknown"])
def test_random_rankings_lie_between_and_follow_the_seed(mode) -> None:
    found = measure(DOCUMENT, {"true": IS_GOOD * 1.0}, ask, mode, random_orders=200)
    assert found.random.shape == (200, 2, 4)
    assert found.random[:, 0].mean(axis=0) == pytest.approx([0.08, 0.08, 0.16, 0.4], abs=0.06)
    again = measure(DOCUMENT, {}, ask, mode, random_orders=200)
    assert (again.random == found.random).all()
    other = measure(DOCUMENT, {}, ask, mode, random_orders=200, seed=1)
    assert (other.random != found.random).any()


def test_deleting_closes_up_and_masking_keeps_places() -> None:
    removed = np.array([True] * 4 + [False, True] * 3)
    (left,) = without(DOCUMENT, removed, "delete")
    assert left.tolist() == [PLAIN, PLAIN, PLAIN]
    masked = without(DOCUMENT, removed, "unknown")
    assert [sentence.tolist() for sentence in masked] == [
        [UNKNOWN] * 4,
        [PLAIN, UNKNOWN, PLAIN, UNKNOWN, PLAIN, UNKNOWN],
    ]
    nothing = without(DOCUMENT, np.ones(10, bool), "delete")
    assert [sentence.tolist() for sentence in nothing] == [[UNKNOWN]]


def test_equals_are_taken_in_the_order_of_the_text() -> None:
    first, _ = variants(DOCUMENT, np.zeros(10), (0.1,), "delete")
    assert [sentence.tolist() for sentence in first] == [
        DOCUMENT[0][1:].tolist(),
        DOCUMENT[1].tolist(),
    ]


def test_a_share_is_one_word_at_least_and_whole_numbers_stay() -> None:
    assert [words_of_share(0.05, n) for n in (1, 20, 21)] == [1, 1, 2]
    assert [words_of_share(0.1, n) for n in (30, 31)] == [3, 4]


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="none of delete, unknown"):
        measure(DOCUMENT, {}, ask, "burn")  # type: ignore[arg-type]


def test_a_cut_of_sentences_is_a_number_of_them_or_a_share_rounded_up() -> None:
    assert [sentences_of_cut(cut, 11) for cut in (1, 2, 0.2, 0.5)] == [1, 2, 3, 6]
    assert [sentences_of_cut(cut, 1) for cut in (1, 2, 0.2, 0.5)] == [1, 1, 1, 1]


def test_sentences_are_removed_whole_and_kept_in_the_order_of_the_text() -> None:
    document = [np.array([number], np.int32) for number in range(5, 9)]
    made = sentence_variants(document, np.array([0.1, 0.4, 0.2, 0.3]), (1, 2, 0.5))
    plain = [[int(ids[0]) for ids in variant] for variant in made]
    assert plain == [[5, 7, 8], [5, 7], [5, 7], [6], [6, 8], [6, 8]]
    nothing, _ = sentence_variants(document, np.zeros(4), (4,))
    assert [ids.tolist() for ids in nothing] == [[UNKNOWN]]


def test_sentences_that_matter_are_needed_and_enough() -> None:
    good = np.array([(ids == GOOD).sum() for ids in SENTENCES], float)
    found = measure_sentences(SENTENCES, {"true": good, "false": -good}, ask, cuts=(1, 2, 0.5))
    assert found["true"].comprehensiveness == pytest.approx([0.4, 0.8, 0.8])
    assert found["true"].sufficiency == pytest.approx([0.4, 0, 0])
    assert found["false"].comprehensiveness == pytest.approx([0, 0, 0])
    assert found["false"].sufficiency == pytest.approx([0.8, 0.8, 0.8])


def test_random_rankings_of_sentences_are_averaged_and_follow_the_seed() -> None:
    found = measure_sentences(SENTENCES, {}, ask, cuts=(1, 2), random_orders=400)["random"]
    assert found.comprehensiveness == pytest.approx([0.2, 0.4], abs=0.05)
    again = measure_sentences(SENTENCES, {}, ask, cuts=(1, 2), random_orders=400)["random"]
    assert (again.comprehensiveness == found.comprehensiveness).all()
