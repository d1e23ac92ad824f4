"""A schedule on its way to the page that trains: what arrives is what was set."""

import json

import numpy as np
import pytest

from dlnlp.schedules import from_dict
from dlnlp.ui.schedules.carry_over import query
from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.curves import curves_of
from dlnlp.ui.schedules.kinds import KINDS
from dlnlp.ui.schedules.view import View
from dlnlp.ui.shell import permalink


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_schedule_arrives(kind: str) -> None:
    view = View(choices={0: Choice(kind, {})})
    curves, refused = curves_of(view)
    assert not refused
    found = query(curves[0], "A title", view.run.steps)
    assert found is not None and found["called"] == "A title"
    content = json.loads(permalink.decode_text(found["schedule"]))
    assert content["steps"] == view.run.steps
    at = np.arange(view.run.steps)
    np.testing.assert_allclose(from_dict(content["rate"])(at), curves[0].schedule(at))
