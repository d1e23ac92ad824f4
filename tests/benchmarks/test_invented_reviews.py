"""Invented reviews are read as the published archive would be."""

from pathlib import Path

from benchmarks.invented_reviews import write_archive
from dlnlp.datasets import iterate


def test_an_archive_of_invented_reviews_is_read(tmp_path: Path) -> None:
    path = write_archive(tmp_path, 73, seed=2)
    assert [p.name for p in tmp_path.iterdir()] == ["amazon_review_full_csv.tgz"]
    remarks: list[str] = []
    read = {
        split: list(
            iterate("amazon_full", split, path=path, on_bad_row=lambda b: remarks.append(b.problem))
        )
        for split in ("train", "test")
    }
    assert {split: len(reviews) for split, reviews in read.items()} == {"train": 60, "test": 13}
    assert {review.label for review in read["train"]} == {0, 1, 2, 3, 4}
    assert len({review.text for review in read["train"] + read["test"]}) == 73
    # A file of one's own is taken; that it is another than the published one is said once a split.
    assert len(remarks) == 2
    assert all("not the published archive" in remark for remark in remarks)
    again = write_archive(tmp_path / "again", 73, seed=2)
    assert list(iterate("amazon_full", "test", path=again, on_bad_row=print)) == read["test"]
