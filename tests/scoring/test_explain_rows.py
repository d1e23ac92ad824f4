"""Rows in, attributions out: those of one text at a time, by every method of every network."""

import json
import weakref
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from dlnlp.explain.attribution import METHODS
from dlnlp.explain.text_attribution import METHODS_OF, attribute
from dlnlp.inference import HanPredictor, TextPredictor, load_predictor
from dlnlp.inference.kim_cnn_network import of_target
from dlnlp.inference.text_result import MAX_CHARACTERS
from dlnlp.scoring.explain_rows import BATCH, ExplainedRow, explain_rows, json_line
from dlnlp.tables.reader import BadRow, Row
from tests.tiny_han import WORDS, write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn

NETWORKS = {"han_tiny": "han", "kim_tiny": "kim_cnn", "kim_topics": "kim_cnn"}
CASES = [(name, method) for name, kind in NETWORKS.items() for method in METHODS_OF[kind]]


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


@pytest.mark.parametrize(("name", "method"), CASES)
@pytest.mark.parametrize("target", [None, 1])
def test_every_row_is_explained_as_one_text_is(
    predictors: dict[str, TextPredictor], name: str, method: str, target: int | None
) -> None:
    predictor, given = predictors[name], texts()
    found = list(explain_rows(predictor, table(given), 0, method, target, threads=2))
    assert [row.line for row in found] == [2 + number for number in range(len(given))]
    for row, text in zip(found, given, strict=True):
        assert isinstance(row, ExplainedRow) and row.attribution is not None
        result = predictor.predict(text)
        label = result.predicted if target is None else target
        alone = attribute(predictor, result, method, label)
        np.testing.assert_allclose(row.attribution.words, alone.words, atol=1e-5)
        np.testing.assert_allclose(row.attribution.sentences, alone.sentences, atol=1e-5)
        assert row.attribution.method is METHODS[method]
        assert row.attribution.target == (label if METHODS[method].signed else None)


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
        assert isinstance(row, ExplainedRow)
        records = [json.loads(json_line(record)) for record in row.records()]
        values = sum(record["value"] for record in records if record["record"] == "word")
        logits = predictor.predict(text).logits
        logit = float(logits[1] if isinstance(predictor, HanPredictor) else of_target(logits, 1))
        assert records[0]["total"] == pytest.approx(logit, abs=1e-5)
        assert values + records[0]["bias"] == pytest.approx(logit, abs=1e-4)
        assert abs(records[0]["gap"]) < 1e-4


def test_records_name_words_by_offset_and_class(predictors: dict[str, TextPredictor]) -> None:
    predictor, text = predictors["kim_tiny"], "😀 Good FILM. Bad, wörds!"
    (row,) = explain_rows(predictor, [Row(7, ("x", text))], 1, "evidence")
    assert isinstance(row, ExplainedRow)
    first, *rest = [json.loads(json_line(record)) for record in row.records()]
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
    assert isinstance(row, ExplainedRow) and row.attribution is not None
    broken = replace(row.attribution, words=np.array([np.nan, np.inf], np.float32))
    records = [json.loads(json_line(r)) for r in replace(row, attribution=broken).records()]
    assert [r["value"] for r in records if r["record"] == "word"] == [None, None]


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


@pytest.mark.parametrize("threads", [1, 3])
def test_few_rows_are_in_memory_however_long_the_table(
    predictors: dict[str, TextPredictor], threads: int
) -> None:
    taken = 0

    def rows() -> Iterator[Row]:
        nonlocal taken
        for number in range(2_000):
            taken += 1
            yield Row(number, ("good film",))

    alive: weakref.WeakSet[object] = weakref.WeakSet()
    most_taken = most_alive = 0
    explained = explain_rows(predictors["kim_tiny"], rows(), 0, "evidence", threads=threads)
    for number, row in enumerate(explained):
        assert isinstance(row, ExplainedRow) and row.attribution is not None
        alive.add(row.attribution)
        most_taken = max(most_taken, taken - number)
        most_alive = max(most_alive, len(alive))
    assert most_taken <= (2 * threads + 2) * BATCH
    assert most_alive <= 2 * BATCH
