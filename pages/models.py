"""Models: what each shipped network reaches, what it was made from, where it fails."""

import streamlit as st

from dlnlp import artifacts
from dlnlp.artifacts import ArtifactError
from dlnlp.cards import ModelSummary
from dlnlp.ui.models import comparison as model_comparison
from dlnlp.ui.shell.charts import CONFIG
from dlnlp.ui.shell.model_card import model_card
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.tables import table

require_frame()


def opened() -> list[ModelSummary]:
    """The cards that can be trusted; a sentence on the page for each that cannot."""
    found = []
    for name in artifacts.available_models(artifacts.WEIGHTS):
        try:
            found.append(model_comparison.summary(name))
        except ArtifactError as error:
            st.error(f"The card of {name} cannot be trusted.")
            st.text(str(error))
    return found


def comparison(summaries: list[ModelSummary]) -> None:
    """Chart, table and files of all networks."""
    st.plotly_chart(
        model_comparison.errors_figure(summaries),
        key="models_errors",
        config=CONFIG,
        alt=model_comparison.errors_in_words(summaries),
    )
    st.caption(
        "Measured once, on test cases that no training and no choice has seen. A bar is a 95 % "
        "interval: how far the number would move with other test cases."
    )
    table(model_comparison.comparison_rows(summaries))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for label, name, mime, make in (
            ("Comparison (CSV)", "models.csv", "text/csv", model_comparison.comparison_csv),
            ("All cards (JSON)", "cards.json", "application/json", model_comparison.cards_json),
        ):
            st.download_button(
                label, lambda make=make: make(summaries), name, mime, on_click="ignore"
            )


def one_card(found: ModelSummary) -> None:
    """Everything that one card says, the most asked for first."""
    st.markdown(f"**{found.architecture}**, trained on `{found.dataset}`")
    with st.container(horizontal=True, gap="large"):
        if "accuracy" in found.measures:
            accuracy = found.measures["accuracy"]
            st.metric("Accuracy", f"{100 * accuracy.value:.2f} %", width="content")
        st.metric("Test cases", f"{found.test_cases:,}", width="content")
        st.metric("Parameters", f"{found.parameters:,}", width="content")
        st.metric("Size of all its files", f"{found.megabytes:.1f} MB", width="content")
    if found.over_seeds:
        st.markdown(f"Accuracy over seeds: {found.over_seeds.percent}, mean ± standard deviation.")
    if found.calibration:
        left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
        with left:
            st.plotly_chart(
                model_comparison.calibration_figure(found),
                key="models_calibration",
                config=CONFIG,
                alt=model_comparison.calibration_in_words(found),
            )
        right.markdown(
            "**Can its probabilities be believed?** On the dotted line, what it says happens as "
            "often as it says. Below the line it promises too much."
        )
    model_card(found.card, unit="cases")


def page() -> None:
    """Comparison, then one card."""
    st.title("How often each network errs", anchor=False)
    st.markdown(
        "A network is worth what it does on cases it has never seen. Here are all that ship with "
        "this app, next to simpler models on the same test, with everything their cards say."
    )
    summaries = opened()
    if not summaries:
        st.text("No model on this machine can be used. Restore them with: git checkout -- weights")
        return
    comparison(summaries)
    st.header("One by one", anchor=False)
    names = [found.name for found in summaries]
    chosen = st.segmented_control(
        "Network",
        names,
        default=names[0],
        required=True,
        key="network",
        bind="query-params",  # the address is the link to this view
        persist_state="session",
        label_visibility="collapsed",
    )
    one_card(next(found for found in summaries if found.name == (chosen or names[0])))


page()
