"""The page that trains, through the real app; the training itself is a toy."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts, catalogue
from dlnlp.artifacts import open_artifact
from dlnlp.ui.shell import training_setting, workshops
from dlnlp.ui.train import range_test, result, training
from tests.tiny_han import write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn
from tests.ui.drawn_tables import tables

TABLE = "text,label\n" + "".join(
    f"{'Good' if n % 2 else 'Bad'} room number {n}.,{'Ja <b>' if n % 2 else '否'}\n"
    for n in range(40)
)


LEVELS = "text,label\n" + "".join(f"Room number {n} was so so.,{n % 3 + 1}\n" for n in range(45))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    write_tiny_han(root / "han_stars")
    write_tiny_kim_cnn(root / "kim_cnn")
    return root


@pytest.fixture
def page(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[AppTest]:
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setattr(training, "TASK", "tests.toy_tasks:learn")
    monkeypatch.setattr(range_test, "TASK", "tests.toy_tasks:range_test")
    monkeypatch.setenv(catalogue.VARIABLE, str(tmp_path / "models"))
    monkeypatch.delenv(training_setting.VARIABLE, raising=False)
    yield opened(app)


def opened(app: AppTest) -> AppTest:
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return app


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def wait(page: AppTest, condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
        page.run()
        assert not page.exception


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def texts(page: AppTest) -> str:
    kinds = (page.text, page.markdown, page.caption, page.warning, page.error, page.success)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def upload(page: AppTest, content: str = TABLE, name: str = "Zimmer 1.csv") -> None:
    (uploader,) = page.get("file_uploader")
    uploader.set_value((name, content.encode(), "text/csv")).run()
    assert not page.exception


def named(page: AppTest, name: str) -> None:
    page.text_input(key="train_name").set_value(name).run()
    assert not page.exception


def chosen(page: AppTest, kind: str) -> None:
    kinds = page.get("button_group")
    next(group for group in kinds if group.key == "train_kind").set_value(kind).run()
    assert not page.exception


def trained(page: AppTest, name: str = "zimmer") -> str:
    """Train a Kim CNN to the end; the network's directory."""
    upload(page)
    named(page, name)
    chosen(page, "kim_cnn")
    press(page, "Start training")
    wait(page, lambda: "Train another" in labels(page))
    (found,) = [each for each in mine(page) if each.startswith(f"{name}~")]
    return found


def mine(page: AppTest) -> list[str]:
    """Names of the networks of a session, by the list of its page."""
    keys = [button.key or "" for button in page.button]
    return [key.removeprefix("train_delete ") for key in keys if key.startswith("train_delete ")]


def test_two_clicks_lead_to_a_training(page: AppTest) -> None:
    press(page, "Use hotel remarks")
    wait(page, lambda: "312 texts, 40 epochs at most: about" in texts(page))
    assert page.text_input(key="train_name").placeholder == "hotel_remarks"
    press(page, "Start training")
    wait(page, lambda: "Train another" in labels(page))
    (name,) = mine(page)
    assert name.startswith("hotel_remarks~")


def test_a_table_is_shown_before_it_is_learned(page: AppTest) -> None:
    upload(page)
    assert page.selectbox(key="train_texts").value == "text"
    assert page.selectbox(key="train_labels").value == "label"
    assert str(page.text_area(key="train_watched").value).startswith(("Good", "Bad"))
    wait(page, lambda: "Worth knowing before you start" in texts(page))
    assert "Nothing unusual" in texts(page)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("text,label\n" + "one,same\n" * 40, "At least two different labels"),
        ("text,label\na,1\nb,2\n", "At least 20 rows"),
        ("text,label\n" + "".join(f"a b,{n}\n" for n in range(60)), "at most 50 can be classes"),
        ("text\nonly\n", "A column with a label for each text is needed"),
    ],
)
def test_a_table_that_teaches_nothing_is_refused_in_a_sentence(
    page: AppTest, content: str, sentence: str
) -> None:
    upload(page, content)
    assert sentence in texts(page)
    assert page.button(key="train_start").disabled


def test_what_the_look_at_a_table_finds_can_forbid_the_start(page: AppTest) -> None:
    upload(
        page, "text,label\n" + "".join(f"这个酒店的房间非常干净{n},{n % 2}\n" for n in range(40))
    )
    wait(page, lambda: "Nothing can be learned" in texts(page))
    assert "Most texts are written in Chinese or Japanese" in texts(page)
    assert page.button(key="train_start").disabled


