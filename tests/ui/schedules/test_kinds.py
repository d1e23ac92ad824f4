"""What every kind of schedule keeps to, also one that is added as a file."""

import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

from dlnlp.ui.schedules import kinds
from dlnlp.ui.schedules.choice import Choice, build_rate
from dlnlp.ui.schedules.kind import WARMUP, Kind
from dlnlp.ui.schedules.kinds import KINDS
from tests.ui.schedules.schedule_choices import RUN

ROOT = Path(__file__).resolve().parents[3]
EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


@EVERY_KIND
def test_a_kind_keeps_the_contract(kind: Kind) -> None:
    names = [parameter.name for parameter in kind.parameters]
    assert names[0] == "peak" and len(set(names)) == len(names)
    assert "momentum" in names or {"momentum_high", "momentum_low"} <= set(names)
    assert kind.title and kind.gist and not kind.gist.endswith(".")
    assert kind.claim == "" or re.search(r"\]\(https://arxiv\.org/abs/\d{4}\.\d{5}\)", kind.claim)
    for parameter in kind.parameters:
        assert parameter.clean(parameter.default) == parameter.default, parameter.name
        assert (parameter.default is None) == bool(parameter.empty), parameter.name
    assert kind.formula or kind.scheduler
    assert kind.formula or WARMUP not in kind.parameters, "a warm-up needs the formula"


@EVERY_KIND
def test_the_rate_grows_with_the_peak(kind: Kind) -> None:
    steps = np.arange(RUN.steps)
    once, twice = (
        build_rate(Choice(kind.name, {"peak": peak}), RUN)(steps) for peak in (0.125, 0.25)
    )
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-12)


def test_every_module_adds_kinds_and_nobody_else_names_them() -> None:
    modules = {found.name for found in pkgutil.iter_modules(kinds.__path__)}
    assert len(modules) >= 9 and len(KINDS) >= len(modules)
    elsewhere = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "dlnlp" / "ui" / "schedules").glob("*.py")
        if path.name != "view.py"  # the schedules that a new visitor finds
    )
    named = {name for name in KINDS if f'"{name}"' in elsewhere}
    assert named <= {"step", "triangular"}, "a column of a log; where the range test sends bounds"


def test_kinds_stand_in_the_order_of_their_titles() -> None:
    titles = [kind.title for kind in KINDS.values()]
    assert titles == sorted(titles)
