"""Drafts are bars on one scale, those that do most first, with the change in their label."""

import pytest

from dlnlp.explain.log_odds import log_odds
from dlnlp.ui.text.draft_text import draft_groups, draft_label, draft_what
from tests.ui.text.counterfactual_jobs import finished


@pytest.mark.parametrize("target", range(5))
def test_bars_show_the_change_of_the_log_odds(target: int) -> None:
    job = finished()
    groups = draft_groups(job, target)
    assert [group["title"] for group in groups] == ["Drop a sentence", "Negate", "Swap a word"]
    drawn = [draft for group in groups for draft in group["drafts"]]
    assert sorted(draft["number"] for draft in drawn) == list(range(len(job.drafts)))
    assert max(abs(draft["effect"]) for draft in drawn) == 1
    before = log_odds(job.result.logits)[target]
    for draft in drawn:
        fresh = job.predictor.predict(job.drafts[draft["number"]].draft.text)
        effect = float(log_odds(fresh.logits)[target] - before)
        assert float(draft["written"].replace("−", "-").replace("±", "")) == pytest.approx(
            effect, abs=0.006
        )
        assert draft["flips"] == (fresh.predicted != job.result.predicted)
        assert draft["outcome"].startswith(fresh.class_names[fresh.predicted])
    for group in groups:
        sizes = [abs(draft["effect"]) for draft in group["drafts"]]
        assert sizes == sorted(sizes, reverse=True)


def test_labels_show_the_change_in_its_place() -> None:
    job = finished("The film is very good. But I love it, not great!")
    labels = {
        "".join({"gone": "-", "new": "+"}.get(p["change"], "") + p["text"] for p in label)
        for label in (draft_label(job, tried.draft) for tried in job.drafts)
    }
    assert "1. The film is very good." in labels
    assert "The film -is +is not very good." in labels
    assert "film is very -good +bad." in labels
    whats = {draft_what(tried.draft) for tried in job.drafts}
    assert {"Dropped sentence 2", "“good” became “bad”"} <= whats
