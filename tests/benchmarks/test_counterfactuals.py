"""The table of searches, by a tiny network."""

from pathlib import Path

import pytest

from benchmarks import counterfactuals
from dlnlp.explain.counterfactuals import KINDS, find
from dlnlp.inference import load_predictor
from tests.tiny_kim_cnn import write_tiny_kim_cnn


def test_a_row_for_each_search_with_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tiny_kim_cnn(tmp_path / "tiny")
    monkeypatch.setattr(counterfactuals, "directory", lambda name: tmp_path / name)
    counterfactuals.main(["--models", "tiny", "--documents", "3"])
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head.count("|") == rows[0].count("|") and len(rows) == len(KINDS)
    predictor = load_predictor(tmp_path / "tiny")
    pairs = counterfactuals.minimal_pairs("testing")
    texts = [
        pairs[0].negative,
        pairs[len(pairs) // 3].positive,
        pairs[2 * len(pairs) // 3].negative,
    ]
    for kind, row in zip(KINDS, rows, strict=True):
        found = [find(predictor, predictor.predict(text), kind) for text in texts]
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[:4] == [
            "`tiny`",
            kind,
            "3",
            str(sum(each.found is not None for each in found)),
        ]
        assert cells[5] == str(sum(each.outcome.fewest for each in found))
