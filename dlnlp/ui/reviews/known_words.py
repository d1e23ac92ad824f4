"""A warning where the network knows too few of the words to have an opinion."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

# Below this share of known words a verdict says next to nothing about the text.
ENOUGH_KNOWN = 0.5


def unknown_words(tokens: Sequence[str], known: NDArray[np.bool_]) -> None:
    """Warn when the network knows too few of the words to have an opinion.

    Args:
        tokens: N normalised words.
        known: bool ``[N]``; punctuation is known in any language and does not count.
    """
    words = [bool(there) for token, there in zip(tokens, known, strict=True) if _is_word(token)]
    if words and sum(words) < ENOUGH_KNOWN * len(words):
        st.warning(
            f"The network knows {sum(words):,} of these {len(words):,} words and reads all others "
            "as one and the same unknown word, so its verdict says little about this text: it "
            "learned from English reviews alone."
        )


def _is_word(token: str) -> bool:
    return any(character.isalnum() for character in token)
