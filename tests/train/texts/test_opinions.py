"""What teachers say: kept for the next run, joined with weights, and told in the card."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus import Corpus
from dlnlp.inference.softmax import softmax
from train.texts.opinions import Heard, agreed, heard_once, keep_arrays, kept_arrays, two_columns


def test_what_is_kept_under_another_key_or_damaged_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "arrays.npz"
    assert kept_arrays(path, "a") == {}
    keep_arrays(path, "a", {"x": np.arange(3)})
    assert kept_arrays(path, "a")["x"].tolist() == [0, 1, 2]
    assert kept_arrays(path, "b") == {}
    path.write_bytes(path.read_bytes()[:50])
    assert kept_arrays(path, "a") == {}
    assert [entry.name for entry in path.parent.iterdir()] == ["arrays.npz"]


def test_log_odds_become_two_columns() -> None:
    odds = np.array([-2.0, 3.0])
    assert two_columns(odds).tolist() == [[0, -2], [0, 3]]
    np.testing.assert_allclose(softmax(two_columns(odds))[:, 1], 1 / (1 + np.exp(-odds)))


def test_they_are_asked_once_under_one_key(tmp_path: Path) -> None:
    asked = []

    def ask() -> dict[str, np.ndarray]:
        asked.append(1)
        return {
            "a/train": np.array([1.0, -1.0]),
            "a/seconds": np.array(7.0),
            "b/train": np.eye(2, 3),
        }

    for key in ("k", "k", "other"):
        heard = heard_once(tmp_path / "said.npz", key, ask)
        assert heard.seconds == {"a": 7.0}
        assert heard.logits["a"]["train"].tolist() == [[0, 1], [0, -1]]
        assert heard.logits["b"]["train"].shape == (2, 3)
    assert len(asked) == 2


def test_of_five_classes_they_agree_by_the_weighted_mean_of_their_logits(
    star_corpus: Corpus,
) -> None:
    """Where all documents have labels, their opinion is of train; the card tells its log loss."""
    random = np.random.default_rng(0)
    sizes = {name: len(star_corpus.split(name)) for name in ("train", "validation")}
    logits = {
        teacher: {name: random.standard_normal((size, 5)) for name, size in sizes.items()}
        for teacher in ("one", "other", "not asked")
    }
    weights = {"one": 0.75, "other": 0.25}
    found = agreed(star_corpus, Heard(logits, {"other": 3.2}), weights, "two")
    assert found.split == "train" and found.about["teachers"] == "two"
    assert found.about["taught_documents"] == sizes["train"]
    mean = {name: 0.75 * logits["one"][name] + 0.25 * logits["other"][name] for name in sizes}
    np.testing.assert_allclose(found.probabilities, softmax(mean["train"]), atol=1e-6)
    told = found.about["teachers_on_validation"]
    assert set(told) == {"one", "other", "together"}
    assert told["other"]["seconds"] == 3 and told["one"]["weight"] == 0.75
    for name, key in (("validation", "log_loss"), ("train", "log_loss_on_train")):
        labels = star_corpus.split(name).labels
        right = softmax(mean[name])[np.arange(sizes[name]), labels]
        assert told["together"][key] == pytest.approx(-np.log(right).mean(), rel=1e-5)
    turned = agreed(star_corpus, Heard(logits, {}), {"one": 0.5, "other": 0.5}, "two")
    assert turned.source != found.source