def test_a_result_is_told_and_opens_on_the_other_pages_for_this_session_alone(
    page: AppTest, weights: Path
) -> None:
    name = trained(page)
    assert "has learned" in texts(page) and "Accuracy on" in texts(page)
    page.switch_page("pages/kim_cnn.py").run()
    assert not page.exception
    switch = page.get("segmented_control") or page.get("button_group")
    assert name in str([each.options for each in switch]) or "zimmer" in str(
        [each.options for each in switch]
    )
    page.switch_page("pages/models.py").run()
    assert not page.exception and "zimmer" in str(page.get("button_group")[0].options)
    other = AppTest.from_file(
        str(Path(__file__).resolve().parents[2] / "streamlit_app.py"), default_timeout=60
    )
    opened(other)
    assert mine(other) == []
    other.query_params["model"] = name
    other.switch_page("pages/kim_cnn.py").run()
    assert not other.exception and "zimmer" not in texts(other)


def test_both_networks_are_trained_compared_and_opened(page: AppTest) -> None:
    upload(page)
    named(page, "zimmer")
    chosen(page, "both")
    press(page, "Start training")
    wait(page, lambda: "Train another" in labels(page))
    assert [name.partition("~")[0] for name in mine(page)] == ["zimmer_han", "zimmer_kim_cnn"]
    assert "zimmer_han" in texts(page) and "zimmer_kim_cnn" in texts(page)
    (compared,) = tables(page)
    assert list(compared["model"])[:2] == ["Hierarchical attention", "Kim CNN"]
    assert all("%" in cell for cell in compared["accuracy on test"])
    page.switch_page("pages/han.py").run()
    assert not page.exception and "zimmer_han" in str(page.get("button_group")[0].options)


def test_a_stop_begins_no_other_network(page: AppTest) -> None:
    upload(page)
    named(page, "slow")
    chosen(page, "both")
    press(page, "Start training")
    wait(
        page,
        lambda: "network 1 of 2. Step 2 of 4" in str([p.proto.text for p in page.get("progress")]),
    )
    press(page, "Stop and keep")
    wait(page, lambda: "Train another" in labels(page))
    assert [name.partition("~")[0] for name in mine(page)] == ["slow_han"]


def test_the_peak_is_found_on_this_very_table_and_taken_by_one_click(page: AppTest) -> None:
    upload(page)
    press(page, "LR range test")
    wait(page, lambda: any(label.startswith("Take ") for label in labels(page)))
    (label,) = (label for label in labels(page) if label.startswith("Take "))
    press(page, label)
    taken = page.number_input(key="train_peak").value
    assert label == f"Take {taken:g} as the peak learning rate" and 0.003 < taken < 0.03
    assert not any(label.startswith("Take ") for label in labels(page))


def test_numbers_are_classes_in_an_order(page: AppTest) -> None:
    upload(page, LEVELS)
    assert page.multiselect(key="train_order").value == ["1", "2", "3"]


def test_words_have_the_order_that_is_given(page: AppTest) -> None:
    upload(page, LEVELS.replace(",3", ",high").replace(",1", ",low"))
    assert page.multiselect(key="train_order").value == []
    page.multiselect(key="train_order").set_value(["low", "2"]).run()
    assert "Choose all classes, or none" in texts(page)


def test_stop_keeps_what_was_reached(page: AppTest) -> None:
    upload(page)
    named(page, "slow")
    press(page, "Start training")
    wait(page, lambda: "Step 2 of 4" in str([p.proto.text for p in page.get("progress")]))
    pause = page.button(key="train_pause")
    assert "For 10 minutes at most" in pause.help
    press(page, "Pause")
    assert "Go on" in labels(page)
    wait(page, lambda: "It goes on by itself" in str([p.proto.text for p in page.get("progress")]))
    press(page, "Go on")
    press(page, "Stop and keep")
    wait(page, lambda: "Train another" in labels(page))
    (name,) = mine(page)
    page.button(key=f"train_delete {name}").click().run()
    assert "deleted" in texts(page) and "before there was a network" not in texts(page)


