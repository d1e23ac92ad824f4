"""Files to take away: harmless to open, complete to read."""

import csv
import io
import json

import pytest

from dlnlp.explain.attribution import Additive
from dlnlp.explain.text_attribution import attribution_of
from dlnlp.ui.kim_cnn.exports import regions_csv, result_json, words_csv
from tests.ui.kim_cnn.kim_results import make_explained, tiny_predictor


def read(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))


def test_words_add_up_with_the_bias() -> None:
    explained = make_explained()
    result, evidence = explained.result, explained.evidence
    rows = read(
        words_csv(
            evidence,
            attribution_of(explained.result, "evidence", explained.evidence.target, evidence.words),
        )
    )
    assert [row["token"] for row in rows] == list(result.tokens)
    total = sum(float(row["evidence"]) for row in rows) + evidence.bias
    assert total == pytest.approx(float(result.logits[1]), abs=1e-4)
    for row in rows:
        assert result.text[int(row["start"]) : int(row["end"])] == row["text"]


def test_another_method_has_its_own_column() -> None:
    explained = make_explained()
    attribution = attribution_of(
        explained.result, "delete", explained.evidence.target, 2 * explained.evidence.words
    )
    rows = read(words_csv(explained.evidence, attribution))
    for row in rows:
        assert float(row["delete"]) == pytest.approx(2 * float(row["evidence"]), rel=1e-4)


def test_formulas_are_neutralised() -> None:
    explained = make_explained("=1+1 @good")
    for row in read(regions_csv(explained.result, explained.evidence)):
        assert not row["text"].startswith(("=", "+", "@"))


def test_regions_add_up_with_the_start() -> None:
    explained = make_explained()
    rows = read(regions_csv(explained.result, explained.evidence))
    total = sum(float(row["adds_to_the_logit"]) for row in rows)
    logit = total + explained.evidence.classifier_bias
    assert logit == pytest.approx(explained.evidence.logit, abs=1e-3)
    filters = [int(k) for row in rows for k in row["filters"].split()]
    assert len(filters) == len(set(filters)) == (explained.result.pooled > 0).sum()


def test_json_holds_everything_that_is_seen() -> None:
    explained = make_explained("Good film. Bad 🙂 price")
    evidence = explained.evidence
    network = tiny_predictor().runtime.network
    additive = Additive(float(-evidence.words.sum(dtype="float64")), -0.25)
    attribution = attribution_of(
        explained.result,
        "integrated_gradients",
        explained.evidence.target,
        evidence.words,
        additive,
    )
    document = json.loads(result_json(evidence, attribution, network, "kim_cnn"))
    found = [document["text"][word["start"] : word["end"]].lower() for word in document["words"]]
    assert found == [word["token"] for word in document["words"]]
    assert sum(document["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert document["method"] == "integrated_gradients" and document["gap"] == pytest.approx(0.25)
    words = len(attribution.reading.tokens)
    assert [word["position"] for word in document["words"]] == [*range(1, words + 1)]
    for part, region in zip(document["regions"], evidence.regions, strict=True):
        assert part["first_word"] == region.start + 1
        assert part["words"] == region.stop - region.start
        assert part["filters"] == [number + 1 for number in region.filters]
    fired = document["filters_that_fired"]
    for part in fired:
        assert part["first_word"] == attribution.reading.positions[part["filter"] - 1] + 1
    total = sum(part["value"] * part["weight"] for part in fired) + document["classifier_bias"]
    assert total == pytest.approx(document["logit"], abs=1e-4)
    total = sum(word["evidence"] for word in document["words"]) + document["bias"]
    assert total == pytest.approx(document["logit"], abs=1e-4)
