"""The filter dictionary: gathered against sorting everything; saved, loaded, refused."""

import json

import numpy as np
import pytest

from dlnlp.inference import filters
from dlnlp.inference.filters import (
    FilterEntry,
    FilterPhrase,
    StrongestRegions,
    load_filters,
    save_filters,
)

WIDTHS = (2, 3)


def random_documents(count, seed=0):
    """Pooled values, positions and tokens; a value is that of its phrase, as in a network."""
    rng = np.random.default_rng(seed)
    tokens = [[str(n) for n in rng.integers(0, 4, rng.integers(1, 12))] for _ in range(count)]
    positions = np.array([[rng.integers(0, len(text)) for _ in range(6)] for text in tokens])
    pooled = np.zeros((count, 6), np.float32)
    for row, text in enumerate(tokens):
        for number in range(6):
            digits = phrase_of(text, positions[row, number], number).replace(" ", "")
            pooled[row, number] = max(int(digits) * (number + 1) - 60, 0) / 7
    return pooled, positions, tokens


def phrase_of(tokens, start, number):
    return " ".join(tokens[start : start + WIDTHS[number // 3]])


@pytest.mark.parametrize("size", [1, 7, 200])
def test_the_best_distinct_phrases_are_kept_whatever_the_batches(size):
    pooled, positions, tokens = random_documents(200)
    rows = list(range(0, 400, 2))
    regions = StrongestRegions(WIDTHS, 3)
    for first in range(0, 200, size):
        part = slice(first, first + size)
        regions.add(pooled[part], positions[part], tokens[part], rows[part])
    entries = regions.entries()
    assert [entry.width for entry in entries] == [2, 2, 2, 3, 3, 3]
    for number, entry in enumerate(entries):
        best = {}
        for row in range(200):
            value = float(pooled[row, number])
            text = phrase_of(tokens[row], positions[row, number], number)
            if value > best.get(text, (0, None))[0]:
                best[text] = value, rows[row]
        expected = sorted((value for value, _ in best.values()), reverse=True)[:8]
        assert [phrase.value for phrase in entry.phrases] == expected
        for phrase in entry.phrases:
            assert best[phrase.text] == (phrase.value, phrase.row)
        assert len({phrase.text for phrase in entry.phrases}) == len(entry.phrases)
        assert entry.active_share == pytest.approx((pooled[:, number] > 0).mean())
        assert entry.mean == pytest.approx(pooled[:, number].mean(), rel=1e-5)


def test_a_filter_that_never_fires_has_no_phrases():
    regions = StrongestRegions((2,), 1)
    regions.add(np.zeros((1, 1), np.float32), np.zeros((1, 1), np.int64), [["a", "b"]], [0])
    assert regions.entries() == (FilterEntry(2, 0.0, 0.0, ()),)
    with pytest.raises(ValueError, match="no document was added"):
        StrongestRegions((2,), 1).entries()


def test_endless_tokens_are_no_phrases():
    regions = StrongestRegions((2,), 1)
    one = np.ones((2, 1), np.float32)
    regions.add(one, np.zeros((2, 1), np.int64), [["a" * 400, "b"], ["c"]], [0, 1])
    (entry,) = regions.entries()
    assert entry.phrases == (FilterPhrase("c", 1.0, 1),)


ENTRIES = (
    FilterEntry(2, 0.25, 0.125, (FilterPhrase('no "good" <b>', 2.5, 7),)),
    FilterEntry(3, 0.0, 0.0, ()),
)


def test_entries_come_back(tmp_path):
    save_filters(tmp_path / "filters.json", ENTRIES)
    assert load_filters(tmp_path / "filters.json") == ENTRIES


def test_numbers_keep_five_digits(tmp_path):
    save_filters(tmp_path / "filters.json", [FilterEntry(2, 2 / 3, 1234567.0, ())])
    (entry,) = load_filters(tmp_path / "filters.json")
    assert (entry.active_share, entry.mean) == (0.66667, 1234600.0)


def test_files_of_format_1_are_read_too(tmp_path):
    (tmp_path / "filters.json").write_text(
        '{"format":1,"filters":[{"width":2,"weight":1,"active_share":0.5,"mean":1,"phrases":[]}]}'
    )
    assert load_filters(tmp_path / "filters.json") == (FilterEntry(2, 0.5, 1.0, ()),)


def changed(**values):
    content = {"width": 2, "active_share": 0.5, "mean": 0.5, "phrases": []}
    return json.dumps({"format": 1, "filters": [content, content | values]})


def phrase(**values):
    return {"text": "a b", "value": 1.0, "row": 3} | values


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not readable JSON"),
        ("[" * 100_000, "is not readable JSON"),
        ("[]", "holds no list of filters"),
        ('{"format": 1}', "holds no list of filters"),
        ('{"format": 3, "filters": []}', "has format 3 and this program reads 2"),
        ('{"format": 1, "filters": [3]}', "filter 0: "),
        ('{"format": 1, "filters": [{}]}', "filter 0: lacks 'width'"),
        (changed(width=0), "filter 1: its width, active share or mean is out of range"),
        (changed(width=2.0), r"filter 1: 2\.0 is not a whole number"),
        (changed(width=True), "filter 1: True is not a whole number"),
        (changed(mean=float("nan")), "filter 1: nan is not a finite number"),
        (changed(mean="1"), "filter 1: '1' is not a finite number"),
        (changed(active_share=1.5), "filter 1: its width, active share"),
        (changed(mean=-1), "filter 1: its width, active share"),
        (changed(phrases=[phrase()] * 9), "filter 1: it has 9 phrases where 8 are the most"),
        (changed(phrases=[phrase(text="")]), "filter 1: a phrase is not a text of 1 to 300"),
        (changed(phrases=[phrase(text="a" * 301)]), "filter 1: a phrase is not a text"),
        (changed(phrases=[phrase(text=3)]), "filter 1: a phrase is not a text"),
        (changed(phrases=[phrase(row=-1)]), "filter 1: -1 is not a whole number"),
        (changed(phrases=3), "filter 1: "),
    ],
)
def test_a_damaged_file_is_one_sentence(tmp_path, content, message):
    path = tmp_path / "filters.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=message) as caught:
        load_filters(path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    save_filters(tmp_path / "filters.json", ENTRIES)
    monkeypatch.setattr(filters, "MAX_BYTES", 10)
    with pytest.raises(ValueError, match="larger than 10 bytes"):
        load_filters(tmp_path / "filters.json")


@pytest.mark.parametrize("size", [1, 9])
def test_of_equal_values_the_first_seen_stay(size):
    regions = StrongestRegions((1,), 1)
    for first in range(0, 9, size):
        rows = range(first, first + size)
        one, start = np.ones((size, 1), np.float32), np.zeros((size, 1), np.int64)
        regions.add(one, start, [[f"w{row}"] for row in rows], rows)
    (entry,) = regions.entries()
    assert [phrase.row for phrase in entry.phrases] == list(range(8))
