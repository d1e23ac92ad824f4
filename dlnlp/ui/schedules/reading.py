"""When to use which schedule, in plain words, with what the papers claimed."""

import streamlit as st

from dlnlp.ui.schedules.kinds import KINDS
from dlnlp.ui.shell.tables import table


def section() -> None:
    """Draw the table: a row for each kind that has something to say."""
    st.header("When to use which", anchor=False)
    table(
        [
            {"schedule": f"**{kind.title}**", "when it helps": kind.when, "claims": kind.claim}
            for kind in KINDS.values()
            if kind.when
        ]
    )
    st.markdown(
        "**Momentum in antiphase.** Rate and momentum both lengthen the step, so when one rises "
        "the other gives way: 0.95 where the rate is lowest, 0.85 where it is highest "
        "([Smith 2018](https://arxiv.org/abs/1803.09820)). "
        "**Batch size.** Fewer, larger batches make fewer steps per epoch; the linear rule raises "
        "the rate with the batch ([Goyal et al. 2017](https://arxiv.org/abs/1706.02677)). These "
        "are rules of thumb found on image networks: the race above shows what holds for one "
        "small network, not for yours."
    )
