"""The record of the test set in words and tables."""

import numpy as np

from dlnlp.ui.text.faithfulness_record import answer, measure_rows, record_of, tau_rows
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
