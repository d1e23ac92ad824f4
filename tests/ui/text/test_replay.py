"""What the replay of a training is told, and when a page has one."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.examples.texts import WATCHED
from dlnlp.inference.recording import FILE, load_recording, recording_files
from dlnlp.ui.text.during_training import has_recording
from dlnlp.ui.text.replay import replay_data, text_rows
from tests.ui.text.recordings import small_recording


def flat(rows) -> str:
    return "|".join("".join(p if isinstance(p, str) else f"[{p['word']}]" for p in r) for r in rows)


def test_the_words_stand_between_the_characters_as_they_were_written() -> None:
    (watched,) = small_recording()["texts"]
    assert flat(text_rows(watched)) == (
        "[The] [lamp]\n [is] [superb].”|[It] <b>[never]</b> [fails]!"
    )
    # Nothing is read after the last word; a long rest is not drawn.
    watched["text"] += "!" * 1_000
    assert len(flat(text_rows(watched))) < 100


def test_the_component_is_told_labels_and_what_was_kept() -> None:
    recording = small_recording()
    data = replay_data(recording)
    assert data["texts"][0]["label"] == "“The lamp is superb.” It…"
    assert "kept_step" not in data and not data["live"]
    recording["kept_step"] = 4
    assert replay_data(recording, ["Lamp"], live=True) == data | {
        "texts": [{**data["texts"][0], "label": "Lamp"}],
        "live": True,
        "kept_step": 4,
    }
    json.dumps(data)


def test_class_names_are_cut_and_turn_nothing_around() -> None:
    recording = small_recording()
    recording["class_names"] = ["\u202eright\u202c", "end " * 50]
    names = replay_data(recording)["class_names"]
    assert names[0] == "right" and len(names[1]) <= 33 and names[1].endswith("end…")


def test_a_small_recording_is_a_recording(tmp_path: Path) -> None:
    for han in (True, False):
        files = recording_files(small_recording(han=han))
        (tmp_path / FILE).write_bytes(files[FILE])
        assert load_recording(tmp_path / FILE) == small_recording(han=han)
    broken = small_recording()
    broken["points"][1]["texts"][0]["words"][0].pop()
    (tmp_path / FILE).write_bytes(recording_files(broken)[FILE])
    assert load_recording(tmp_path / FILE) is None


def part(model: str) -> None:
    from dlnlp.ui.han.methods import HAN
    from dlnlp.ui.text.during_training import during_training

    during_training(HAN, model)


def test_a_network_without_a_recording_has_no_part_and_a_damaged_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLNLP_MODELS", str(tmp_path))
    (tmp_path / "mine").mkdir()
    assert not has_recording("mine")
    (tmp_path / "mine" / FILE).write_text("{")
    assert has_recording("mine")
    app = AppTest.from_function(part, args=("mine",)).run()
    assert not app.exception and FILE in app.warning[0].value
    (tmp_path / "mine" / FILE).write_bytes(recording_files(small_recording())[FILE])
    app = AppTest.from_function(part, args=("mine",)).run()
    assert not app.exception and not app.warning


@pytest.mark.parametrize("model", sorted(WATCHED))
def test_the_recordings_that_ship_are_small_and_of_the_example_texts(model: str) -> None:
    file = Path(__file__).resolve().parents[3] / "weights" / model / FILE
    if not file.exists():
        pytest.skip(f"{model} has no recording yet")
    assert file.stat().st_size < 100_000
    recording = load_recording(file)
    assert recording is not None and recording["about"]
    texts = [each["text"] for each in recording["texts"]]
    assert texts == [example.text for example in WATCHED[model]]
    assert recording["points"][0]["step"] == 0 and len(recording["points"]) >= 30
