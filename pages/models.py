"""Models: what each shipped network reaches, beside simpler models on the same test."""

import streamlit as st

from dlnlp import artifacts
from dlnlp.artifacts import ArtifactError
from dlnlp.cards import ModelSummary, model_title
from dlnlp.ui.models import comparison
from dlnlp.ui.shell import networks
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.charts import calibration_figure, calibration_in_words
from dlnlp.ui.shell.model_card import model_card
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.permalink import PageLink
from dlnlp.ui.shell.tables import table
from dlnlp.ui.shell.title_row import title_row

require_frame()

LINK = PageLink("models", ("network",))
_NETWORK = "models_network"
ABOUT = (
    "Every network that ships with this app or was trained on this machine, on test cases that no "
    "training and no choice has seen; each test was read once. A bar is a 95 % interval: how far "
    "the number would move with other test cases."
)


def opened() -> list[ModelSummary]:
    """The cards that can be trusted; a sentence on the page for each that cannot."""
    found = []
    shipped = artifacts.available_models(artifacts.WEIGHTS)
    for name in (*shipped, *networks.own_models()):
        try:
            found.append(comparison.summary(name))
        except ArtifactError as error:
            st.error(f"The card of {name} cannot be trusted.")
            st.text(str(error))
    return found


def charts(summaries: list[ModelSummary], chosen: ModelSummary) -> None:
    """Test errors of all networks, calibration of one."""
    left, right = st.columns([4, 3], gap="medium")
    with left:
        st.markdown("**Test error**")
        draw_chart(
            comparison.errors_figure(summaries, chosen.name),
            key="models_errors",
            alt=comparison.errors_in_words(summaries),
        )
    with right:
        st.markdown(
            f"**Calibration: {chosen.title}**",
            help="On the dotted line, what the network says happens as often as it says. Below it, "
            "the network is over-confident.",
        )
        if not chosen.calibration:
            st.caption("Its card holds no calibration curve.")
            return
        draw_chart(
            calibration_figure(chosen.calibration),
            key="models_calibration",
            alt=calibration_in_words(chosen.calibration),
        )


def one_card(found: ModelSummary) -> None:
    """What one card says, in sections."""
    st.header(found.title, anchor=False)
    seeds = f"; accuracy over seeds {found.over_seeds.percent}" if found.over_seeds else ""
    st.markdown(f"{found.architecture}, trained on `{found.dataset}`, `{found.name}`{seeds}.")
    model_card(found.card)


def downloads(summaries: list[ModelSummary]) -> None:
    """The files of all networks."""
    with st.container(horizontal=True, gap="small"):
        for label, name, mime, make in (
            ("Comparison (CSV)", "models.csv", "text/csv", comparison.comparison_csv),
            ("All cards (JSON)", "cards.json", "application/json", comparison.cards_json),
        ):
            st.download_button(
                label, lambda make=make: make(summaries), name, mime, on_click="ignore"
            )


def page() -> None:
    """Comparison, then one card."""
    with title_row("Models", ABOUT) as switch:
        pass
    summaries = opened()
    if not summaries:
        st.text("No model on this machine can be used. Restore them with: git checkout -- weights")
        return
    names = [found.name for found in summaries]
    asked = LINK.new().get("network", [])
    if set(asked) & set(names):
        st.session_state[_NETWORK] = asked[0]
    elif st.session_state.get(_NETWORK) not in names:
        st.session_state[_NETWORK] = names[0]
    with switch:
        name = st.segmented_control(
            "Network",
            names,
            required=True,
            format_func=model_title,
            key=_NETWORK,
            persist_state="session",
            label_visibility="collapsed",
        )
    chosen = next(found for found in summaries if found.name == (name or names[0]))
    LINK.show({"network": [chosen.name]} if chosen is not summaries[0] else {})
    charts(summaries, chosen)
    table(comparison.comparison_rows(summaries))
    one_card(chosen)
    downloads(summaries)


page()
