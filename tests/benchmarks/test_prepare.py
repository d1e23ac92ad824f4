"""Both sides of the comparison cut the same reviews, and agreement is measured in words."""

from pathlib import Path

import pytest

from benchmarks.prepare import agreement, origin, ours
from dlnlp.corpus.splits import Split
from dlnlp.datasets import Review
from dlnlp.text import Preprocessor

TEXTS = ["It works well. I like it", "It broke on day two, I want my money back"] * 10
REVIEWS = [Review(text, number % 2, "", number) for number, text in enumerate(TEXTS)]


def test_both_sides_read_all_reviews(tmp_path: Path) -> None:
    theirs = origin(Preprocessor(), tmp_path)(REVIEWS)
    mine = ours(Preprocessor(), tmp_path)(REVIEWS)
    words = 10 * (6 + 10)
    assert mine == words
    assert theirs == words + 10 + 10  # NLTK keeps full stop and comma
    split = Split(tmp_path / "train.arrow")
    assert len(split) == len(REVIEWS)
    lines = (tmp_path / "train.txt").read_text("ascii").splitlines()
    ids = [[int(i) for part in line.split("\t")[1:] for i in part.split()] for line in lines]
    assert [len(line) for line in ids[:2]] == [7, 11]


def test_agreement_counts_words_that_both_have() -> None:
    same = [Review("it works well", 1, "", 0)]
    assert agreement(Preprocessor(), same) == 1
    # Ours: it, works; NLTK's: it, works and two commas.
    partly = [Review("it, works,", 1, "", 0)]
    assert agreement(Preprocessor(), partly) == pytest.approx(2 * 2 / (2 + 4))
