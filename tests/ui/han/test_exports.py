"""What a HAN read as files: complete, and on the text as pasted."""

import csv
import io
import json

import pytest

from dlnlp.explain.attribution import Additive
from dlnlp.explain.text_attribution import attention
from dlnlp.ui.han.exports import result_json, tokens_csv
from tests.ui.text.attention_results import make_result
from tests.ui.text.attributions import make_attribution


def test_csv_holds_every_word() -> None:
    result = make_result('Good, "bad". Ugly', unknown=["ugly"])
    rows = list(csv.DictReader(io.StringIO(tokens_csv(result).decode("utf-8-sig"))))
    assert [row["text"] for row in rows] == ["Good", "bad", "Ugly"]
    assert [row["in_vocabulary"] for row in rows] == ["true", "true", "false"]
    assert [int(row["sentence"]) for row in rows] == [1, 1, 2]
    assert sum(float(row["word_x_sentence"]) for row in rows) == pytest.approx(1, abs=1e-4)


def test_json_offsets_point_into_the_text() -> None:
    result = make_result("Good film. Bad 🙂 sound")
    document = json.loads(result_json(result, "han_stars"))
    found = [document["text"][word["start"] : word["end"]].lower() for word in document["words"]]
    assert found == [word["token"] for word in document["words"]]
    assert sum(document["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    rows = list(csv.DictReader(io.StringIO(tokens_csv(result).decode("utf-8-sig"))))
    for name in ("sentence", "position"):  # counted alike in both files
        assert [word[name] for word in document["words"]] == [int(row[name]) for row in rows]
    assert [part["sentence"] for part in document["sentences"]] == [1, 2]


def test_the_chosen_method_and_its_class_are_in_all_files() -> None:
    result = make_result("Good film. Bad.")
    chosen = make_attribution(
        "Good film. Bad.",
        "integrated_gradients",
        words=[0.5, -0.25, 0.125],
        sentences=[0.25, 0.125],
        additive=Additive(bias=0.0, total=0.365),
    )
    rows = list(csv.DictReader(io.StringIO(tokens_csv(result, chosen).decode("utf-8-sig"))))
    column = [float(row["integrated_gradients for 5 stars"]) for row in rows]
    assert column == [0.5, -0.25, 0.125]
    told = json.loads(result_json(result, "han_stars", chosen))["explanation"]
    assert told["method"] == "integrated_gradients" and told["class"] == "5 stars"
    assert told["words"] == [0.5, -0.25, 0.125] and told["gap"] == pytest.approx(0.01)
    shares = attention(result, "within")
    assert tokens_csv(result, shares) == tokens_csv(result)
    assert json.loads(result_json(result, "m", shares))["explanation"]["class"] is None
