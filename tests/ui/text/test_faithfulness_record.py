"""The record of the test set in words and tables."""

import numpy as np
from streamlit.testing.v1 import AppTest

from dlnlp.ui.text.faithfulness_record import (
    answer,
    bars_figure,
    measure_rows,
    record_of,
    tau_rows,
)
from train.texts.faithfulness_summary import summary

METHODS = ("attention", "gradient_x_input", "delete")


def record() -> dict:
    """Attention beats random, loses to gradients, and ties with leaving out."""
    rng = np.random.default_rng(0)

    def row(mean: float) -> list[list[float]]:
        return [[mean + rng.normal(0, 0.01)] * 5, [-mean] * 5]

    documents = [
        {
            mode: {
                "attention": row(0.2),
                "gradient_x_input": row(0.5),
                "delete": row(0.2),
                "random": row(0.0),
            }
            for mode in ("delete", "unknown")
        }
        | {"tau": {f"{a} {b}": 0.25 for a, b in PAIRS}}
        for _ in range(200)
    ]
    return {"methods": list(METHODS), **summary(documents, METHODS)}


PAIRS = (("attention", "gradient_x_input"), ("attention", "delete"), ("gradient_x_input", "delete"))


def test_the_answer_follows_the_intervals_of_the_differences() -> None:
    told = answer(record())
    assert "falls by **20.0 points**" in told and "random words it falls by" in told
    assert "worse than gradient × input" in told and "better than random" in told
    assert "not told apart from leave-one-out (delete)" in told
    assert told.endswith("with words masked, too.")
    changed = record()
    changed["differences"]["unknown"]["attention - random"]["comprehensiveness"]["low"] = -1
    assert "with words masked, worse than" in answer(changed)


def test_tables_name_all_rankings() -> None:
    rows = measure_rows(record(), "delete")
    assert [row["ranking"] for row in rows][::3] == ["Attention (word × sentence)", "Random"]
    assert (
        rows[0]["comprehensiveness"].startswith("+20.") or "+19.9" in rows[0]["comprehensiveness"]
    )
    assert rows[1]["sufficiency"] == "−50.0 (−50.0 to −50.0)"
    assert [row["Kendall's τ"] for row in tau_rows(record())] == ["+0.25"] * 3


def test_a_card_without_the_file_has_no_record() -> None:
    assert record_of("x", {"files": {"config.json": ""}}) is None
    assert record_of("x", {}) is None


def test_a_bar_for_each_ranking_and_way_of_removing_words_with_its_interval() -> None:
    found = record()
    figure = bars_figure(found, "sufficiency")
    assert [trace.name for trace in figure.data] == ["words deleted", "words masked"]
    for trace, mode in zip(figure.data, ("delete", "unknown"), strict=True):
        assert trace.y == ("Attention (word × sentence)", *trace.y[1:]) and len(trace.y) == 4
        measures = [each["sufficiency"] for each in found["measures"][mode].values()]
        assert list(trace.x) == [100 * each["value"] for each in measures]
        highs = [x + up for x, up in zip(trace.x, trace.error_x.array, strict=True)]
        assert np.allclose(highs, [100 * each["high"] for each in measures])


def test_bars_come_first_and_the_paragraph_under_them() -> None:
    def script() -> None:
        from dlnlp import artifacts
        from dlnlp.ui.text.faithfulness_record import faithfulness_record

        card = artifacts.open_artifact(artifacts.WEIGHTS / "kim_cnn").card
        faithfulness_record("kim_cnn", card)

    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 2
    first = next(n for n, e in enumerate(app.markdown) if "Over the test set" in e.value)
    assert [e.value.startswith("**") for e in app.markdown[:first]] == [True, True]
