"""A card is shown whatever it holds."""

from streamlit.testing.v1 import AppTest

from dlnlp.ui.shell.model_card import (
    class_rows,
    confusion_rows,
    list_rows,
    metric_rows,
    pretty_number,
    table_rows,
)


def test_metrics_carry_their_interval() -> None:
    rows = metric_rows({"accuracy": {"value": 0.7012, "low": 0.69, "high": 0.71}, "loss": 0.81234})
    assert rows == [
        {"metric": "Accuracy", "value": "70.1 %", "95 % interval": "69.0 % to 71.0 %"},
        {"metric": "Loss", "value": "0.8123", "95 % interval": ""},
    ]


def test_groups_become_rows() -> None:
    rows = table_rows({"shop": {"accuracy": {"value": 0.5}, "count": 1200}, "other": 3}, "source")
    assert rows[0] == {"source": "shop", "Accuracy": "50.0 %", "Count": "1,200"}
    assert rows[1] == {"source": "other", "Value": "3"}


def test_lone_numbers_can_be_named() -> None:
    assert table_rows({"linear": 0.918}, "model", "accuracy") == [
        {"model": "linear", "Accuracy": "91.8 %"}
    ]


def test_lists_of_groups_become_rows() -> None:
    rows = list_rows([{"seed": 3, "accuracy": 0.93}, "odd", {"seed": 4, "accuracy": 0.94}])
    assert rows == [
        {"Seed": "3", "Accuracy": "93.0 %"},
        {"Seed": "4", "Accuracy": "94.0 %"},
    ]
    assert list_rows("text") == list_rows(3) == list_rows([1, 2]) == list_rows(None) == []


def test_classes_have_their_names() -> None:
    card = {
        "class_names": ["bad", "good"],
        "per_class": {"recall": [0.9, 0.8], "cases": [1200, 3]},
        "confusion": [[1080, 120], [1, 2]],
    }
    assert class_rows(card) == [
        {"class": "bad", "Recall": "90.0 %", "Cases": "1,200"},
        {"class": "good", "Recall": "80.0 %", "Cases": "3"},
    ]
    assert confusion_rows(card) == [
        {"true label": "bad", "predicted bad": "1,080", "predicted good": "120"},
        {"true label": "good", "predicted bad": "1", "predicted good": "2"},
    ]
    odd = [{}, card | {"class_names": None}, card | {"class_names": ["bad"]}]
    odd += [{**card, "per_class": 3, "confusion": 3}, {**card, "per_class": {"recall": 0.5}}]
    odd[-1]["confusion"] = [[1, 2], 3]
    for other in odd:
        assert class_rows(other) == confusion_rows(other) == []


def test_numbers() -> None:
    assert pretty_number("epochs", 1000000) == "1,000,000"
    assert pretty_number("recall", 0.5) == "50.0 %"
    assert pretty_number("early", True) == "True"
    assert pretty_number("name", "x") == "x"


def _draw(card: dict) -> AppTest:
    def script(card: dict) -> None:
        from dlnlp.ui.shell.model_card import model_card

        model_card(card)

    return AppTest.from_function(script, args=(card,), default_timeout=60).run()


def test_cards_with_missing_or_odd_parts_are_shown() -> None:
    for card in (
        {},
        {"metrics": None, "limits": "none", "files": [], "per_source": {}},
        {
            "model": "han_stars",
            "metrics": {"test": {"accuracy": {"value": 0.7}, "matrix": [[1]]}, "odd": 3},
            "baselines": {"linear": {"accuracy": 0.64}, "other": 0.7},
            "seeds": [{"seed": 0, "accuracy": 0.71}, {"seed": 1, "accuracy": 0.72}],
            "tried": [{"name": "<b>wider</b>", "accuracy_validation": 0.7}],
            "per_source": {"shop": {"accuracy": {"value": 0.6, "low": 0.5, "high": 0.7}}},
            "data": {"rows": 10, "nested": {"deep": [1, 2]}},
            "limits": ["English only", "<script>"],
            "class_names": ["<b>bad</b>", "good"],
            "per_class": {"recall": [0.9, 0.8]},
            "confusion": [[9, 1], [2, 8]],
            "files": {"network.onnx": "ab" * 32},
        },
    ):
        app = _draw(card)
        assert not app.exception
    assert [text.value for text in app.text] == ["• English only", "• <script>"]
    assert any("source" in frame.value.columns for frame in app.dataframe)
    assert any("Seed" in frame.value.columns for frame in app.dataframe)
    assert any("Accuracy validation" in frame.value.columns for frame in app.dataframe)
    recall = next(f.value for f in app.dataframe if "class" in f.value.columns)
    assert list(recall["Recall"]) == ["90.0 %", "80.0 %"]
    assert any("predicted good" in frame.value.columns for frame in app.dataframe)
    shown = str([frame.value.values for frame in app.dataframe])
    assert "ab" * 32 not in shown, "hashes are for the download"
    assert not any("Confusion" in str(frame.value.values) for frame in app.dataframe)
