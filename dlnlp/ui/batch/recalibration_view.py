"""What a temperature and class priors change on the visitor's labels, and whether they are used."""

from collections.abc import Sequence

import streamlit as st

from dlnlp.scoring.evaluation import Evaluation
from dlnlp.scoring.recalibration import FOLDS, LEAST, Kind, Recalibration
from dlnlp.scoring.recalibration_report import TITLES, Trial, confidence, numbers, trials
from dlnlp.ui.batch.labelled_rows import Labelled, remembered
from dlnlp.ui.shell import charts
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.numbers import observed, signed
from dlnlp.ui.shell.tables import table

_USED = "batch_recalibrate"
_CHOICES: dict[Kind | None, str] = {
    None: "none",
    **{kind: title for kind, title in TITLES.items()},
}
HELP = (
    "Temperature: all logits are divided by one number, which changes no prediction (Guo et al. "
    "2017). Class priors: the probability of each class is also multiplied by how much more "
    "frequent the class is here than the network expects (Saerens et al. 2002), which may change "
    f"predictions. Both are fitted on your labels. In the table, each of {FOLDS} parts of the "
    "rows is measured with numbers that were fitted on the other parts (cross-validation)."
)


def _trials(found: Labelled) -> tuple[Trial, ...]:
    return remembered("trials", found, lambda: trials(found.evaluation))


def used(found: Labelled | None) -> Recalibration | None:
    """What the visitor wants in the scored table; None where that is nothing.

    Args:
        found: the labelled rows; None without any.
    """
    kind = st.session_state.get(_USED)
    if found is None or kind not in TITLES or len(found.rows) < LEAST:
        return None
    return next(trial.fitted for trial in _trials(found) if trial.kind == kind)


def recalibration_view(found: Labelled) -> None:
    """Draw how sure the network is, what recalibration changes, and the choice to use it."""
    evaluation = found.evaluation
    if len(found.rows) < LEAST:
        st.caption(
            f"{len(found.rows):,} labelled rows are too few to recalibrate: label at least {LEAST}."
        )
        return
    tried = _trials(found)
    st.text(confidence(evaluation))
    st.markdown("**Without and with recalibration**", help=HELP)
    table(measure_rows(found, tried))
    st.text(advice(evaluation, tried))
    st.radio(
        "Columns of recalibrated answers in the scored table",
        list(_CHOICES),
        format_func=lambda kind: _CHOICES[kind],
        key=_USED,
        persist_state="session",
        horizontal=True,
        help="They stand beside the network's own answers and are called recalibrated_label and so "
        "on.",
    )
    left, right = st.columns(2, gap="medium")
    best = min(tried, key=lambda trial: trial.evaluation.log_loss)
    for column, title, bins in (
        (left, "Calibration of the network", evaluation.calibration),
        (right, f"With {TITLES[best.kind]}", best.evaluation.calibration),
    ):
        with column:
            st.markdown(f"**{title}**")
            draw_chart(
                charts.calibration_figure(bins),
                key=f"batch_recalibrated {title}",
                alt=charts.calibration_in_words(bins),
            )


def measure_rows(found: Labelled, tried: Sequence[Trial]) -> list[dict[str, str]]:
    """A row for the network's own answers, and one for each kind of recalibration."""
    own = ("the network's own", found.evaluation)
    return [
        {
            "answers": name,
            "calibration error": observed(measured.calibration_error),
            "log loss": f"{measured.log_loss:.3f}",
            "accuracy": measured.accuracy.in_percent(1),
        }
        for name, measured in [
            own,
            *((f"with {TITLES[trial.kind]}", trial.evaluation) for trial in tried),
        ]
    ]


def advice(evaluation: Evaluation, tried: Sequence[Trial]) -> str:
    """Which kind to use and what it is, as sentences."""
    best = min(tried, key=lambda trial: trial.change)
    if not best.helps:
        return "Neither lowers the log loss beyond chance: the network's own answers will do."
    own, mended = evaluation.calibration_error, best.evaluation.calibration_error
    but = " The calibration error does not fall with it: compare the curves." * (mended >= own)
    low, high = best.change - best.reach, best.change + best.reach
    return (
        f"The log loss changes by {signed(best.change, 3)} ({signed(low, 3)} to {signed(high, 3)}) "
        f"with {TITLES[best.kind]}, beyond chance.{but} Fitted: "
        f"{numbers(best.fitted, evaluation.class_names)}."
    )
