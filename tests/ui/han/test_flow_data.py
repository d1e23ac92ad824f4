"""The numbers of the connected network add up as the diagram draws them, also on odd texts."""

import base64
import json

import numpy as np
import pytest

from dlnlp.inference import HanPredictor
from dlnlp.ui.han import explaining
from dlnlp.ui.han.flow import valid_sentence
from dlnlp.ui.han.flow_data import (
    SENTENCE_CHARACTERS,
    FlowData,
    flow_data,
    heaviest_sentence,
    packed,
)
from tests.tiny_han import write_tiny_han

TEXTS = {
    "several sentences": "The film is very good. But not great! I stopped. The battery broke.",
    "one word": "good",
    "unknown words": "Qwxyzzy blorb. The zither was qqqq!",
    "markup, NUL, emoji": "<img src=x onerror=alert(1)> is \0 good 😀. It broke\n\nagain.",
    "right to left": "\u202eThe film is good. It broke.",
    "longer than it reads": "It is good. " * 30,
    "a very long word": "a" * 3_000 + " is good.",
}


def unpacked(part: dict) -> np.ndarray:
    """What `packed` packed, flat, as the script unpacks it."""
    content = base64.b64decode(part["data"])
    return np.frombuffer(content, f"<i{part['bits'] // 8}") * part["scale"]


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> HanPredictor:
    folder = tmp_path_factory.mktemp("weights") / "han"
    write_tiny_han(folder)
    return HanPredictor.load(folder)


def made(predictor: HanPredictor, text: str, opened: int | None = None) -> FlowData:
    result = predictor.predict(text)
    reading = predictor.runtime.network.read(explaining.sentences_of(predictor, result))
    return flow_data(
        predictor.runtime.network,
        reading,
        result,
        predictor.vocabulary.encode(result.tokens),
        opened=heaviest_sentence(result) if opened is None else opened,
        target=result.predicted,
    )


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_sum_that_is_drawn_is_right(predictor: HanPredictor, text: str) -> None:
    result, data = predictor.predict(text), made(predictor, text)
    sentences, opened = data["sentences"], data["opened"]
    for parts in ("written", "attended"):
        summed = np.sum([sentence[parts] for sentence in sentences], axis=0) + data["bias"]
        np.testing.assert_allclose(summed, data["logits"], atol=1e-4)
    np.testing.assert_allclose(data["logits"], result.logits, atol=2e-5)
    raised = np.exp(data["logits"])
    np.testing.assert_allclose(raised / raised.sum(), data["probabilities"], atol=1e-4)
    for rows in (sentences, opened["words"]):
        raised = np.exp([row["logit"] for row in rows])
        attention = [row["attention"] for row in rows]
        np.testing.assert_allclose(raised / raised.sum(), attention, atol=1e-4)
    assert sum(word["wrote"] for word in opened["words"]) == pytest.approx(1, abs=1e-3)
    for part, n in ((data["shares"], len(sentences)), (opened["shares"], len(opened["words"]))):
        shares = unpacked(part).reshape(2, n, n)
        np.testing.assert_allclose(shares.sum(axis=2), 1, atol=1e-3)
        assert not np.triu(shares[0], 1).any() and not np.tril(shares[1], -1).any()
    terms = unpacked(opened["terms"]).reshape(len(opened["words"]), -1)
    logits = [word["logit"] for word in opened["words"]]
    np.testing.assert_allclose(terms.sum(axis=1), logits, atol=1e-3)
    row = sentences[opened["sentence"]]
    assert unpacked(opened["row_terms"]).sum() == pytest.approx(row["logit"], abs=1e-3)


def test_the_upper_classes_are_named_where_classes_are_in_an_order(
    predictor: HanPredictor,
) -> None:
    result = predictor.predict("The film is good.")
    assert result.ordered and made(predictor, "good")["contrast"] == "4–5 over 1–2 stars"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_gates_make_each_memory_of_the_one_before(predictor: HanPredictor, text: str) -> None:
    opened = made(predictor, text)["opened"]
    n = len(opened["words"])
    update, candidate, memory = (
        unpacked(opened["gates"][name]).reshape(2, n, -1)
        for name in ("update", "candidate", "memory")
    )
    nothing = np.zeros((1, memory.shape[2]))
    before = np.stack(
        [np.concatenate([nothing, memory[0, :-1]]), np.concatenate([memory[1, 1:], nothing])]
    )
    np.testing.assert_allclose(update * before + (1 - update) * candidate, memory, atol=5e-4)
    row = opened["row_gates"]
    old, new = unpacked(row["memory"]).reshape(2, 2, -1).transpose(1, 0, 2)
    z, c = (unpacked(row[name]).reshape(2, -1) for name in ("update", "candidate"))
    np.testing.assert_allclose(z * old + (1 - z) * c, new, atol=5e-4)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_words_are_those_of_the_text_at_their_places(predictor: HanPredictor, text: str) -> None:
    result = predictor.predict(text)
    for opened in range(len(result.sentence_spans)):
        data = made(predictor, text, opened)
        row = data["sentences"][opened]
        assert data["opened"]["sentence"] == opened
        tokens = [word["token"] for word in data["opened"]["words"]]
        assert tokens == list(range(row["first_token"], row["first_token"] + row["words"]))
        for word in data["opened"]["words"]:
            start, end = result.token_spans[word["token"]]
            assert text[start:end].startswith(word["text"].rstrip("…"))
            assert word["known"] == bool(result.token_known[word["token"]])
            attention = float(result.word_attention[word["token"]])
            assert word["attention"] == pytest.approx(attention, abs=1e-6)
        assert all(len(each["text"]) <= SENTENCE_CHARACTERS for each in data["sentences"])
        assert data["unread"] == (result.cut_from is not None)
        json.dumps(data, allow_nan=False)


def test_packing_keeps_numbers_to_a_part_of_the_largest() -> None:
    values = np.random.default_rng(0).normal(size=(3, 7))
    top = np.abs(values).max()
    for bits, most in ((16, 32767), (8, 127)):
        found = unpacked(packed(values, bits))
        np.testing.assert_allclose(found, values.ravel(), atol=0.51 * top / most)
    assert unpacked(packed(np.zeros(4))).tolist() == [0] * 4


@pytest.mark.parametrize("picked", [None, True, "1", 1.0, -1, 3, [0]])
def test_what_the_browser_sends_is_not_trusted(picked: object) -> None:
    assert valid_sentence(picked, 3) is None
    assert valid_sentence(2, 3) == 2
