"""What a click on one of a list's lines or pictures tells."""

from typing import Any


def picked_place(sent: Any, subject: str, count: int) -> int | None:
    """The place in a list that was clicked, in [0, count); None where nothing of it was.

    A list can be clicked while the server already makes another one: the browser tells which list
    it shows, and a click on another one picks nothing of this.

    Args:
        sent: what came from the browser, hostile until checked: ``{"subject": ..., "place": ...}``.
        subject: what tells this list from others.
        count: how many there are in it.
    """
    if not isinstance(sent, dict) or sent.get("subject") != subject:
        return None
    place = sent.get("place")
    return place if type(place) is int and 0 <= place < count else None
