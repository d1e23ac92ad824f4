"""The record of a cyclical run: what was applied, in the shape that a page draws; and again."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import train.texts.han_cyclical_training
from dlnlp.artifacts import open_artifact, write_artifact
from dlnlp.corpus import Corpus
from dlnlp.models.han import Han
from dlnlp.ui.schedules.real_run import read_range_test, read_record
from tests.train.conftest import SHAPE
from train.han_cyclical import main
from train.texts.han_cyclical_training import BASE_SHARE, MOMENTA

TEST_STEPS = 160


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train.texts.han_cyclical_training, "SHAPE", SHAPE)


def arguments(corpus: Corpus, folder: Path) -> list[str]:
    return [
        "--dataset", "reviews5", "--corpus", str(corpus.path), "--units", "4",
        "--test-steps", str(TEST_STEPS), "--model", str(folder / "model"),
        "--checkpoints", str(folder / "checkpoints"), "--checkpoint-minutes", "0",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped") / "model"
    files = {"config.json": b"{}", "history.json": b'{"epochs": [{"loss": 1}]}', "more": b"bytes"}
    write_artifact(folder, files, {"metrics": {"test": {"accuracy": 0.5}}})
    return folder


@pytest.fixture(scope="module")
def whole(star_corpus: Corpus, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a run without interruption."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copytree(model, folder / "model")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(train.texts.han_cyclical_training, "SHAPE", SHAPE)
        assert main(arguments(star_corpus, folder)) == 0
    return folder


def history(folder: Path) -> dict:
    return json.loads((folder / "model" / "history.json").read_text("utf-8"))


def test_rate_and_momentum_go_up_and_down_in_antiphase(whole: Path) -> None:
    found = history(whole)
    record = read_record(found)
    assert record is not None and record.step.tolist() == list(range(len(record.step)))
    bound, top = found["cyclical_run"]["learning_rate"]["max"], int(record.rate.argmax())
    assert record.rate.max() == pytest.approx(bound, rel=1e-5)
    assert record.rate[0] == pytest.approx(bound * BASE_SHARE, rel=1e-5)
    assert np.all(np.diff(record.rate[: top + 1]) > 0) and np.all(np.diff(record.rate[top:]) < 0)
    assert abs(top - len(record.step) / 2) <= 1
    share = (record.rate - bound * BASE_SHARE) / (bound - bound * BASE_SHARE)
    expected = MOMENTA[1] - share * (MOMENTA[1] - MOMENTA[0])
    np.testing.assert_allclose(record.momentum, expected, atol=1e-5)
    assert np.isfinite(record.loss).all()


def test_the_upper_bound_is_what_the_range_test_suggests(whole: Path) -> None:
    found = history(whole)
    analysed = read_range_test(found)
    suggestion = analysed.suggestion("smith_max") if analysed else None
    assert suggestion is not None
    bound = found["cyclical_run"]["learning_rate"]["max"]
    assert bound == pytest.approx(suggestion.rate, rel=0.05)


def test_the_model_keeps_all_else(whole: Path, model: Path) -> None:
    before, after = open_artifact(model), open_artifact(whole / "model")
    changed = [
        name for name, digest in after.card["files"].items() if before.card["files"][name] != digest
    ]
    assert changed == ["history.json"]
    assert after.card["metrics"] == before.card["metrics"]
    kept = json.loads((model / "history.json").read_text("utf-8"))
    assert {name: history(whole)[name] for name in kept} == kept


def test_an_interrupted_run_goes_on_to_the_same_record(
    whole: Path, model: Path, star_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(model, tmp_path / "model")
    step_of, steps = Han.train_on_batch, 0
    expected = history(whole)
    tested, trained = len(expected["range_test"]["rates"]), len(expected["cyclical"]["step"])
    # In the range test, which begins again; then in both epochs.
    deaths = (tested // 2, tested // 2 + tested + 3, tested // 2 + tested + trained // 2 + 5)

    def interrupted(network: Han, *batch, **options):
        nonlocal steps
        steps += 1
        answer = step_of(network, *batch, **options)
        if steps in deaths:
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Han, "train_on_batch", interrupted)
    for _ in deaths:
        with pytest.raises(KeyboardInterrupt):
            main(arguments(star_corpus, tmp_path))
    assert main(arguments(star_corpus, tmp_path)) == 0
    assert history(tmp_path) == expected
    assert steps == tested // 2 + tested + trained + 2  # those cut off are made again


def test_a_checkpoint_of_other_settings_is_refused(
    whole: Path, star_corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    before = history(whole)
    assert main([*arguments(star_corpus, whole), "--cycles", "2"]) == 1
    assert "belongs to a run with other settings" in capsys.readouterr().err
    assert history(whole) == before
