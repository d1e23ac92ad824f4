"""Word counts that go to disk are those of memory."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from dlnlp.text.vocabulary import Vocabulary
from train.corpora.word_counts import WordCounts


def texts(seed: int) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    return [[f"wörd{n}" for n in rng.zipf(1.3, 200) if n < 5000] for _ in range(60)]


@pytest.mark.parametrize("held", [10, 300, 10**6])
def test_counts_on_disk_are_exact(tmp_path: Path, held: int) -> None:
    exact: Counter[str] = Counter()
    with WordCounts(tmp_path, held) as counts:
        for text in texts(1):
            exact.update(text)
            counts.update(Counter(text))
        files = len(list(tmp_path.iterdir()))
        assert (files > 0) == (held < 10**6)
        found, distinct = counts.most_frequent(10**6)
        assert (found, distinct) == (dict(exact), len(exact))
        few, distinct = counts.most_frequent(50, min_count=3)
        assert distinct == len(exact)
        # Ties at the limit fall as Vocabulary.build lets them.
        assert Vocabulary(few) == Vocabulary.build(exact, min_count=3, max_size=52)
    assert not list(tmp_path.iterdir())


def test_rare_words_are_left_out_and_files_removed_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), WordCounts(tmp_path, held=2) as counts:
        counts.update({"a": 1, "b": 2, "c": 3})
        counts.update({"a": 1})
        assert counts.most_frequent(9, min_count=2)[0] == {"a": 2, "b": 2, "c": 3}
        assert len(list(tmp_path.iterdir())) == 1
        raise KeyError
    assert not list(tmp_path.iterdir())
