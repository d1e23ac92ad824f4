"""The part "During training" of a text page: the recording that lies among a network's weights."""

import streamlit as st

from dlnlp.examples.texts import WATCHED
from dlnlp.inference.recording import FILE, load_recording
from dlnlp.ui.shell import networks
from dlnlp.ui.text.replay import replay
from dlnlp.ui.text.review_page import ReviewPage


def has_recording(model: str) -> bool:
    """Whether there is something to show for a network; its content may still be damaged."""
    return (networks.directory(model) / FILE).is_file()


def during_training(page: ReviewPage, model: str) -> None:
    """Draw the recording of a network.

    Args:
        page: The page.
        model: Name of the network.
    """
    recording = load_recording(networks.directory(model) / FILE)
    if recording is None:
        st.warning(f"{FILE} of {model} is damaged: restore the file, or train the network again.")
        return
    known = {e.text: e.label for e in (*page.examples_for(model), *WATCHED.get(model, ()))}
    texts = [each["text"] for each in recording["texts"]]
    labels = [known[text] for text in texts] if all(text in known for text in texts) else ()
    replay(recording, page.key("during"), labels)
