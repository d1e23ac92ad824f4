"""The numbers that the drawing is made from add up, are few, and carry no character that is cut."""

import json
from pathlib import Path

import numpy as np
import pytest

from dlnlp.artifacts import WEIGHTS
from dlnlp.explain.evidence import evidence
from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.kim_cnn_network import of_target
from dlnlp.ui.kim_cnn.flow_data import MAX_GAP, MAX_WORD, FlowData, flow_data
from tests.tiny_kim_cnn import write_tiny_kim_cnn
from tests.ui.kim_cnn.kim_results import tiny_predictor

TEXTS = (
    "  The  film is VERY good!\n\nBut the <b>price</b>, alas. It stopped.  Great zither.  ",
    "good",
    "xqzv frobnicate",
    "🙂👍🏽 good 👨‍👩‍👧 film\0 كتاب جميل",
    "not good , " * 12,
    "x" * 5_000 + " good " + "!?" * 3_000,
)


def taken_apart(
    text: str, target: int | None = None, predictor: KimCnnPredictor | None = None
) -> FlowData:
    predictor = predictor or tiny_predictor()
    result = predictor.predict(text)
    target = result.predicted if target is None else target
    return flow_data(result, predictor, evidence(result, predictor.runtime.network, target))


def size(data: FlowData) -> int:
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("text", TEXTS)
def test_filters_and_words_each_add_up_to_the_logit(text: str, target: int) -> None:
    data = taken_apart(text, target)
    result, words, filters = tiny_predictor().predict(text), data["words"], data["filters"]
    assert data["logit"] == pytest.approx(float(of_target(result.logits, target)), abs=1e-5)
    assert sum(words["share"]) + data["word_bias"] == pytest.approx(data["logit"], abs=1e-2)
    adds = {
        number: (sum(products) + bias) * weight
        for number, products, bias, weight in zip(
            *(filters[name] for name in ("number", "products", "bias", "weight")), strict=True
        )
    }
    assert sum(adds.values()) + data["bias"] == pytest.approx(data["logit"], abs=1e-2)
    for n, token in enumerate(words["number"]):
        through = sum(
            products[token - start] * weight
            for start, products, weight in zip(
                *(filters[name] for name in ("start", "products", "weight")), strict=True
            )
            if 0 <= token - start < len(products)
        )
        assert through == pytest.approx(words["share"][n], abs=1e-2)
    drawn = [f for place in data["places"] for f in (*place["named"], *place["others"])]
    assert sorted([*drawn, *data["elsewhere"]]) == sorted(filters["number"])
    assert [known["number"] for known in data["details"]] == [
        number for place in data["places"] for number in place["named"]
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_those_of_the_text_and_short(text: str) -> None:
    data = taken_apart(text)
    result, words = tiny_predictor().predict(text), data["words"]
    assert words["number"] == list(range(len(result.tokens)))
    firsts = [
        i
        for i, s in enumerate(result.token_sentence)
        if i == 0 or s != result.token_sentence[i - 1]
    ]
    assert data["sentences"] == firsts
    for n, (start, stop) in enumerate(result.token_spans.tolist()):
        shown = words["text"][n]
        assert len(shown) <= MAX_WORD and len(words["after"][n]) <= MAX_GAP + 2
        if len(shown) < MAX_WORD:
            assert shown == " ".join(text[start:stop].split())
    assert {len(column) for column in words.values()} == {len(result.tokens)}  # type: ignore[arg-type]


def test_words_and_gaps_are_the_text_on_one_line() -> None:
    words = taken_apart(TEXTS[0])["words"]
    drawn = "".join(map("".join, zip(words["text"], words["after"], strict=True)))
    assert drawn.split() == TEXTS[0].split()


def test_of_many_classes_the_curve_is_the_probability_of_the_target(tmp_path: Path) -> None:
    write_tiny_kim_cnn(tmp_path / "kim_cnn", class_names=("one", "two", "three"))
    predictor = KimCnnPredictor.load(tmp_path / "kim_cnn")
    result = predictor.predict(TEXTS[0])
    for target in range(3):
        data = taken_apart(TEXTS[0], target, predictor)
        assert data["logit"] == pytest.approx(float(result.logits[target]), abs=1e-5)
        curve = 1 / (1 + np.exp(data["offset"] - data["logit"]))
        assert curve == pytest.approx(data["probabilities"][target], abs=1e-5)
        assert sum(data["words"]["share"]) + data["word_bias"] == pytest.approx(
            data["logit"], abs=1e-2
        )


def test_the_shipped_network_sends_little() -> None:
    predictor = KimCnnPredictor.load(WEIGHTS / "kim_cnn")
    rng = np.random.default_rng(0)
    common = [predictor.vocabulary.words[number] for number in range(2, 3_000)]
    for many, most in ((1, 10_000), (250, 60_000), (2_500, 150_000)):
        data = taken_apart(" ".join(rng.choice(common, many)), None, predictor)
        assert data["many_words"] >= many
        assert size(data) < most, f"{many} words"
        starts, shown = data["filters"]["start"], set(data["words"]["number"])
        widths = [len(products) for products in data["filters"]["products"]]
        for start, width in zip(starts, widths, strict=True):
            assert set(range(start, start + width)) <= shown
