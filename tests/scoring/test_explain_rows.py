"""Rows in, attributions out: those of one text at a time, by every method of every network."""

import json
import weakref
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dlnlp.explain.attribution import METHODS
from dlnlp.explain.text_attribution import HAN_GRADIENTS, METHODS_OF, attribute
from dlnlp.inference import HanPredictor, TextPredictor, load_predictor
from dlnlp.inference.kim_cnn_network import of_target
from dlnlp.inference.text_result import MAX_CHARACTERS
from dlnlp.pool import spawned
from dlnlp.scoring.explain_rows import BATCH, PART, ExplainedRow, explain_rows, needs_gradients
from dlnlp.scoring.explanation import TextExplanation, json_line, records
from dlnlp.tables.reader import BadRow, Row
from tests.tiny_han import WORDS, write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn

NETWORKS = {"han_tiny": "han", "kim_tiny": "kim_cnn", "kim_topics": "kim_cnn"}
CASES = [
    (name, method)
    for name, kind in NETWORKS.items()
    for method in METHODS_OF[kind]
    if (kind, method) not in {("han", gradient) for gradient in HAN_GRADIENTS}
]


@pytest.fixture(scope="module")
def predictors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, TextPredictor]:
    root = tmp_path_factory.mktemp("weights")
    write_tiny_han(root / "han_tiny")
    write_tiny_kim_cnn(root / "kim_tiny", max_tokens=20)
    write_tiny_kim_cnn(root / "kim_topics", class_names=("sports", "news", "science"))
    return {name: load_predictor(root / name) for name in NETWORKS}


def texts(count: int = 30) -> list[str]:
    rng = np.random.default_rng(5)
    words = WORDS.split()
    return ["good", *(" ".join(rng.choice(words, 1 + n)) + f" Wörds 😀 {n}" for n in range(count))]


def table(given: list[str]) -> list[Row]:
    return [Row(2 + number, (text,)) for number, text in enumerate(given)]


def explanation_of(row: object) -> TextExplanation:
    assert isinstance(row, ExplainedRow) and row.explanation is not None
    return row.explanation


def written(row: object) -> list[dict[str, Any]]:
    """The records of a row as a reader of the file gets them."""
    assert isinstance(row, ExplainedRow)
    found = records(explanation_of(row), row.number, row.line)
    return [json.loads(json_line(record)) for record in found]


@pytest.mark.parametrize(("name", "method"), CASES)
@pytest.mark.parametrize("target", [None, 1])
def test_every_row_is_explained_as_one_text_is(
    predictors: dict[str, TextPredictor], name: str, method: str, target: int | None
) -> None:
    predictor, given = predictors[name], texts()
    found = list(explain_rows(predictor, table(given), 0, method, target, workers=2))
    assert [row.line for row in found] == [2 + number for number in range(len(given))]
    for row, text in zip(found, given, strict=True):
        explained = explanation_of(row)
        result = predictor.predict(text)
        label = result.predicted if target is None else target
        alone = attribute(predictor, result, method, label)
        np.testing.assert_allclose(explained.words, alone.words, atol=1e-5)
        np.testing.assert_allclose(explained.sentences, alone.sentences, atol=1e-5)
        assert explained.method == method
        signed = METHODS[method].signed
        assert explained.target == (result.class_names[label] if signed else "")


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("han_tiny", "written"),
        *(
            (name, method)
            for name in ("kim_tiny", "kim_topics")
            for method in ("evidence", "gradient_x_input", "integrated_gradients")
        ),
    ],
)
def test_written_records_add_up_to_the_logit(
    predictors: dict[str, TextPredictor], name: str, method: str
) -> None:
    predictor = predictors[name]
    for row, text in zip(
        explain_rows(predictor, table(texts()), 0, method, 1), texts(), strict=True
    ):
        found = written(row)
        values = sum(record["value"] for record in found if record["record"] == "word")
        logits = predictor.predict(text).logits
        logit = float(logits[1] if isinstance(predictor, HanPredictor) else of_target(logits, 1))
        assert found[0]["total"] == pytest.approx(logit, abs=1e-5)
        exact = 1e-4 if method == "integrated_gradients" else 1e-5
        assert values + found[0]["bias"] == pytest.approx(logit, abs=exact)
        assert abs(found[0]["gap"]) < exact


def test_records_name_words_by_offset_and_class(predictors: dict[str, TextPredictor]) -> None:
    predictor, text = predictors["kim_tiny"], "😀 Good FILM. Bad, wörds!"
    (row,) = explain_rows(predictor, [Row(7, ("x", text))], 1, "evidence")
    first, *rest = written(row)
    result = predictor.predict(text)
    assert (first["row"], first["line"], first["words"]) == (1, 7, len(result.tokens))
    assert first["label"] == first["target"] == result.class_names[result.predicted]
    assert list(first["probabilities"].values()) == pytest.approx(
        result.probabilities.tolist(), abs=1e-6
    )
    words = [record for record in rest if record["record"] == "word"]
    assert [record["token"] for record in words] == list(result.tokens)
    assert text[words[1]["start"] : words[1]["end"]] == "Good"
    assert [record["sentence"] for record in words] == result.token_sentence.tolist()
    sentences = [record for record in rest if record["record"] == "sentence"]
    for record in sentences:
        inside = [w["value"] for w in words if w["sentence"] == record["sentence"]]
        assert record["value"] == pytest.approx(sum(inside), abs=1e-5)


