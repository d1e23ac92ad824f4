"""What words add and what is lost without them, against fresh predictions of the cut texts."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from dlnlp.artifacts import WEIGHTS
from dlnlp.explain.evidence import evidence
from dlnlp.explain.places import logits_without
from dlnlp.explain.word_losses import WordLosses, next_windows, word_losses
from dlnlp.inference.kim_cnn import KimCnnPredictor
from dlnlp.inference.kim_cnn_network import KimCnnNetwork, of_target
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.softmax import softmax
from dlnlp.text.vocabulary import UNKNOWN
from tests.kim_cnn_results import VOCABULARY, random_runtime, result_of


@cache
def shipped() -> KimCnnPredictor:
    return KimCnnPredictor.load(WEIGHTS / "kim_cnn")


def random_texts(vocabulary: int, many: int) -> list[np.ndarray]:
    """Texts of 1 to 24 words; unknown words (1) and repeated ones are among them."""
    rng = np.random.default_rng(0)
    texts = [rng.integers(1, vocabulary, 1 + n % 24) for n in range(many)]
    for text in texts[::5]:
        text[rng.integers(len(text))] = UNKNOWN
        text[rng.integers(len(text))] = text[0]
    return [text.astype(np.int32) for text in texts]


def adds_up(found: WordLosses) -> None:
    expected = found.shares + found.neighbours + found.biases - found.fallback - found.met
    np.testing.assert_allclose(found.lost, expected, atol=1e-9)


def goes_on(
    result: SentimentResult, network: KimCnnNetwork, found: WordLosses, target: int
) -> None:
    """The windows that filters take without a word hold all that they add there."""
    words = len(result.tokens)
    if words == 1:
        return
    weights = of_target(network.output_weights, target)
    for word, windows in enumerate(next_windows(result, network, weights)):
        added = sum(window.contribution for window in windows)
        assert added == pytest.approx(found.fallback[word], abs=1e-5)
        sizes = [abs(window.contribution) for window in windows]
        assert sizes == sorted(sizes, reverse=True)
        for window in windows:
            assert 0 <= window.start < window.stop <= words
            assert window.stop - window.start <= max(network.widths) + (
                window.start < word < window.stop
            )
            assert (window.start, window.stop) != (word, word + 1)


def test_on_200_texts_shares_add_up_and_losses_are_those_of_fresh_predictions() -> None:
    runtime = shipped().runtime
    for number, ids in enumerate(random_texts(len(shipped().vocabulary), 200)):
        result, target = result_of(runtime, ids), number % 2
        found = word_losses(result, runtime.network, target)
        whole = evidence(result, runtime.network, target)
        assert found.shares.sum() + whole.bias == pytest.approx(whole.logit, abs=1e-5)
        adds_up(found)
        goes_on(result, runtime.network, found, target)
        if len(ids) > 1:
            fresh = np.array(logits_without(result, runtime, [(n, n + 1) for n in range(len(ids))]))
            lost = whole.logit - of_target(fresh, target)
            np.testing.assert_allclose(found.lost, lost, atol=1e-5)
            np.testing.assert_allclose(found.probabilities, softmax(fresh)[:, target], atol=1e-5)


@pytest.mark.parametrize("bias", [-3.0, 0.0, 3.0])
def test_texts_shorter_than_the_windows_add_up_too(bias: float) -> None:
    for seed, ids in enumerate(random_texts(VOCABULARY, 12)):
        runtime = random_runtime(seed, bias=bias)
        result = result_of(runtime, ids)
        found = word_losses(result, runtime.network, 1)
        adds_up(found)
        goes_on(result, runtime.network, found, 1)
        whole = evidence(result, runtime.network, 1)
        assert found.shares.sum() + whole.bias == pytest.approx(whole.logit, abs=1e-5)


def test_an_only_word_becomes_unknown() -> None:
    runtime = random_runtime(4)
    result = result_of(runtime, [7])
    found = word_losses(result, runtime.network, 1)
    unknown = runtime.run([np.array([UNKNOWN], np.int32)]).logits[0]
    lost = of_target(result.logits, 1) - of_target(unknown, 1)
    assert found.lost[0] == pytest.approx(float(lost), abs=1e-5)


def test_of_both_classes_one_loses_what_the_other_gains() -> None:
    runtime = random_runtime(5)
    result = result_of(runtime, [3, 9, 4, 4, 1, 12])
    one, other = (word_losses(result, runtime.network, target) for target in (1, 0))
    np.testing.assert_allclose(one.lost, -other.lost, atol=1e-12)
    np.testing.assert_allclose(one.shares, -other.shares, atol=1e-12)
    np.testing.assert_allclose(one.probabilities + other.probabilities, 1, atol=1e-12)


@pytest.mark.parametrize("target", [0, 3])
def test_of_many_classes_each_has_its_own_logit(target: int) -> None:
    for seed, ids in enumerate(random_texts(VOCABULARY, 8)[1:]):
        runtime = random_runtime(seed, classes=4)
        result = result_of(runtime, ids)
        found = word_losses(result, runtime.network, target)
        adds_up(found)
        goes_on(result, runtime.network, found, target)
        whole = evidence(result, runtime.network, target)
        assert found.shares.sum() + whole.bias == pytest.approx(whole.logit, abs=1e-5)
        fresh = np.array(logits_without(result, runtime, [(n, n + 1) for n in range(len(ids))]))
        np.testing.assert_allclose(found.lost, whole.logit - fresh[:, target], atol=1e-5)
        np.testing.assert_allclose(found.probabilities, softmax(fresh)[:, target], atol=1e-5)


def fresh_windows(
    ids: np.ndarray, network: KimCnnNetwork, word: int, losers: np.ndarray
) -> Counter[tuple[int, int]]:
    """Where the filters `losers` fire most in the text without a word, window by window."""
    left = np.delete(np.arange(len(ids)), word)
    found: Counter[tuple[int, int]] = Counter()
    for number in losers:
        kernel = network.kernels[number // network.filters][:, :, number % network.filters]
        padded = np.zeros((max(len(left), len(kernel)), kernel.shape[1]))
        padded[: len(left)] = network.vectors(ids[left])
        starts = range(len(padded) - len(kernel) + 1)
        values = [float((padded[start : start + len(kernel)] * kernel).sum()) for start in starts]
        if max(values) + network.biases[number] > 0:
            inside = left[int(np.argmax(values)) :][: len(kernel)]
            found[inside[0], inside[-1] + 1] += 1
    return found


def test_filters_go_where_they_fire_most_in_the_text_without_the_word() -> None:
    seen: Counter[int] = Counter()
    for seed, ids in enumerate(random_texts(VOCABULARY, 72)):
        runtime = random_runtime(seed, bias=0.5)
        result, network = result_of(runtime, ids), runtime.network
        weights = of_target(network.output_weights, 1)
        for word, windows in enumerate(next_windows(result, network, weights)):
            past = result.positions + network.filter_widths
            held = (result.positions <= word) & (word < past) & (result.pooled > 0)
            losers = np.flatnonzero(held) if len(ids) > 1 else np.zeros(0, np.int64)
            taken = {(window.start, window.stop): window.filters for window in windows}
            assert taken == fresh_windows(ids, network, word, losers)
            seen[len(ids)] += len(taken)
    assert all(seen[words] > 0 for words in range(2, 25))


def test_a_window_over_the_gap_holds_the_deleted_word_and_its_own() -> None:
    met = 0
    for seed, ids in enumerate(random_texts(VOCABULARY, 24)[1:]):
        runtime = random_runtime(seed, widths=(3,), filters=8)
        result = result_of(runtime, ids)
        weights = of_target(runtime.network.output_weights, 1)
        for word, windows in enumerate(next_windows(result, runtime.network, weights)):
            for window in windows:
                over = window.start <= word < window.stop
                met += over
                assert window.stop - window.start - over == min(3, len(ids) - 1)
    assert met > 0


def test_share_and_loss_of_a_known_word_differ_as_much_as_the_page_says() -> None:
    """The example of the page: a word whose neighbours and next best windows take most of it."""
    result = shipped().predict(
        "What am I supposed to say? A terrible start, a wonderful end. I was bored, then I cried."
    )
    word = result.tokens.index("terrible")
    found = word_losses(result, shipped().runtime.network, 1)
    assert found.shares[word] < 1.5 * found.lost[word] < 0
