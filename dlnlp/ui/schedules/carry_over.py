"""The way from a schedule to the page that trains a network with it."""

import json

import streamlit as st

from dlnlp.schedules import to_dict
from dlnlp.ui.schedules import controls
from dlnlp.ui.schedules.curves import Curve
from dlnlp.ui.schedules.view import LETTERS
from dlnlp.ui.shell import permalink
from dlnlp.ui.shell.page_scripts import script_of
from dlnlp.ui.shell.training_setting import setting


def query(curve: Curve, title: str, steps: int) -> dict[str, str] | None:
    """The link's parameters; None for a schedule that is too long for a link.

    Args:
        curve: the schedule's.
        title: what it is called.
        steps: length of the run that it is made for.
    """
    content = json.dumps({"rate": to_dict(curve.schedule), "steps": steps})
    packed = permalink.encode_text(content, longest=permalink.LONGEST_OWN)
    return None if packed is None else {"schedule": packed, "called": title}


def train_link(slot: int, curve: Curve) -> None:
    """Draw the link that carries a schedule over; nothing where visitors may not train."""
    view = controls.view()
    found = query(curve, view.choices[slot].title, view.run.steps)
    if setting() != "off" and found is not None:
        st.page_link(
            script_of("train"),
            label=f":blue[Train a network on texts with schedule {LETTERS[slot]} →]",
            query_params=found,
        )