def test_what_is_not_finite_is_null(predictors: dict[str, TextPredictor]) -> None:
    (row,) = explain_rows(predictors["kim_tiny"], table(["good film"]), 0, "delete")
    assert isinstance(row, ExplainedRow)
    broken = replace(explanation_of(row), words=np.array([np.nan, np.inf], np.float32))
    found = written(replace(row, explanation=broken))
    assert [r["value"] for r in found if r["record"] == "word"] == [None, None]


def test_what_cannot_be_read_stays_in_its_place(predictors: dict[str, TextPredictor]) -> None:
    rows = [
        Row(2, ("good",)),
        BadRow(3, 3, "it is bad"),
        Row(4, ("--",)),
        Row(5, ("good",), "it holds NUL"),
        Row(6, ("a" * (MAX_CHARACTERS + 1),)),
        Row(7, ("bad film",)),
    ]
    found = list(explain_rows(predictors["kim_tiny"], rows, 0, "evidence"))
    assert [row.line for row in found] == [2, 3, 4, 5, 6, 7]
    assert [row.number for row in found if isinstance(row, ExplainedRow)] == [1, 2, 3, 4, 5]
    problems = [row.problem for row in found]
    assert problems[0] == problems[5] == ""
    assert problems[1:4] == ["it is bad", "there is no word in the text", "it holds NUL"]
    assert problems[4].startswith("the text has 1,000,001 characters")


def test_processes_find_what_this_one_finds(predictors: dict[str, TextPredictor]) -> None:
    rows: list[Row | BadRow] = [*table(texts(4 * BATCH)), BadRow(99, 99, "it is bad")]
    with spawned(2) as processes:
        for name, method in (("kim_tiny", "evidence"), ("han_tiny", "delete")):
            predictor = predictors[name]
            alone = explain_rows(predictor, rows, 0, method)
            found = explain_rows(predictor, rows, 0, method, workers=2, processes=processes)
            for one, other in zip(alone, found, strict=True):
                if isinstance(one, BadRow):
                    assert other == one
                else:
                    assert written(one) == written(other)


@pytest.mark.parametrize("workers", [1, 3])
def test_few_rows_are_in_memory_however_long_the_table(
    predictors: dict[str, TextPredictor], workers: int
) -> None:
    taken = 0

    def rows() -> Iterator[Row]:
        nonlocal taken
        for number in range(2_000):
            taken += 1
            yield Row(number, ("good film",))

    kept: list[weakref.ref[Any]] = []
    most_taken = most_alive = 0
    explained = explain_rows(predictors["kim_tiny"], rows(), 0, "evidence", workers=workers)
    for number, row in enumerate(explained):
        kept.append(weakref.ref(explanation_of(row).words))
        most_taken = max(most_taken, taken - number)
        kept = [each for each in kept if each() is not None]
        most_alive = max(most_alive, len(kept))
    assert most_taken <= (2 * workers + 2) * BATCH
    assert most_alive <= 2 * BATCH


def test_whoever_goes_on_behind_a_part_has_the_same_batches(
    predictors: dict[str, TextPredictor], monkeypatch: pytest.MonkeyPatch
) -> None:
    predictor = predictors["kim_tiny"]
    rows: list[Row | BadRow] = list(table(["good film " * (1 + n % 700) for n in range(2 * PART)]))
    rows[3] = BadRow(5, 5, "it is bad")
    batches: list[list[str]] = []
    predict_batch = predictor.predict_batch
    monkeypatch.setattr(
        predictor, "predict_batch", lambda texts: batches.append(texts) or predict_batch(texts)
    )
    whole = list(explain_rows(predictor, rows, 0, "evidence"))
    all_batches = batches.copy()
    batches.clear()
    rest = list(explain_rows(predictor, rows[PART:], 0, "evidence", before=PART - 1))
    assert batches == all_batches[-len(batches) :] and len(batches) < len(all_batches)
    for one, two in zip(whole[PART:], rest, strict=True):
        assert isinstance(one, ExplainedRow) and isinstance(two, ExplainedRow)
        assert (one.number, one.line) == (two.number, two.line)
        np.testing.assert_array_equal(explanation_of(one).words, explanation_of(two).words)


def test_gradients_are_asked_for_where_they_are_needed(
    predictors: dict[str, TextPredictor],
) -> None:
    asked: list[tuple[int, list[int], str]] = []

    def gradients(documents: Any, targets: Any, method: str) -> Any:
        asked.append((len(documents), list(targets), method))
        return [(np.full(sum(map(len, d)), 0.5, np.float32), 0.25) for d in documents]

    rows = [*table(["good film. bad phone."] * 40), Row(99, ("--",))]
    method = "integrated_gradients"
    found = list(
        explain_rows(predictors["han_tiny"], rows, 0, method, 2, gradients=gradients, workers=2)
    )
    assert sorted(asked) == [(8, [2] * 8, method), (2 * BATCH, [2] * 2 * BATCH, method)]
    assert isinstance(found[-1], ExplainedRow) and found[-1].problem
    for row in found[:-1]:
        explained = explanation_of(row)
        assert set(explained.words.tolist()) == {0.5} and explained.target == "3 stars"
        assert explained.gap == pytest.approx(0.25)
    assert needs_gradients(predictors["han_tiny"], method)
    assert not needs_gradients(predictors["kim_tiny"], method)
