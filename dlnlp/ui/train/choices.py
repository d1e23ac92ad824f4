"""How a network is trained, as the visitor chooses it: kind, epochs, schedule, name."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlnlp import schedules
from dlnlp.schedules import Schedule, from_dict, to_dict
from dlnlp.ui.shell import networks, permalink
from dlnlp.ui.shell.page_scripts import script_of
from dlnlp.ui.shell.permalink import PageLink
from dlnlp.ui.train.table_input import ORDER

KIND, EPOCHS, SHAPE, PEAK, NAME = (
    f"train_{what}" for what in ("kind", "epochs", "shape", "peak", "name")
)
KINDS: Mapping[str, str] = {"han": "Hierarchical attention", "kim_cnn": "Kim CNN"}
BOTH = "both"
MOST_ORDERED = 12  # classes
MOST_EPOCHS = 60
PEAK_BOUNDS = 1e-5, 0.1
_BY_RECIPE = "by the recipe"
Plans = Mapping[str, Mapping[str, float]]
"""For each kind of network what the recipe says: see ``train/texts/own_sizes.py``."""
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
        kinds: of network, one or both, in the order of their trainings.
        epochs: passes over the texts at most; None: as many as the recipe says.
        schedule: JSON of rate and steps; None: that of the recipe.
        max_lr: the highest learning rate; None: that of the recipe.
        name: of the network.
        class_order: as of ``train.own --class-order``.
    """

    kinds: tuple[str, ...]
    epochs: int | None
    schedule: str | None
    max_lr: float | None
    name: str
    class_order: tuple[str, ...] | None = None

    @property
    def title(self) -> str:
        """What is trained, in words."""
        return " and ".join(KINDS[kind] for kind in self.kinds)

    def name_of(self, kind: str) -> str:
        """Name of the network of a kind."""
        return self.name if len(self.kinds) == 1 else f"{self.name}_{kind}"

    def epochs_of(self, kind: str, plans: Plans) -> int:
        """Passes over the texts at most, of the network of a kind."""
        return self.epochs or int(plans[kind]["epochs"])


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


def choose(file_name: str, plans: Plans | None, class_names: Sequence[str]) -> Choices:
    """Draw the controls.

    Args:
        file_name: of the table, after which the network is called at first.
        plans: what the recipe says; None while nobody knows.
        class_names: the labels of the table.
    """
    state = st.session_state
    if state.get(KIND) not in (*KINDS, BOTH):
        state[KIND] = "han"
    kind = st.segmented_control(
        "Network", [*KINDS, BOTH], format_func=lambda kind: KINDS.get(kind, "Both"), required=True,
        key=KIND, persist_state="session",
    ) or "han"  # fmt: skip
    kinds = tuple(KINDS) if kind == BOTH else (kind,)
    with st.popover("Epochs, schedule, name", icon=":material/settings:", width="content"):
        epochs = st.number_input(
            "Epochs, at most", 1, MOST_EPOCHS, None, key=EPOCHS, persist_state="session",
            placeholder=_by_recipe(kinds, plans, "epochs"),
            help="Training ends sooner when the loss on the validation texts no longer falls. The "
            "network of the best epoch is kept.",
        )  # fmt: skip
        schedule = _schedule()
        peak = st.number_input(
            "Peak learning rate", *PEAK_BOUNDS, None, 0.001, format="%g", key=PEAK,
            persist_state="session", placeholder=_by_recipe(kinds, plans, "max_lr"),
            help="The schedule keeps its shape, and is scaled to this height.",
        )  # fmt: skip
        class_order = _class_order(class_names)
        usual = plain_name(file_name.rpartition(".")[0] or file_name)
        given = st.text_input(
            "Name of the network", key=NAME, max_chars=_MOST_NAME, persist_state="session",
            placeholder=networks.free_title(usual),
            help="Letters, digits, _, - and . ; other characters become _ .",
        )  # fmt: skip
    name = networks.free_title(plain_name(given) if given else usual)
    return Choices(kinds, epochs and int(epochs), schedule, peak and float(peak), name, class_order)


def _by_recipe(kinds: Sequence[str], plans: Plans | None, what: str) -> str:
    """What holds where a field is left empty."""
    if plans is None:
        return _BY_RECIPE
    values = dict.fromkeys(f"{plans[kind][what]:g}" for kind in kinds)
    return f"{' and '.join(values)}, {_BY_RECIPE}"


def _class_order(class_names: Sequence[str]) -> tuple[str, ...] | None:
    """Draw the order of the classes, which only three or more have."""
    if not 3 <= len(class_names) <= MOST_ORDERED:
        return None
    numbers = [name for name in class_names if _is_number(name)]
    usual = sorted(numbers, key=float) if len(numbers) == len(class_names) else []
    state = st.session_state
    state[ORDER] = [n for n in state.get(ORDER, usual) if n in class_names]
    chosen = st.multiselect(
        "Order of the classes, lowest first", class_names, key=ORDER, persist_state="session",
        placeholder="they have no order",
        help="Of classes such as low, medium and high one can then ask what speaks for the upper "
        "against the lower ones. Choose all of them, one after the other.",
    )  # fmt: skip
    if chosen and len(chosen) < len(class_names):
        st.caption("Choose all classes, or none: until then they have no order.")
        return ()
    return tuple(chosen)


def _is_number(label: str) -> bool:
    try:
        return math.isfinite(float(label))
    except ValueError:
        return False


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
