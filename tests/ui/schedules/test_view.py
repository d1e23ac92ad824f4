"""Links restore a view; whatever else a link holds becomes a sensible view."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.curves import curves_of
from dlnlp.ui.schedules.kind import Run
from dlnlp.ui.schedules.kinds import KINDS
from dlnlp.ui.schedules.view import (
    MOST_STEPS,
    PARTS,
    RaceSettings,
    View,
    bounded_run,
    from_query,
    link,
    to_query,
)
from tests.ui.schedules.schedule_choices import CHOICES


def read(view: View) -> View:
    return from_query(parse_qs(urlsplit(link("http://a/schedules", view)).query))


def settings(view: View) -> list[list[object]]:
    return [
        [choice.kind, *(choice.get(p.name) for p in KINDS[choice.kind].parameters)]
        for choice in view.choices.values()
    ]


@pytest.mark.parametrize("start", range(0, len(CHOICES), 4))
def test_a_link_restores_everything(start: int) -> None:
    choices = dict(enumerate(CHOICES[start : start + 4]))
    view = View(Run(50_000, 128, 30), "steps", choices, RaceSettings(7, 64, 2), True, PARTS[1])
    again = read(view)
    assert (again.run, again.unit, again.race) == (view.run, view.unit, view.race)
    assert settings(again) == settings(view)
    assert again.log_rate and again.part == PARTS[1]
    assert len(link("http://a/schedules", view)) < 2_000


def test_defaults_stay_out_of_a_schedule_in_a_link() -> None:
    view = View(choices={0: Choice("cosine", {"peak": 0.3})})
    assert dict(to_query(view))["s"] == "cosine~peak_0.3"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {
            "data": ["many"],
            "batch": ["-5"],
            "epochs": ["nan"],
            "unit": ["weeks"],
            "race": ["a-b-c"],
        },
        {"s": ["unheard_of~peak_1", "", "~~~", "__"]},
        {"data": ["1e400"], "batch": ["inf"], "race": ["--"], "part": ["<b>"]},
    ],
)
def test_nonsense_gives_the_default(query: dict[str, list[str]]) -> None:
    view = from_query(query)
    assert settings(view) == settings(View())
    assert view.unit == "epochs" and view.race == RaceSettings() and view.part == PARTS[0]
    assert view.run.steps >= 1


def test_values_out_of_bounds_are_clipped() -> None:
    view = from_query(
        {"s": ["onecycle~peak_1e9~share_7~phases_9~anneal_x~nonsense_3"], "race": ["999-1-999"]}
    )
    choice = view.choices[0]
    assert (choice.number("peak"), choice.number("share")) == (1_000.0, 0.49)
    assert (choice.get("phases"), choice.get("anneal")) == ("2", "cosine")
    assert view.race == RaceSettings(200, 16, 5)


def test_at_most_four_schedules_are_read() -> None:
    assert len(from_query({"s": ["constant"] * 9}).choices) == 4


@given(st.dictionaries(st.sampled_from(["data", "batch", "epochs", "unit", "race"]), st.text()))
def test_any_text_gives_a_view(query: dict[str, str]) -> None:
    view = from_query({name: [text] for name, text in query.items()})
    assert 1 <= view.run.steps <= MOST_STEPS


_NUMBERS = st.one_of(st.floats(), st.text(max_size=8), st.integers())


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_any_link_gives_schedules_that_can_be_drawn(data: st.DataObject, kind: str) -> None:
    names = [parameter.name for parameter in KINDS[kind].parameters]
    values = data.draw(st.dictionaries(st.sampled_from(names), _NUMBERS))
    run = bounded_run(*data.draw(st.tuples(_NUMBERS, _NUMBERS, st.integers(1, 50))))
    text = "~".join([kind, *(f"{name}_{value}" for name, value in values.items())])
    view = View(run=run, choices=from_query({"s": [text]}).choices)
    curves, refused = curves_of(view)
    assert refused == {}
    assert curves[0].rate.shape == curves[0].steps.shape


def test_slots_keep_their_letters() -> None:
    view = View().without(1)
    assert list(view.choices) == [0, 2] and view.free_slot == 1
    assert view.label(2) == "C · Cosine 1, warm-up"
    again = view.with_choice(1, Choice("noam", {}))
    assert list(again.choices) == [0, 1, 2] and again.free_slot == 3
    assert list(View(choices={2: Choice("noam", {})}).without(2).choices) == [2]


def test_a_run_is_never_longer_than_the_bound() -> None:
    assert bounded_run(1e9, 1, 10_000).steps <= MOST_STEPS
    assert bounded_run(100, 32, 3).steps == 12


@pytest.mark.parametrize("part", ["Live race", "LR range test", "Training log of a HAN"])
def test_links_to_a_tab_open_it(part: str) -> None:
    assert from_query({"part": [part]}).part == part


def test_a_new_visitors_schedules_are_known_whatever_a_widget_writes() -> None:
    view = View()
    choice = view.choices[1]
    values = {parameter.name: choice.get(parameter.name) for parameter in choice.of.parameters}
    assert view.with_choice(1, Choice(choice.kind, values)).is_as_found
    assert not view.with_choice(1, Choice(choice.kind, {**values, "peak": 0.31})).is_as_found
    assert not view.without(2).is_as_found


def test_labels_tell_schedules_of_one_kind_apart() -> None:
    assert View().label(1) == "B · Cosine 0.3, no warm-up"
    two = View(choices={0: Choice("triangular", {"peak": 0.5}), 1: Choice("triangular", {})})
    assert [two.label(slot) for slot in (0, 1)] == ["A · Triangular 0.5", "B · Triangular 0.2"]
    assert two.without(1).label(0) == "A · Triangular"
