"""How a network is trained, as the visitor chooses it: kind, epochs, schedule, name."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlnlp import schedules
from dlnlp.schedules import Schedule, from_dict, to_dict
from dlnlp.ui.shell import networks, permalink
from dlnlp.ui.shell.page_scripts import script_of
from dlnlp.ui.shell.permalink import PageLink

KIND, EPOCHS, SHAPE, PEAK, NAME = (
    f"train_{what}" for what in ("kind", "epochs", "shape", "peak", "name")
)
KINDS: Mapping[str, str] = {"han": "Hierarchical attention", "kim_cnn": "Kim CNN"}
MOST_EPOCHS = 60
PEAK_RATE, PEAK_BOUNDS = 0.004, (1e-5, 0.1)
# Of the recipes for tables of this size: passes at most.
_EPOCHS = {"han": 20, "kim_cnn": 30}
_MOST_NAME = 40
LINK = PageLink("train", ("schedule", "called"))
_CARRIED = "train_carried"
RECIPE = "Warm-up, then cosine"


def _shapes() -> dict[str, Schedule | None]:
    """Schedules by their names, made for 1,000 steps; None: that of the recipe."""
    return {
        RECIPE: None,
        "Constant": schedules.Constant(1.0),
        "Linear decay": schedules.Polynomial(initial=1.0, final=0.0, decay_steps=1_000),
        "1cycle": schedules.OneCycle(max=1.0, total_steps=1_000),
        "Triangular cycles": schedules.Cyclical(base=0.1, max=1.0, step_size_up=125),
    }


@dataclass(frozen=True)
class Choices:
    """All of it.

    Attributes:
        kind: of network.
        epochs: passes over the texts at most.
        schedule: JSON of rate and steps; None: that of the recipe.
        max_lr: the highest learning rate.
        name: of the network.
    """

    kind: str
    epochs: int
    schedule: str | None
    max_lr: float
    name: str


def follow_link() -> None:
    """Take the schedule that a link carries over; before any widget. Hostile until checked."""
    query = LINK.new()
    if not query:
        return
    try:
        content = json.loads(permalink.decode_text(query.get("schedule", [""])[0]))
        rate, steps = from_dict(content["rate"]), int(content["steps"])
        if not 1 <= steps <= 100_000_000:
            raise ValueError(steps)
    except (permalink.LinkError, ValueError, KeyError, TypeError, RecursionError):
        return
    name = "From Schedules: " + " ".join(query.get("called", ["one"])[0].split())[:40]
    st.session_state[_CARRIED] = (name, rate, steps)
    st.session_state[SHAPE] = name
    LINK.leave()


def carried() -> str:
    """Name of the schedule that a link has carried over and that is chosen; "" for none."""
    found = st.session_state.get(_CARRIED)
    return str(found[0]) if found and st.session_state.get(SHAPE) == found[0] else ""


def choose(file_name: str) -> Choices:
    """Draw the controls.

    Args:
        file_name: of the table, after which the network is called at first.
    """
    state = st.session_state
    if state.get(KIND) not in KINDS:
        state[KIND] = "han"
    kind = st.segmented_control(
        "Network", list(KINDS), format_func=KINDS.__getitem__, required=True, key=KIND,
        persist_state="session",
    ) or "han"  # fmt: skip
    with st.popover("Epochs, schedule, name", icon=":material/settings:", width="content"):
        epochs = st.number_input(
            "Epochs, at most", 1, MOST_EPOCHS, _EPOCHS[kind], key=f"{EPOCHS}_{kind}",
            persist_state="session",
            help="Training ends sooner when the loss on the validation texts no longer falls. The "
            "network of the best epoch is kept.",
        )  # fmt: skip
        schedule = _schedule()
        peak = st.number_input(
            "Peak learning rate", *PEAK_BOUNDS, PEAK_RATE, 0.001, format="%g", key=PEAK,
            persist_state="session",
            help="The schedule keeps its shape, and is scaled to this height.",
        )  # fmt: skip
        usual = plain_name(file_name.rpartition(".")[0] or file_name)
        given = st.text_input(
            "Name of the network", key=NAME, max_chars=_MOST_NAME, persist_state="session",
            placeholder=networks.free_title(usual),
            help="Letters, digits, _, - and . ; other characters become _ .",
        )  # fmt: skip
    name = networks.free_title(plain_name(given) if given else usual)
    return Choices(kind, int(epochs), schedule, float(peak), name)


def _schedule() -> str | None:
    """Draw the choice of a schedule."""
    state, shapes = st.session_state, _shapes()
    carried = state.get(_CARRIED)
    names = [*shapes, *([carried[0]] if carried else [])]
    if state.get(SHAPE) not in names:
        state[SHAPE] = names[0]
    chosen = st.selectbox("Schedule", names, key=SHAPE, persist_state="session")
    st.page_link(script_of("schedules"), label="Draw one of your own on Schedules")
    if carried and chosen == carried[0]:
        return as_json(carried[1], carried[2])
    shape = shapes[chosen]
    return None if shape is None else as_json(shape, 1_000)


def as_json(rate: Schedule, steps: int) -> str:
    """What training reads."""
    content: dict[str, Any] = {"rate": to_dict(rate), "steps": steps}
    return json.dumps(content)


def plain_name(name: str) -> str:
    """A name that a directory can have: ASCII letters, digits, `_`, `-` and `.`."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "_", name)[:_MOST_NAME].strip("_.-")
    return plain or "my_texts"
