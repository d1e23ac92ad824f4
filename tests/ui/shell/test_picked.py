"""A click picks what was seen where it was made, or nothing."""

import pytest

from dlnlp.ui.shell.picked import picked_place


def test_a_click_on_a_list_picks_from_it() -> None:
    assert picked_place({"subject": "words", "place": 0}, "words", 2) == 0
    assert picked_place({"subject": "words", "place": 1}, "words", 2) == 1


def test_a_click_on_another_list_picks_nothing() -> None:
    assert picked_place({"subject": "columns", "place": 0}, "words", 2) is None


@pytest.mark.parametrize("place", [2, -1, "0", None, True, 0.0, [0]])
def test_only_a_number_of_the_list_is_a_pick(place: object) -> None:
    assert picked_place({"subject": "words", "place": place}, "words", 2) is None


@pytest.mark.parametrize("sent", [None, 0, "0", [], {}, {"place": 0}])
def test_what_names_no_list_is_no_pick(sent: object) -> None:
    assert picked_place(sent, "words", 2) is None
