"""The part "What would change it" on both pages that read reviews."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.explain.targets import UPPER
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.shell.parts import CHANGE, COMPARE
from dlnlp.ui.text import counterfactual_job
from dlnlp.ui.text.counterfactual_job import CounterfactualJob
from dlnlp.ui.text.review_page import ReviewPage
from tests.pages import review_editor
from tests.pages.review_editor import components

TEXT = "The film is very good. But I love it, not great!"
CHANGES = "dlnlp.text_counterfactuals"


@pytest.fixture
def pages(app: AppTest, tiny_weights: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(counterfactual_job, "AT_ONCE", 60.0)  # the test waits for the thread
    return app


def open_part(app: AppTest, page: ReviewPage, text: str = TEXT) -> dict[str, Any]:
    app.switch_page(f"pages/{page.stem}.py").run()
    review_editor.write(app, page, text)
    app.session_state[page.setting("part")] = CHANGE
    app.run()
    assert not app.exception
    (data,) = components(app, CHANGES)
    return data


@pytest.mark.parametrize("page", [HAN, KIM], ids=["han", "kim_cnn"])
def test_the_part_shows_four_searches_and_small_changes(pages: AppTest, page: ReviewPage) -> None:
    data = open_part(pages, page)
    assert [card["kind"] for card in data["cards"]] == [
        "delete",
        "opposites",
        "neighbours",
        "keep",
    ]
    assert [group["title"] for group in data["groups"]] == [
        "Drop a sentence",
        "Negate",
        "Swap a word",
    ]
    assert any(card["pieces"] for card in data["cards"])


@pytest.mark.parametrize("page", [HAN, KIM], ids=["han", "kim_cnn"])
def test_nothing_is_searched_before_the_part_is_open(
    pages: AppTest, page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr(counterfactual_job, "_start", started.append)
    pages.switch_page(f"pages/{page.stem}.py").run()
    review_editor.write(pages, page, TEXT)
    assert not components(pages, CHANGES) and not started


def test_of_many_classes_one_can_be_chosen(pages: AppTest) -> None:
    open_part(pages, HAN)
    job: CounterfactualJob = pages.session_state[HAN.key("counterfactuals")]
    other = (job.result.predicted + 1) % 5
    (choice,) = [box for box in pages.selectbox if box.label == "Until it predicts"]
    assert len(choice.options) == 5  # any other class, and each but the predicted one
    choice.set_value(str(other + 1)).run()
    chosen: CounterfactualJob = pages.session_state[HAN.key("counterfactuals")]
    assert chosen.goal == other
    for found in chosen.searched:
        if found.found is not None and found.kind != "keep":
            assert found.found.result.predicted == other


def test_of_two_classes_there_is_nothing_to_choose(pages: AppTest) -> None:
    open_part(pages, KIM)
    assert not [box for box in pages.selectbox if box.label == "Until it predicts"]


def test_a_very_long_text_is_not_searched(pages: AppTest) -> None:
    pages.switch_page("pages/kim_cnn.py").run()
    pages.session_state[KIM.setting("part")] = CHANGE
    review_editor.write(pages, KIM, "good film. " * 2_000)
    assert not pages.exception and not components(pages, CHANGES)
    assert any("too long to search" in text.value for text in pages.markdown)


def test_an_empty_text_needs_a_review(pages: AppTest) -> None:
    pages.switch_page("pages/kim_cnn.py").run()
    pages.session_state[KIM.setting("part")] = CHANGE
    review_editor.write(pages, KIM, "   ")
    assert not pages.exception and not components(pages, CHANGES)


def test_an_edit_that_was_found_can_be_compared(pages: AppTest) -> None:
    open_part(pages, KIM)
    job: CounterfactualJob = pages.session_state[KIM.key("counterfactuals")]
    assert job.drafts
    text = job.drafts[0].draft.text
    pages.session_state[KIM.text] = text
    pages.session_state[KIM.key("kept")] = TEXT
    pages.session_state[KIM.setting("part")] = COMPARE
    pages.run()
    assert not pages.exception
    assert len(components(pages, review_editor.SHADED)) == 2


def test_what_is_explained_beside_the_classes_is_said_in_words(pages: AppTest) -> None:
    pages.switch_page("pages/han.py").run()
    pages.session_state[HAN.setting("shading")] = "delete"
    pages.session_state[HAN.setting("target")] = UPPER
    review_editor.write(pages, HAN, TEXT)
    (bars,) = components(pages, "dlnlp.text_class_bars")
    number = bars["contrast"]["written"]
    means = "is the mean logit of 4–5 stars less that of 1–2 stars"
    assert bars["note"].startswith(f"{number} {means}")
