"""What recalibration changes on an uploaded table, and whether it is used."""

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.scoring.recalibration import LEAST, fit
from dlnlp.scoring.recalibration_report import trials
from dlnlp.ui.batch.recalibration_view import advice, measure_rows
from tests.tiny_han import POLARITY
from tests.ui.batch.labelled_table import labelled_table


def page(rows: int) -> None:
    import streamlit as st

    from dlnlp.ui.batch.recalibration_view import recalibration_view, used
    from tests.ui.batch.labelled_table import labelled_table

    if "table" not in st.session_state:
        st.session_state["table"] = labelled_table(rows)[1]
    st.session_state["used"] = used(st.session_state["table"])
    recalibration_view(st.session_state["table"])


def test_an_over_confident_network_is_told_measured_and_mended() -> None:
    app = AppTest.from_function(page, kwargs={"rows": 400}).run(timeout=30)
    assert not app.exception and app.session_state["used"] is None
    assert "it is over-confident by" in app.text[0].value
    assert len(app.get("plotly_chart")) == 2
    app.radio[0].set_value("temperature").run()
    found = labelled_table()[1].evaluation
    expected = fit(found.probabilities, found.labels, "temperature")
    assert app.session_state["used"] == expected and expected.temperature > 1.5


def test_a_few_labels_are_too_few() -> None:
    app = AppTest.from_function(page, kwargs={"rows": LEAST - 1}).run(timeout=30)
    assert not app.exception and not app.radio
    assert f"label at least {LEAST}" in app.caption[0].value


def test_the_table_and_the_advice_are_those_of_other_folds() -> None:
    _, found = labelled_table()
    tried = trials(found.evaluation)
    own, temperature, priors = measure_rows(found, tried)
    assert own["log loss"] == f"{found.evaluation.log_loss:.3f}"
    assert temperature["accuracy"] == own["accuracy"]
    assert float(temperature["log loss"]) < float(own["log loss"])
    assert priors["answers"] == "with temperature and class priors"
    told = advice(found.evaluation, tried)
    assert "beyond chance. Fitted: temperature" in told
    best = min(tried, key=lambda trial: trial.change)
    assert "does not fall with it" in advice(best.evaluation, tried)  # of nothing but itself


@pytest.mark.parametrize("seed", [1, 2])
def test_honest_answers_need_nothing(seed: int) -> None:
    import numpy as np

    from dlnlp.scoring.evaluation import evaluate

    rng = np.random.default_rng(seed)
    positive = rng.uniform(0.05, 0.95, 300)
    labels = (rng.random(300) < positive).astype(int)
    honest = evaluate(labels, np.stack([1 - positive, positive], axis=1), POLARITY)
    assert "the network's own answers will do" in advice(honest, trials(honest))
