"""Train your own: a table of texts and labels becomes a network, and one can watch it learn."""

import streamlit as st

from dlnlp.inference.recording import FILE, load_recording
from dlnlp.ui.shell import networks
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.title_row import title_row
from dlnlp.ui.shell.training_setting import VARIABLE, setting
from dlnlp.ui.train import before, choices, result, table_input, training, watching, work
from dlnlp.ui.train.training import Training

require_frame()

ABOUT = (
    "Any table with a column of texts and a column of labels will do: a network learns to give "
    "the label. The same as `python -m train.own` on the command line, which takes larger tables."
)


def ended(made: Training) -> None:
    """What came of a training: the networks, their curves, and the way they took."""
    courses, names = made.courses, made.networks
    for problem in dict.fromkeys(course.problem for course in courses if course.problem):
        st.warning(problem)
    watched = made.arguments["watch"][0] if made.arguments["watch"] else ""
    if not names:
        watching.ended_without(made)
    for name in names:
        result.result(name, watched)
    if len(names) > 1:
        result.comparison(names)
    number = watching.choose_network(made.choices.kinds) if len(courses) > 1 else 0
    course = courses[number]
    if course.step:
        left, right = st.columns([1, 1], gap="medium")
        with left:
            watching.curves(course)
        with right:
            kept = (
                load_recording(networks.directory(names[number]) / FILE) if names[number:] else None
            )
            watching.watched(kept or course.recording, live=False)


def page() -> None:
    """Table and choices; or the training that runs; or what came of it. Below, all networks."""
    work.take_back()
    with title_row("Train your own", ABOUT):
        told = st.container(width="content")
        menus = st.container(horizontal=True, width="content", gap="small")
    if setting() == "off":
        st.text(f"Training is switched off on this server ({VARIABLE}=off).")
        return
    if lacking := training.missing():
        st.text(f"Training needs packages that this server lacks: {', '.join(lacking)}.")
        st.code("pip install -r requirements.txt", language="bash")
        return
    choices.follow_link()
    result.note()
    made = training.current()
    if made is not None and made.job.active:
        state = made.job.state
        watching.buttons(made, state)
        watching.watch(made, state)
    elif made is not None:
        if made.networks:
            with menus:
                st.button(
                    "Train another", on_click=training.leave, args=(made,), key="train_another"
                )
        ended(made)
    else:
        table = table_input.FILE.table(told, menus)
        if table is not None:
            before.prepared(table)
        elif table_input.FILE.content is None:
            before.invitation()
    result.own_networks()
    work.keep()


page()
