"""Cut texts come back from disk as they were, or not at all."""

from pathlib import Path

import pytest

from train.cut_texts import CutTexts, packed, unpacked

DOCUMENTS = [
    (3, "shop", 7, [["it", "is", "naïve"], ["!!"]]),
    (-1, "", 8, []),
    (0, "café", 9, [["<url>"]]),
]


def test_records_hold_documents_in_order(tmp_path: Path) -> None:
    texts = CutTexts(tmp_path / "train.cut")
    texts.write(packed(part) for part in (DOCUMENTS[:2], DOCUMENTS[2:]))
    assert [list(unpacked(record)) for record in texts] == [
        [
            (3, "shop", 7, [3, 1], ["it", "is", "naïve", "!!"]),
            (-1, "", 8, [], []),
        ],
        [(0, "café", 9, [1], ["<url>"])],
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["train.cut"]


def test_an_interrupted_file_does_not_appear(tmp_path: Path) -> None:
    def interrupted():
        yield packed(DOCUMENTS)
        raise KeyboardInterrupt

    texts = CutTexts(tmp_path / "train.cut")
    with pytest.raises(KeyboardInterrupt):
        texts.write(interrupted())
    assert not texts.path.exists()
