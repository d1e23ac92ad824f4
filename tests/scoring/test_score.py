"""Rows in, answers out: in order, as `predict` gives them."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.explain.known_words import count_unknown
from dlnlp.inference import HanPredictor, KimCnnPredictor, load_predictor
from dlnlp.inference.text_result import EmptyTextError
from dlnlp.scoring import score
from dlnlp.scoring.score import ScoredRow, added_columns, read_texts, score_rows
from dlnlp.tables.reader import BadRow, Row
from tests.tiny_han import POLARITY, STARS, WORDS, write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    write_tiny_han(root / "han_tiny")
    write_tiny_kim_cnn(root / "kim_tiny", max_tokens=20)
    write_tiny_kim_cnn(root / "kim_topics", class_names=("sports", "news", "science"))
    return root


@pytest.fixture(scope="module", params=["han_tiny", "kim_tiny", "kim_topics"])
def predictor(weights: Path, request: pytest.FixtureRequest) -> HanPredictor | KimCnnPredictor:
    return load_predictor(weights / request.param)


def texts(count: int) -> list[str]:
    rng = np.random.default_rng(3)
    words = WORDS.split()
    return [" ".join(rng.choice(words, 1 + n % 60)) + f" {n}" for n in range(count)]


def test_probabilities_are_those_of_predict(predictor: HanPredictor | KimCnnPredictor) -> None:
    given = [*texts(90), "Unknown wörds <br /> &amp; Good!!!", "good " * 30_000]
    expected = [predictor.predict(text).probabilities for text in given]
    np.testing.assert_allclose(read_texts(predictor, given[:-1])[0], expected[:-1], atol=1e-6)
    np.testing.assert_allclose(read_texts(predictor, given)[0], expected, atol=1e-6)
    assert read_texts(predictor, [])[0].shape == (0, len(predictor.class_names))
    with pytest.raises(EmptyTextError):
        read_texts(predictor, ["good", "--"])


def test_unknown_shares_are_those_of_predict(predictor: HanPredictor | KimCnnPredictor) -> None:
    given = [*texts(5), "good wörds", "10/10 !!", "wörds " * 2_000 + "good " * 6_000]
    results = [predictor.predict(text) for text in given]
    expected = [count_unknown(result.tokens, result.token_known).share for result in results]
    assert read_texts(predictor, given[:-1])[1] == expected[:-1]
    assert read_texts(predictor, given)[1] == expected
    assert expected[5:7] == [0.5, 0.0]


@pytest.mark.parametrize(("threads", "window"), [(1, 7), (2, 100), (3, 10_000)])
def test_rows_keep_their_order_and_fields(
    predictor: HanPredictor | KimCnnPredictor,
    monkeypatch: pytest.MonkeyPatch,
    threads: int,
    window: int,
) -> None:
    monkeypatch.setattr(score, "BATCH", 5)
    rows: list[Row | BadRow] = [
        Row(10 * n, (str(n), text, "=note")) for n, text in enumerate(texts(80))
    ]
    rows[3] = BadRow(30, 31, "broken")
    rows[4] = Row(40, ("4", "good", ""), "damaged")
    rows[5] = Row(50, ("5", " \n", ""))
    rows[6] = Row(60, ("6", "a" * 1_000_001, ""))
    found = list(score_rows(predictor, iter(rows), 1, threads=threads, window=window))
    assert [row.line for row in found] == [row.line for row in rows]
    assert found[3] == rows[3]
    for row, scored in zip(rows, found, strict=True):
        if isinstance(row, Row) and isinstance(scored, ScoredRow):
            assert scored.fields == row.fields
            if scored.problem:
                assert scored.probabilities == ()
            else:
                expected = predictor.predict(row.fields[1]).probabilities
                np.testing.assert_allclose(scored.probabilities, expected, atol=1e-6)
    assert {n: row.problem for n, row in enumerate(found) if row.problem} == {
        3: "broken",
        4: "damaged",
        5: "there is no word in the text",
        6: "the text has 1,000,001 characters and at most 1,000,000 can be read",
    }


def test_memory_is_bounded_by_the_window(predictor: HanPredictor | KimCnnPredictor) -> None:
    taken = 0

    def rows():
        nonlocal taken
        for taken in range(1, 1_000):
            yield Row(taken, ("good",))

    scored = score_rows(predictor, rows(), 0, window=10)
    next(scored)
    assert taken == 10
    scored.close()
    assert taken == 10


def test_large_rows_close_a_window_early(
    predictor: HanPredictor | KimCnnPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score, "MAX_WINDOW", 100)
    given = iter([Row(n, ("good", "x" * 60)) for n in range(10)])
    next(score_rows(predictor, given, 0))
    assert len(list(given)) == 8


def test_answers_are_a_label_and_shares_with_six_digits() -> None:
    row = ScoredRow(2, ("x",), (0.25, 0.7500001), unknown_share=1 / 3)
    assert row.answer(POLARITY) == ("positive", "0.250000", "0.750000", "0.3333")
    assert ScoredRow(2, ("x",), (), "empty").answer(POLARITY) == ("", "", "", "")


def test_added_columns_are_named_after_the_classes() -> None:
    assert added_columns(POLARITY) == ("label", "p_negative", "p_positive", "unknown_share")
    assert added_columns(STARS, "han_")[:2] == ("han_label", "han_p_1_star")
