"""The fewest words to change or to keep: as brute force says, and read afresh."""

import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, product
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from dlnlp.explain.counterfactuals import KEPT_SHARE, KINDS, Kind, Stopped, find
from dlnlp.explain.edit_search import Bound
from dlnlp.explain.substitutes import known_opposites, near_neighbours
from dlnlp.explain.word_changes import WordChange, changed_text, in_capitals_of, kept_text
from dlnlp.inference import HanPredictor, KimCnnPredictor, TextPredictor
from dlnlp.inference.text_result import TextResult
from tests.tiny_han import POLARITY, STARS, WORDS, write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn

LETTERS = [word for word in WORDS.split() if word.isalpha()]
OPPOSED = "good bad excellent awful love hate best worst worked buy return great terrible".split()


@cache
def network(kind: str, classes: tuple[str, ...], seed: int) -> TextPredictor:
    folder = Path(mkdtemp()) / kind
    if kind == "han":
        write_tiny_han(folder, seed, class_names=classes, max_words=20)
        return HanPredictor.load(folder)
    write_tiny_kim_cnn(folder, seed, class_names=classes)
    return KimCnnPredictor.load(folder)


def random_texts(
    count: int, longest: int, words: list[str], seed: int
) -> Iterator[list[list[str]]]:
    """Sentences of words, of at most `longest` words together."""
    rng = random.Random(seed)
    for _ in range(count):
        drawn = [rng.choice(words) for _ in range(rng.randint(1, longest))]
        cut = rng.randint(0, len(drawn))
        yield [part for part in (drawn[:cut], drawn[cut:]) if part]


def written(sentences: list[list[str]]) -> str:
    return "\n".join(" ".join(sentence) for sentence in sentences if sentence)


def brute_force(
    predictor: TextPredictor,
    sentences: list[list[str]],
    offered: Callable[[str], list[str]],
    wanted: Callable[[TextResult], bool],
    sizes: Iterator[int],
) -> int | None:
    """The smallest number of words to replace by one that is offered, the empty one by nothing."""
    flat = [word for sentence in sentences for word in sentence]
    ends = np.cumsum([len(sentence) for sentence in sentences])[:-1]
    for size in sizes:
        texts = []
        for places in combinations(range(len(flat)), size):
            for new in product(*(offered(flat[place]) for place in places)):
                words = np.array(flat, object)
                words[list(places)] = new
                parts = [[*filter(None, part)] for part in np.split(words, ends)]
                if any(parts):
                    texts.append(written(parts))
        results = predictor.predict_batch(texts) if texts else []
        if any(map(wanted, results)):
            return size
    return None


NETWORKS = [("han", STARS), ("han", POLARITY), ("kim_cnn", POLARITY), ("kim_cnn", STARS)]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("kind", "classes"), NETWORKS)
def test_the_fewest_deletions_and_kept_words_are_those_of_brute_force(
    kind: str, classes: tuple[str, ...], seed: int
) -> None:
    predictor = network(kind, classes, seed)
    for sentences in random_texts(12, 12 if seed == 0 else 8, LETTERS, seed):
        result = predictor.predict(written(sentences))
        own, count = result.predicted, len(result.tokens)
        deleted = find(predictor, result, "delete")
        sizes = iter(range(1, count))

        def flips(one: TextResult, own: int = own) -> bool:
            return one.predicted != own

        fewest = brute_force(predictor, sentences, lambda _: [""], flips, sizes)
        assert (len(deleted.found.changes) if deleted.found else None) == fewest
        assert deleted.outcome.fewest == (fewest is not None)
        kept = find(predictor, result, "keep")
        sizes = iter(range(count - 1, -1, -1))  # to delete: the most first
        least = KEPT_SHARE * result.probabilities[own]

        def keeps(one: TextResult, own: int = own, least: float = least) -> bool:
            return one.predicted == own and one.probabilities[own] > least

        most = brute_force(predictor, sentences, lambda _: [""], keeps, sizes)
        assert kept.found is not None and most is not None
        assert len(kept.found.changes) == count - most and kept.outcome.fewest


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("kind", "classes"), NETWORKS)
def test_the_fewest_replacements_are_those_of_brute_force(
    kind: str, classes: tuple[str, ...], seed: int
) -> None:
    predictor = network(kind, classes, seed)
    vocabulary, words = predictor.vocabulary, predictor.vocabulary.words
    near = near_neighbours(
        vocabulary.encode(LETTERS), predictor.runtime.embeddings, predictor.vocabulary
    )

    def like(word: str) -> list[str]:
        return [words[row] for row in near.get(int(vocabulary.encode([word])[0]), ())]

    def opposed(word: str) -> list[str]:
        return [words[row] for row in known_opposites(word, vocabulary)]

    for of, offered, drawn, longest in (
        ("opposites", opposed, [*OPPOSED, *LETTERS[:6]], 12),
        ("neighbours", like, LETTERS, 5),
    ):
        for sentences in random_texts(8, longest, drawn, seed):
            result = predictor.predict(written(sentences))
            own, sizes = result.predicted, iter(range(1, len(result.tokens) + 1))
            found = find(predictor, result, of)
            fewest = brute_force(
                predictor, sentences, offered, lambda one, own=own: one.predicted != own, sizes
            )
            assert (len(found.found.changes) if found.found else None) == fewest
            assert found.outcome.fewest == (fewest is not None)


