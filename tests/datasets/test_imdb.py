import io
import os
import tarfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest

from dlnlp.datasets import BadRow, DatasetError, Review, find, iterate, read_documents

File = tuple[str, bytes]


def film(number: int) -> str:
    return f"http://www.imdb.com/title/tt{number:07d}/usercomments\n"


URLS: list[File] = [
    ("train/urls_pos.txt", (film(1) + film(1) + film(2)).encode()),
    ("train/urls_neg.txt", (film(3) + film(1)).encode()),
    ("train/urls_unsup.txt", film(9).encode()),
    ("test/urls_pos.txt", film(4).encode()),
    ("test/urls_neg.txt", film(5).encode()),
]
TEXTS: list[File] = [
    ("test/neg/0_2.txt", b"test negative"),
    ("test/pos/0_7.txt", b"test positive"),
    ("train/neg/1_4.txt", b"dull<br /><br />long"),
    ("train/neg/0_1.txt", b"bad"),
    ("train/pos/2_10.txt", "très bon".encode()),
    ("train/pos/0_9.txt", b"good"),
    ("train/unsup/0_0.txt", b"unlabelled"),
]
TRAIN = [
    Review("dull<br /><br />long", 0, "tt0000001", 12_501),
    Review("bad", 0, "tt0000003", 12_500),
    Review("très bon", 1, "tt0000002", 2),
    Review("good", 1, "tt0000001", 0),
]


def pack(path: Path, files: Iterable[File]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        folder = tarfile.TarInfo("aclImdb/train/pos")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in files:
            member = tarfile.TarInfo(f"aclImdb/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def read(path: Path, split: str = "train") -> tuple[list[Review], list[BadRow]]:
    bad: list[BadRow] = []
    return list(iterate("imdb", split, path=path, on_bad_row=bad.append)), bad


@pytest.mark.parametrize("files", [URLS + TEXTS, TEXTS + URLS, [*TEXTS[:3], *URLS, *TEXTS[3:]]])
def test_films_are_found_wherever_the_archive_has_them(tmp_path: Path, files: list[File]) -> None:
    path = pack(tmp_path / "a.tar.gz", files)
    assert read(path) == (TRAIN, [])
    assert read(path, "test") == (
        [
            Review("test negative", 0, "tt0000005", 12_500),
            Review("test positive", 1, "tt0000004", 0),
        ],
        [],
    )
    assert read(path, "unsup") == ([Review("unlabelled", -1, "tt0000009", 0)], [])
    assert read_documents("imdb", "train", [2, 12_501], path=path) == {
        2: TRAIN[2],
        12_501: TRAIN[0],
    }


def test_rows_do_not_depend_on_the_order_of_the_archive(tmp_path: Path) -> None:
    reviews, _ = read(pack(tmp_path / "a.tar.gz", URLS + TEXTS[::-1]))
    assert reviews == TRAIN[::-1]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("train/pos/1.txt", b"a", "not ID_RATING.txt"),
        ("train/pos/._1_8.txt", b"a", "not ID_RATING.txt"),
        ("train/pos/1_4.txt", b"a", "rating 4 does not belong"),
        ("train/neg/1_7.txt", b"a", "rating 7 does not belong"),
        ("train/pos/12500_9.txt", b"a", "not below 12500"),
        ("train/pos/1_9.txt", b"\xff", "decode"),
        ("train/pos/1_9.txt", b"a\0", "NUL"),
        ("train/pos/1_9.txt", b"a" * 131_073, "131,073 characters"),
        ("train/pos/1_9.txt", b"a" * 600_000, "600,000 bytes"),
        ("train/pos/2_9.txt", b"a", "twice"),
    ],
)
def test_malformed_files_are_skipped_and_named(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    reviews, bad = read(pack(tmp_path / "a.tar.gz", [*TEXTS, (name, data), *URLS]))
    assert reviews == TRAIN
    assert [each.where for each in bad] == [f"aclImdb/{name}"]
    assert reason in bad[0].problem


def test_a_review_without_a_film_is_skipped_with_the_line_that_lacks_it(tmp_path: Path) -> None:
    urls: File = ("train/urls_pos.txt", f"no address\n{film(1)}".encode())
    path = pack(tmp_path / "a.tar.gz", [*TEXTS, urls, *URLS[1:]])
    reviews, bad = read(path)
    assert reviews == TRAIN[:2]
    assert [each.where for each in bad] == [
        "aclImdb/train/urls_pos.txt, line 3",
        "aclImdb/train/urls_pos.txt, line 1",
    ]
    with pytest.raises(DatasetError, match="no readable review in row 0 of 'train'"):
        read_documents("imdb", "train", [0], path=path)


def test_a_replaced_archive_is_read_anew(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.tar.gz", URLS + TEXTS)
    read(path)
    urls: File = ("train/urls_pos.txt", (film(71) + film(72) + film(73)).encode())
    pack(path, [urls, *URLS[1:], *TEXTS])
    os.utime(path, ns=(1, 1))
    reviews, _ = read(path)
    assert [each.group for each in reviews[2:]] == ["tt0000073", "tt0000071"]


def test_other_archives_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"holds no aclImdb/train/urls_pos\.txt: .* replace it"):
        read(pack(tmp_path / "a.tar.gz", TEXTS))
    with pytest.raises(DatasetError, match="holds no aclImdb/train/unsup/ID_RATING.txt"):
        read(pack(tmp_path / "b.tar.gz", URLS + TEXTS[:-1]), "unsup")


def test_truncated_and_corrupted_archives_are_one_error(tmp_path: Path) -> None:
    filler: File = ("readme", os.urandom(100_000))
    path = pack(tmp_path / "a.tar.gz", [*URLS, *TEXTS, filler])
    whole = path.read_bytes()
    path.write_bytes(whole[:-1000])
    with pytest.raises(DatasetError, match="damaged or cut short"):
        read(path)
    # One bit in what deflate stored verbatim: only the checksum at the very end tells.
    path.write_bytes(whole[:-50_000] + bytes([whole[-50_000] ^ 1]) + whole[-49_999:])
    with pytest.raises(DatasetError, match="damaged or cut short.*CRC"):
        read(path)


@pytest.mark.skipif(find("imdb") is None, reason="IMDB is not on this machine")
def test_real_imdb() -> None:
    path = find("imdb")
    assert path is not None
    with tarfile.open(path, "r|gz") as archive:
        files = (each for each in archive if each.isfile() and "/test/" in each.name)
        names = [each.name for each in islice(files, 100)]
    first_row = {"pos": 0, "neg": 12_500}
    rows = [
        first_row[name.split("/")[2]] + int(name.split("/")[3].split("_")[0])
        for name in names
        if "urls" not in name
    ]
    found = read_documents("imdb", "test", rows)
    assert len(found) == len(rows) > 90
    for row, review in found.items():
        assert review.row == row
        assert review.label == (row < 12_500)
        assert review.group.startswith("tt")
        assert len(review.text) > 20
