"""Shapes of small pictures."""

from dlnlp.ui.shell.picture import LONGEST_TEXT, text


def test_long_words_are_cut() -> None:
    shown = text(0, 0, "y" * 99)[2]
    assert shown.endswith("…") and len(shown) == LONGEST_TEXT
