"""A warning where the network knows too few of the words to have an opinion."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.explain.known_words import count_unknown


def unknown_words(tokens: Sequence[str], known: NDArray[np.bool_]) -> None:
    """Warn when the network knows too few of the words to have an opinion.

    Args:
        tokens: N normalised words.
        known: bool ``[N]``.
    """
    found = count_unknown(tokens, known)
    if found.too_many:
        st.warning(
            f"Is this English? The network does not know {found.unknown:,} of these "
            f"{found.words:,} words, more than in almost any English review, and it learned from "
            "English reviews alone. Its prediction says little about this text."
        )
