"""``train.own`` from end to end on tables that nobody wrote for it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import train.corpora.encoding
from dlnlp import catalogue
from dlnlp.artifacts import open_artifact
from dlnlp.inference import load_predictor
from dlnlp.inference.recording import FILE, load_recording
from tests.train.public_shapes import german_hotels, news_folder, sms, tweets
from train.own import main
from train.texts.own_training import AT_CHANCE, MAJORITY


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Networks go to a folder of the test, and texts are cut in this process."""
    monkeypatch.setattr(train.corpora.encoding, "ProcessPoolExecutor", ThreadPoolExecutor)
    monkeypatch.setenv(catalogue.VARIABLE, str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    yield tmp_path / "models"


@pytest.mark.parametrize(
    ("make", "name", "more", "classes", "told"),
    [
        (news_folder, "news", ["--model", "kim_cnn"], 20, []),
        (
            tweets,
            "tweets.csv",
            ["--label-column", "airline_sentiment"],
            3,
            ["One row has no label", "One text holds no word"],
        ),
        (sms, "sms.tsv", ["--model", "kim_cnn"], 2, ["rows repeat the text of another"]),
        (german_hotels, "hotels.csv", ["--label-column", "Sterne", "--vectors", "own"], 5, []),
    ],
    ids=["news", "tweets", "sms", "hotels"],
)
def test_it_learns_and_tells(
    make: Callable[[Path], Path],
    name: str,
    more: list[str],
    classes: int,
    told: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = make(tmp_path / name)
    given = [str(path), "--name", "tried", "--workers", "1", "--epochs", "6", *more]
    assert main(given) == 0
    said = "".join(capsys.readouterr())
    card = open_artifact(catalogue.directory("tried")).card
    assert len(card["class_names"]) == classes
    for sentence in told:
        assert sentence in said and any(sentence in warning for warning in card["warnings"])
    # Better than chance.
    assert card["metrics"]["test"]["accuracy"]["value"] > card["baselines"][MAJORITY]["accuracy"]
    assert AT_CHANCE not in card["limits"]
    assert max(recall or 0 for recall in card["per_class"]["recall"]) > 0.5
    predictor = load_predictor(catalogue.directory("tried"))
    assert predictor.class_names == tuple(card["class_names"])
    recording = load_recording(catalogue.directory("tried") / FILE)
    assert recording and recording["class_names"] == list(predictor.class_names)


def test_labels_come_as_they_are_written_and_numbers_by_size(tmp_path: Path) -> None:
    from train.corpora.own_source import OwnTexts
    from train.corpora.own_survey import survey

    def names(path: Path, label: str | None = None) -> tuple[str, ...]:
        return survey(OwnTexts(path, None, label), lambda where, why: None).class_names

    assert names(german_hotels(tmp_path / "h.csv"), "Sterne") == ("1", "2", "3", "4", "5")
    assert names(sms(tmp_path / "s.tsv")) == ("ham", "spam")
    found = names(news_folder(tmp_path / "news"))
    assert found[0] == "comp.graphics" and len(found) == 20
