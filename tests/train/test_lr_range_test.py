"""From a prepared corpus to the files of a range test."""

import csv
import re

import numpy as np
import pytest

import train.lr_range_test
import train.texts.han_range_test
from dlnlp.corpus.packing import BatchShape
from dlnlp.training.range_analysis import analyse
from train.texts.range_test_report import render_html

SMALL = BatchShape(rows=16, grid_rows=8, documents=16, distinct=256)


@pytest.fixture
def command(monkeypatch, star_corpus, tmp_path):
    monkeypatch.setattr(train.texts.han_range_test, "SHAPE", SMALL)
    given = ["--model", "han_stars", "--corpus", str(star_corpus.path), "--units", "4"]
    given += ["--output", str(tmp_path / "runs"), "--steps", "12", "--max-lr", "0.1"]
    return lambda *more: train.lr_range_test.main([*given, *more])


def read_csv(path):
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    return header, np.array(rows, float)


def test_the_command_writes_table_and_page(command, tmp_path, capsys):
    assert command() == 0
    header, table = read_csv(tmp_path / "runs" / "han_stars.csv")
    assert header == ["rate", "loss", "smoothed"]
    np.testing.assert_allclose(table[:, 0], np.geomspace(1e-3, 0.1, 12), rtol=1e-6)
    assert 1 < table[0, 1] < 3  # about log 5: a fresh network of five classes
    page = (tmp_path / "runs" / "han_stars.html").read_text(encoding="utf-8")
    assert page.count("<circle") > 5 and "momentum 0.85" in page
    printed = capsys.readouterr().out
    assert "reached max_lr" in printed and "han_stars.csv" in printed


def test_the_same_seed_finds_the_same(command, tmp_path):
    assert command() == 0
    _, first = read_csv(tmp_path / "runs" / "han_stars.csv")
    assert command() == 0
    np.testing.assert_array_equal(read_csv(tmp_path / "runs" / "han_stars.csv")[1], first)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--corpus", "nowhere"], "nowhere"),
    ],
)
def test_a_fault_is_one_line(command, capsys, more, told):
    assert command(*more) == 1
    error = capsys.readouterr().err.strip()
    assert re.search(told, error) and len(error.splitlines()) == 1


def test_the_page_holds_the_suggestions_and_no_markup_from_outside():
    rates = np.geomspace(1e-4, 10, 100)
    losses = 1 + 1 / (1 + (rates / 0.01) ** 2)
    losses[-3:] = np.nan
    result = analyse(rates, losses, note="<b>")
    page = render_html(result, "a <script>", {"corpus": "<i>"})
    assert page.count('class="mark"') == 6
    assert all(s.explanation.split(":")[0] in page for s in result.suggestions[:3])
    assert "<script" not in page and "<b>" not in page and "<i>" not in page
    assert "nan" not in page