@pytest.mark.parametrize("kind", ["han", "kim_cnn"])
@pytest.mark.parametrize("of", ["delete", "neighbours"])
def test_a_chosen_class_wins(kind: str, of: Kind) -> None:
    predictor, reached = network(kind, STARS, 1), 0
    for sentences in random_texts(10, 9, [*OPPOSED, *LETTERS], 5):
        result = predictor.predict(written(sentences))
        for goal in set(range(5)) - {result.predicted}:
            found = find(predictor, result, of, goal)
            if found.found is not None:
                reached += 1
                assert found.found.result.predicted == goal
                assert predictor.predict(found.found.result.text).predicted == goal
        with pytest.raises(ValueError, match="wins already"):
            find(predictor, result, of, result.predicted)
    assert reached


@pytest.mark.parametrize("kind", ["han", "kim_cnn"])
def test_what_is_found_in_a_real_text_is_read_afresh(kind: str) -> None:
    text = "The film isn't very good, but I love it. GREAT price!! “Bad” quality; it works. Buy it?"
    predictor = network(kind, POLARITY, 2)
    result = predictor.predict(text)
    for of in KINDS:
        searched = find(predictor, result, of)
        assert searched.outcome.predictions <= 5_000
        if searched.found is None:
            continue
        found, again = searched.found, predictor.predict(searched.found.result.text)
        np.testing.assert_allclose(found.result.logits, again.logits)
        assert (again.predicted == result.predicted) == (of == "keep")
        words = [change.word for change in found.changes]
        others = [word for n, word in enumerate(result.tokens) if (n in words) == (of == "keep")]
        if of in ("delete", "keep"):
            assert list(again.tokens) == others


def test_texts_are_tidied_and_keep_their_capitals() -> None:
    predictor = network("han", STARS, 0)
    result = predictor.predict("Good film, GREAT price. It doesn't work.")
    at = {token: number for number, token in enumerate(result.tokens)}
    changes = (WordChange(at["good"], "bad"), WordChange(at["great"], "poor"))
    assert changed_text(result, changes) == "Bad film, POOR price. It doesn't work."
    assert changed_text(result, [WordChange(at["film"])]) == "Good, GREAT price. It doesn't work."
    assert changed_text(result, [WordChange(at["n't"])]) == "Good film, GREAT price. It does work."
    kept = kept_text(result, [at["good"], at["price"], at["does"], at["n't"], at["work"]])
    assert kept == "Good price\ndoesn't work"
    assert in_capitals_of("A", "the") == "The"


def test_what_is_left_of_a_contraction_is_a_word() -> None:
    predictor = network("han", STARS, 0)
    result = predictor.predict("CAN'T work, won't work.")
    first, second = (n for n, token in enumerate(result.tokens) if token == "n't")
    assert changed_text(result, [WordChange(first)]) == "CAN work, won't work."
    assert changed_text(result, [WordChange(second)]) == "CAN'T work, will work."
    both = [WordChange(second), WordChange(second - 1)]
    assert changed_text(result, both) == "CAN'T work, work."


def test_a_search_can_be_stopped_and_says_what_it_could_change() -> None:
    predictor = network("han", STARS, 0)
    result = predictor.predict("very very very very")
    with pytest.raises(Stopped):
        find(predictor, result, "delete", stopped=lambda: True)
    none = find(predictor, result, "opposites")
    assert none.found is None and none.choices == 0 and none.outcome.predictions == 0


def test_within_a_small_bound_nothing_need_be_found() -> None:
    predictor = network("han", STARS, 0)
    result = predictor.predict("good " * 200)
    found = find(predictor, result, "delete", bound=Bound(predictions=50, exhaustive=50))
    assert found.outcome.predictions <= 50
