"""A sentence for those who hear the page: it is announced once, when it changes."""

from dlnlp.ui.shell.component import component

_mount = component(__file__, '<p role="status"></p>')


def announce(sentence: str) -> None:
    """Say a sentence to screen readers; "" says nothing, and lets the same one be said again."""
    _mount(key="schedules_announcement", data={"sentence": sentence})
