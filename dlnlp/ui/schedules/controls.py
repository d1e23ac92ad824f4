"""The controls of the schedules page: the run, the slots A to D, and the parameters of one.

What is shown lives in the session as one `View`; a widget takes its first value from it and writes
back into it, so that nothing is lost when the visitor changes page.
"""

from dataclasses import replace
from typing import Any

import streamlit as st

from dlnlp.ui.schedules import view as schedule_view
from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.fields import number_field
from dlnlp.ui.schedules.kind import Parameter, Value
from dlnlp.ui.schedules.kinds import KINDS
from dlnlp.ui.schedules.view import LETTERS, MOST_STEPS, PARTS, RUN_BOUNDS, UNITS, View
from dlnlp.ui.shell.permalink import PageLink

_VIEW, _VERSION = "schedules_view", "schedules_version"
SELECTED = "schedules_selected"
DOTS = (":blue[●]", ":orange[●]", ":green[●]", ":violet[●]")
PART = "schedules_part"
LINK = PageLink("schedules", ("data", "batch", "epochs", "unit", "s", "race", "log", "part"))
_GO = "go"


def view() -> View:
    """What the visitor has set."""
    current: View = st.session_state[_VIEW]
    return current


def keep(new: View) -> None:
    """Take over what widgets say."""
    st.session_state[_VIEW] = new


def show(new: View) -> None:
    """Set the view from elsewhere than its widgets; they start anew from it."""
    keep(new)
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def key_of(name: str) -> str:
    """The key of a widget that starts anew when the view is set from elsewhere."""
    return f"schedules_{name}_{st.session_state.get(_VERSION, 0)}"


def select(slot: int) -> None:
    """Open a slot in the editor; for callbacks."""
    st.session_state[SELECTED] = slot


def restore() -> None:
    """Give the session its view, from the link when the page was opened by one."""
    if query := LINK.new():
        show_anew(schedule_view.from_query(query))
    elif _VIEW not in st.session_state:
        show(View())
    follow()


def show_anew(new: View) -> None:
    """Set the whole view from a link or from an earlier session, the open tab too."""
    show(new)
    st.session_state[PART] = new.part
    st.session_state.pop(SELECTED, None)


def asked_to_race() -> bool:
    """Whether the link that opened the page asks for the race to start; asked once."""
    return st.query_params.pop(_GO, None) is not None


def follow() -> None:
    """Take over the open tab, and leave the link once the visitor has changed anything.

    A reload then does not bring back what is no longer shown. To be called wherever a change can
    be drawn: by `restore`, and first in a fragment.
    """
    keep(replace(view(), part=st.session_state.get(PART, PARTS[0])))
    LINK.leave_when_changed(schedule_view.to_query(view()))


def _kinds() -> dict[int, str]:
    return {slot: choice.kind for slot, choice in view().choices.items()}


def _seeded(key: str, value: Any) -> str:
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def run_settings() -> list[str]:
    """Draw the button that opens size of the data, batch size, epochs, and the unit of lengths.

    Returns:
        What is to be said next to the chart: numbers out of range.
    """
    run, told = view().run, list[str]()
    numbers: dict[str, int | None] = {}
    labels = {"examples": "Examples", "batch_size": "Batch size", "epochs": "Epochs"}
    with st.popover(
        f"Run: {run.epochs:,} epochs", icon=":material/settings:", key="schedules_run", width=180
    ):
        for name, label in labels.items():
            numbers[name] = number_field(
                label, RUN_BOUNDS[name], getattr(run, name), told, key=key_of(name), step=1
            )
        unit = st.segmented_control(
            "Lengths in", UNITS, required=True, key=_seeded(key_of("unit"), view().unit)
        )
        run = schedule_view.bounded_run(**numbers)
        keep(replace(view(), run=run, unit=unit or view().unit))
        if numbers["epochs"] and run.epochs < numbers["epochs"]:
            told.append(
                f"{MOST_STEPS:,} steps are the most: the chart shows {run.epochs:,} epochs of them."
            )
        for sentence in told:
            st.text(sentence)
        st.caption(
            f"{run.steps_per_epoch:,} steps per epoch × {run.epochs:,} epochs = "
            f"**{run.steps:,} steps**, one update of the weights each. A length keeps its epochs "
            "when the batch size changes."
        )
    return told


