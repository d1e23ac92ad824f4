"""An LR range test on a visitor's table: its curve, and its suggestion as the peak by one click."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dlnlp.training.range_analysis import RangeTestResult
from dlnlp.training.range_spread import spread
from dlnlp.ui.shell import workshops
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.range_charts import NAMES, range_figure
from dlnlp.ui.shell.range_view import draw_progress, results
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.train import training
from dlnlp.ui.train.choices import KINDS, PEAK, PEAK_BOUNDS, Choices
from dlnlp.ui.train.table_input import Corpus
from dlnlp.worker.worker import Job, QueueFull, State

TASK = "train.texts.own_range_test:own_range_test"
SEEDS = 2
BOUNDS = 1e-5, 1.0  # learning rates of the test
TAKEN = "valley"  # the suggestion that becomes the peak
_TEST, _EVERY = "train_range", 0.5


@dataclass(frozen=True, eq=False)
class RangeTest:
    """A test: its job, the kind of network that it tests, and the table."""

    job: Job
    kind: str
    corpus: Corpus


def of_table(corpus: Corpus) -> RangeTest | None:
    """The test on this table; None where there was none."""
    found: RangeTest | None = st.session_state.get(_TEST)
    return found if found is not None and found.corpus.holds_what(corpus) else None


def start(corpus: Corpus, choices: Choices) -> None:
    """Put a test of the first network that is chosen into the queue."""
    training.forget_problem()
    kind = choices.kinds[0]
    try:
        workshop = workshops.make_mine()
        work = workshop.folder / f"range-{secrets.token_hex(4)}"
        work.mkdir()
        table = work / "texts.csv"
        table.write_bytes(corpus.as_csv())
        arguments = {
            "table": str(table), "name": "texts", "work": str(work), "outputs": {kind: ""},
            "class_order": choices.class_order, "seeds": SEEDS,
        }  # fmt: skip
        job = training.submit(TASK, workshop, arguments)
        st.session_state[_TEST] = RangeTest(job, kind, corpus)
    except (workshops.NoRoom, QueueFull, OSError) as error:
        training.tell_problem(error)


def section(corpus: Corpus) -> None:
    """Draw the test on this table, as far as it is; nothing where there was none."""
    found = of_table(corpus)
    if found is None:
        return
    with st.container(border=True):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"**LR range test** · {KINDS[found.kind]}", width="content")
            st.space("stretch")
            if found.job.active:
                st.button(
                    "Stop the test", icon=":material/stop:", key="train_range_stop",
                    on_click=training.trainer().cancel, args=(found.job,),
                )  # fmt: skip
            else:
                st.button("Close", key="train_range_close", on_click=_close)
        if found.job.active:
            _watch(found.job, found.job.state)
        else:
            _ended(found.job)


def _close() -> None:
    del st.session_state[_TEST]


@fragment(run_every=_EVERY)
def _watch(job: Job, drawn: State) -> None:
    if job.state != drawn:
        st.rerun()
    waking = "Reading the texts and preparing their words …"
    place = training.trainer().place(job)
    draw_progress(job, place, BOUNDS, waking, key="train_range_live")


def _ended(job: Job) -> None:
    if job.error:
        st.text(job.error)
    found = results(job)
    if not found:
        st.caption("The test ended before there was anything to see.")
        return
    draw_chart(
        range_figure(found), key="train_range_plot",
        alt="Loss over the learning rate, logarithmic, with the suggested rates as lines: "
        + ", ".join(f"{NAMES[s.name]} {s.rate:.2g}" for s in spread(found)),
    )  # fmt: skip
    st.text("\n".join(dict.fromkeys(result.note for result in found if result.note)))
    _suggestion(found)


def _suggestion(results: Sequence[RangeTestResult]) -> None:
    """Draw the suggestion, and the button that takes it."""
    found = next((s for s in spread(results) if s.name == TAKEN), None)
    if found is None:
        return
    rate = float(f"{min(max(found.rate, PEAK_BOUNDS[0]), PEAK_BOUNDS[1]):.2g}")
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.button(
            f"Take {rate:g} as the peak learning rate", type="primary", key="train_range_take",
            on_click=_take, args=(rate,),
        )  # fmt: skip
        spread_of = f" ({found.low:.2g} to {found.high:.2g} over the seeds)"
        st.caption(
            f"The middle of the long fall{spread_of if found.high > found.low else ''}: there the "
            "network learns quickly and is far from diverging."
        )


def _take(rate: float) -> None:
    st.session_state[PEAK] = rate
    _close()
