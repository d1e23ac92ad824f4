"""The filter dictionary finds and orders filters."""

import numpy as np

from dlnlp.ui.kim_cnn.dictionary import ADDS, FIRED, _styled, dictionary, matching
from tests.ui.kim_cnn.kim_results import make_explained, tiny_predictor

WEIGHTS = make_explained().evidence.weights


def test_every_filter_has_a_row_those_that_add_most_first() -> None:
    explained, entries = make_explained(), tiny_predictor().filters
    table = dictionary(entries, explained.evidence.weights, explained.result, explained.evidence)
    assert sorted(table.index) == list(range(len(entries)))
    assert (table["filter"] == table.index + 1).all()
    shares = table[ADDS].abs().to_numpy()
    assert (np.diff(shares) <= 0).all()
    for k, row in table.iterrows():
        assert row[ADDS] == explained.evidence.filters[k]
        assert row[FIRED] == explained.result.pooled[k]
        assert row["weight"] == WEIGHTS[k] and row["words"] == entries[k].width


def test_without_a_review_the_weights_order_it() -> None:
    table = dictionary(tiny_predictor().filters, WEIGHTS, None, None)
    assert ADDS not in table
    assert (np.diff(table["weight"].abs().to_numpy()) <= 0).all()


def test_search_finds_all_words_in_any_order_and_any_case() -> None:
    entries = tiny_predictor().filters
    table = dictionary(entries, WEIGHTS, None, None)
    first, second = entries[0].phrases[0].text.split()[:2]
    found = matching(table, f"{second.upper()}  {first}", False)
    assert 0 in found.index
    for k in found.index:
        text = " ".join(phrase.text for phrase in entries[k].phrases)
        assert first in text and second in text
    assert matching(table, "no-such-word", False).empty
    assert len(matching(table, "  ", False)) == len(table)


def test_search_is_no_pattern() -> None:
    assert matching(
        dictionary(tiny_predictor().filters, WEIGHTS, None, None), ".* [a-z( \\", False
    ).empty


def test_only_those_that_fired() -> None:
    explained = make_explained("good")
    table = dictionary(tiny_predictor().filters, WEIGHTS, explained.result, explained.evidence)
    fired = matching(table, "", True)
    assert len(fired) == (explained.result.pooled > 0).sum() < len(table)


def test_contributions_are_tinted_by_side_and_size() -> None:
    explained = make_explained()
    table = dictionary(tiny_predictor().filters, WEIGHTS, explained.result, explained.evidence)
    styled = _styled(table)._compute()
    column = table.columns.get_loc(ADDS)
    for row, share in enumerate(table[ADDS]):
        tint = dict(styled.ctx.get((row, column), []))
        hue = {1: "43,127,217", -1: "217,96,26", 0: ""}[int(np.sign(share))]
        assert hue in tint.get("background-color", "")
    assert _styled(table.iloc[:0]).empty