def _add(slot: int) -> None:
    taken = _kinds().values()
    kind = next(kind for kind in KINDS if kind not in taken)
    keep(view().with_choice(slot, Choice(kind, {})))
    st.session_state[SELECTED] = slot


def _remove(slot: int) -> None:
    keep(view().without(slot))
    st.session_state[SELECTED] = next(iter(view().choices))


def logarithmic() -> bool:
    """Draw the switch of the rate's axis."""
    key = _seeded(key_of("log"), view().log_rate)
    keep(replace(view(), log_rate=st.toggle("Logarithmic learning rate", key=key)))
    return view().log_rate


def slot_name(slot: int) -> str:
    """A slot as its button says it, with its colour."""
    return f"{DOTS[slot]} {LETTERS[slot]}"


def slots() -> int:
    """Which schedule is being edited; add and remove. Returns the slot."""
    choices = view().choices
    if st.session_state.get(SELECTED) not in choices:
        st.session_state[SELECTED] = next(iter(choices))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        chosen = st.segmented_control(
            "Schedule to edit",
            list(choices),
            required=True,
            format_func=slot_name,
            key=SELECTED,
            label_visibility="collapsed",
            persist_state="session",
            width=56 * len(choices),  # widths are known, so that nothing moves as these arrive
        )
        slot = chosen if chosen is not None else next(iter(choices))
        free = view().free_slot
        if free is not None:
            st.button("Add", icon=":material/add:", on_click=_add, args=(free,), width=90)
        if len(choices) > 1:
            name = f"Remove {LETTERS[slot]}"
            st.button(
                name,
                icon=":material/delete:",
                type="tertiary",
                on_click=_remove,
                args=(slot,),
                width=110,
            )
    return slot


def editor(slot: int) -> list[str]:
    """Draw kind and parameters of one schedule.

    Returns:
        What is to be said next to the chart: numbers out of range.
    """
    choice, told = view().choices[slot], list[str]()
    with st.container(border=True, gap="small"):
        kind = st.selectbox(
            f"Schedule {LETTERS[slot]}",
            list(KINDS),
            format_func=lambda name: f"{KINDS[name].title}: {KINDS[name].gist}",
            key=_seeded(key_of(f"{slot}_kind"), choice.kind),
            label_visibility="collapsed",
        )
        if kind != choice.kind:
            choice = choice.with_kind(kind)
        values: dict[str, Value] = {}
        parameters = KINDS[kind].parameters
        for start in range(0, len(parameters), 2):
            columns, before = st.columns(2, vertical_alignment="bottom"), len(told)
            for column, parameter in zip(columns, parameters[start : start + 2], strict=False):
                with column:
                    key = f"{slot}_{kind}_{parameter.name}"
                    values[parameter.name] = _field(parameter, choice, key, told)
            for sentence in told[before:]:
                st.text(sentence)
        keep(view().with_choice(slot, Choice(kind, values)))
    return told


def _field(parameter: Parameter, choice: Choice, name: str, told: list[str]) -> Value:
    value = choice.get(parameter.name)
    if parameter.options:
        return st.segmented_control(
            parameter.label,
            parameter.options,
            required=True,
            key=_seeded(key_of(name), value),
            help=parameter.help or None,
        )
    number = None if value is None else float(value)
    if parameter.length and view().unit == "steps":
        return _in_steps(parameter, number, name, told)
    drawn: float | None = number_field(
        f"{parameter.label} (epochs)" if parameter.length else parameter.label,
        (parameter.low, parameter.high),
        number,
        told,
        key=key_of(name),
        empty=parameter.empty,
        step=parameter.step,
        format="%g",
        help=parameter.help or None,
    )
    return drawn


def _in_steps(parameter: Parameter, value: float | None, name: str, told: list[str]) -> Value:
    per_epoch = view().run.steps_per_epoch
    low = 0 if parameter.low == 0 else 1
    steps: int | None = number_field(
        f"{parameter.label} (steps)",
        (low, max(low, round(parameter.high * per_epoch))),
        None if value is None else max(low, round(value * per_epoch)),
        told,
        key=key_of(f"{name}_{per_epoch}_steps"),
        empty=parameter.empty,
        step=1,
        help=parameter.help or None,
    )
    return None if steps is None else parameter.clean(steps / per_epoch)