def test_a_failure_is_a_sentence_and_the_way_back(page: AppTest) -> None:
    upload(page)
    named(page, "broken")
    press(page, "Start training")
    wait(page, lambda: "Back to the table" in labels(page))
    assert "Nothing can be learned from this." in texts(page)
    press(page, "Back to the table")
    assert "Start training" in labels(page)


def test_a_worker_that_dies_is_noticed(page: AppTest) -> None:
    upload(page)
    named(page, "slow")
    press(page, "Start training")
    wait(page, lambda: "Step 2 of 4" in str([p.proto.text for p in page.get("progress")]))
    import os
    import signal

    process = training.trainer().process_id
    assert process is not None
    os.kill(process, signal.SIGKILL)
    wait(page, lambda: "Go on from the last checkpoint" in labels(page))
    assert "ended unexpectedly" in texts(page)
    press(page, "Go on from the last checkpoint")
    press(page, "Stop and keep")
    wait(page, lambda: "Train another" in labels(page))


def test_networks_are_renamed_and_deleted(page: AppTest) -> None:
    name = trained(page)
    page.text_input(key=f"train_rename {name}").set_value("Größe & <b>").run()
    page.button(key=f"train_do_rename {name}").click().run()
    assert not page.exception
    (new,) = mine(page)
    assert new.startswith("Gr_e_b~"), new
    assert "has learned" in texts(page), "the training knows its network by its new name"
    page.button(key=f"train_do_rename {new}").click().run()
    assert mine(page) == [new], "the same name again is no other name"
    page.button(key=f"train_delete {new}").click().run()
    assert not page.exception and mine(page) == []
    assert "deleted" in texts(page) and "could not go on" not in texts(page)
    press(page, "Back to the table")
    assert "Start training" in labels(page)


def test_a_network_is_saved_where_the_server_is_ones_own(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = trained(page)
    assert not any((button.key or "").startswith("train_save") for button in page.button)
    monkeypatch.setenv(training_setting.VARIABLE, "local")
    page.run()
    page.button(key=f"train_save {name}").click().run()
    assert not page.exception and mine(page) == []
    assert f"zimmer is saved in {tmp_path / 'models'}." in texts(page)
    assert "could not go on" not in texts(page)
    assert open_artifact(tmp_path / "models" / "zimmer").config["model"] == "kim_cnn"
    assert catalogue.own_models() == ("zimmer",)


def test_the_archive_unpacks_into_the_folder_of_own_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "networks" / "hotels~1234"
    write_tiny_kim_cnn(path)
    with zipfile.ZipFile(io.BytesIO(result.archive(path))) as archive:
        archive.extractall(tmp_path / "models")
    monkeypatch.setenv(catalogue.VARIABLE, str(tmp_path / "models"))
    assert catalogue.own_models() == ("hotels",)
    open_artifact(catalogue.directory("hotels"))


def test_the_page_is_hidden_where_training_is_off(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setenv(training_setting.VARIABLE, "off")
    opened(app)
    assert "switched off" in texts(app) and labels(app) == []
    app.switch_page("pages/home.py").run()
    assert not app.exception and "Train your own" not in texts(app)


def test_a_full_server_says_so(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshops, "MOST", 0)
    upload(page)
    press(page, "Start training")
    assert "try again in some minutes" in texts(page)


def test_a_schedule_is_carried_over_by_a_link(page: AppTest) -> None:
    from dlnlp.schedules import Constant, to_dict
    from dlnlp.ui.shell import permalink

    content = f'{{"rate": {to_dict(Constant(0.3))}, "steps": 10}}'.replace("'", '"')
    page.query_params["schedule"] = permalink.encode_text(content)
    page.query_params["called"] = "A *steady* <b>one</b>"
    page.run()
    assert "From Schedules: A *steady* <b>one</b>. It comes along" in texts(page)
    upload(page)
    assert str(page.selectbox(key="train_shape").value).startswith("From Schedules: A *steady*")
    assert "Schedule: From Schedules: A *steady* <b>one</b>." in texts(page)


def test_a_damaged_schedule_is_dropped(page: AppTest) -> None:
    page.query_params["schedule"] = "damaged"
    page.run()
    upload(page)
    assert page.selectbox(key="train_shape").value == "Warm-up, then cosine"
