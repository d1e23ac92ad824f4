import gzip
import io
import logging
import os
import tarfile
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import pytest

from dlnlp.datasets import BadRow, DatasetError, Review, find, iterate, read_documents

TRAIN = "reviews5_csv/train.csv"
SOURCES = "reviews5_csv/train_sources.csv"


def pack(path: Path, files: Mapping[str, bytes | str]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def read(path: Path, name: str = "reviews5") -> tuple[list[Review], list[BadRow]]:
    bad: list[BadRow] = []
    return list(iterate(name, "train", path=path, on_bad_row=bad.append)), bad


def read_csv(tmp_path: Path, content: bytes | str) -> tuple[list[Review], list[BadRow]]:
    return read(pack(tmp_path / "reviews5_csv.tar.gz", {TRAIN: content}))


def lines_of(bad: list[BadRow]) -> list[int]:
    for each in bad:
        assert each.where.startswith(f"{TRAIN}, line ")
    return [int(each.where.rpartition(" ")[2]) for each in bad]


def test_title_and_text_are_joined_and_escapes_are_undone(tmp_path: Path) -> None:
    reviews, bad = read_csv(
        tmp_path,
        '"5","So ""good""","First line\\n\\nafter C:\\\\new and a lone \\x"\n'
        '"1","","No title, ""quoted"""\r\n'
        '"3","Only a title",""\n'
        "\n"
        "4,unquoted,works too\n"
        '"2","No newline","at the end é 汉 🙂"',
    )
    assert bad == []
    assert reviews == [
        Review('So "good"\nFirst line\n\nafter C:\\new and a lone \\x', 4, "", 0),
        Review('No title, "quoted"', 0, "", 1),
        Review("Only a title", 2, "", 2),
        Review("unquoted\nworks too", 3, "", 3),
        Review("No newline\nat the end é 汉 🙂", 1, "", 4),
    ]


def test_quoted_fields_may_hold_newlines_and_lines_are_counted(tmp_path: Path) -> None:
    reviews, bad = read_csv(
        tmp_path,
        '"5","real","one\ntwo\n\n""three"""\n'
        '"9","line five",""\n"1","a","b"\n"x","line seven",""\n',
    )
    assert [(each.text, each.row) for each in reviews] == [
        ('real\none\ntwo\n\n"three"', 0),
        ("a\nb", 2),
    ]
    assert lines_of(bad) == [5, 7]
    assert bad[0].problem == "the star rating is '9' instead of 1 to 5"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'"5","two columns"', "2 fields where the format has 3"),
        (b'"5","a","b","c"', "4 fields where the format has 3"),
        (b'"0","a","b"', "star rating is '0'"),
        (b'"6","a","b"', "star rating is '6'"),
        (b'"","a","b"', "star rating is ''"),
        (b'"5","a","\xff\xfe"', "not text in UTF-8"),
        (b'"5","a","nul \0 byte"', "NUL"),
        (b'"5","a" b,"c"', "a quote inside a quoted field"),
        (b'"5","a","' + b"x" * 131_073 + b'"', "131,073 characters"),
        (b'"5","a","' + b"x" * 3_000_000 + b'"', "more than 1,048,576 characters"),
        (b'"5","an unclosed quote,"b"', ""),
    ],
)
def test_malformed_rows_are_skipped_with_their_line(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    reviews, bad = read_csv(tmp_path, b'"1","","before"\n' + line + b'\n"2","","after"\n')
    assert [(each.text, each.row) for each in reviews] == [("before", 0), ("after", 2)]
    assert lines_of(bad) == [2]
    assert reason in bad[0].problem
    assert len(bad[0].problem) < 200


def test_lines_are_counted_over_records_read_in_pieces(tmp_path: Path) -> None:
    _, bad = read_csv(tmp_path, '"5","a","' + "x" * 3_000_000 + '\nb"\n"0","line three",""\n')
    assert lines_of(bad) == [1, 2, 3]


def test_behind_an_open_quote_every_line_is_a_row(tmp_path: Path) -> None:
    """As in the published files, where a line break is written as two characters."""
    reviews, bad = read_csv(tmp_path, '"1","","a"\n"5","open\nover two lines\n"2","","b"\n')
    assert [(each.text, each.row) for each in reviews] == [("a", 0), ("b", 3)]
    assert lines_of(bad) == [2, 3]


def test_longest_allowed_field_is_read(tmp_path: Path) -> None:
    reviews, bad = read_csv(tmp_path, '"1","","' + "é" * 131_072 + '"\n')
    assert bad == []
    assert len(reviews[0].text) == 131_072


def test_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    reviews, bad = read_csv(tmp_path, '\ufeff"1","a","b"\n"2","c","d"\n')
    assert bad == []
    assert [each.label for each in reviews] == [0, 1]


def test_bad_rows_are_logged_when_nobody_asks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = pack(tmp_path / "a.tar.gz", {TRAIN: '"7","a","b"\n'})
    with caplog.at_level(logging.WARNING):
        assert list(iterate("reviews5", "train", path=path)) == []
    assert f"{TRAIN}, line 1: the star rating is '7'" in caplog.text


@pytest.mark.parametrize("sources_first", [False, True])
def test_sources_stay_aligned_over_malformed_rows(tmp_path: Path, sources_first: bool) -> None:
    files = [
        (TRAIN, '"1","","a"\n"8","","bad"\n"2","","b\nb"\n"5","unclosed,""\n"3","","c"\n'),
        (SOURCES, "source,domain\nshop,x\nlost,x\nhotel,y\nlost,z\nbooks,z\n"),
    ]
    path = pack(tmp_path / "a.tar.gz", dict(reversed(files) if sources_first else files))
    reviews, bad = read(path)
    assert [(each.text, each.group, each.row) for each in reviews] == [
        ("a", "shop", 0),
        ("b\nb", "hotel", 2),
        ("c", "books", 4),
    ]
    assert lines_of(bad) == [2, 5]


@pytest.mark.parametrize(("sources", "which"), [("one\n", "fewer"), ("one\ntwo\nthree\n", "more")])
def test_sources_of_another_length_are_refused(tmp_path: Path, sources: str, which: str) -> None:
    files = {TRAIN: '"1","","a"\n"2","","b"\n', SOURCES: "source\n" + sources}
    with pytest.raises(DatasetError, match=f"{SOURCES} has {which} rows"):
        read(pack(tmp_path / "a.tar.gz", files))


def test_the_amazon_archive_is_read_and_its_row_count_is_checked(tmp_path: Path) -> None:
    member = "amazon_review_full_csv/train.csv"
    path = pack(
        tmp_path / "amazon_review_full_csv.tgz",
        {
            "amazon_review_full_csv/readme.txt": "about",
            "amazon_review_full_csv/test.csv": '"1","of the","other split"\n',
            member: '"4","a","b"\n',
        },
    )
    reviews, bad = read(path, "amazon_full")
    assert reviews == [Review("a\nb", 3, "", 0)]
    assert [each.where for each in bad] == [member]
    assert "1 records instead of 3,000,000" in bad[0].problem


def test_members_match_by_their_exact_name(tmp_path: Path) -> None:
    row = '"1","","a"\n'
    names = [f"../{TRAIN}", f"/{TRAIN}", "train.csv", f"x/{TRAIN}", f"{TRAIN}.bak"]
    path = pack(tmp_path / "a.tar.gz", dict.fromkeys(names, row))
    with pytest.raises(DatasetError, match=rf"{path} holds no {TRAIN}: .* replace it"):
        read(path)
    assert sorted(tmp_path.iterdir()) == [path]
    reviews, _ = read(pack(path, {f"./{TRAIN}": row}))
    assert len(reviews) == 1


def test_damaged_archives_are_one_error(tmp_path: Path) -> None:
    noise = os.urandom(30_000).hex()
    path = pack(tmp_path / "a.tar.gz", {TRAIN: f'"1","","{noise}"\n' * 3, "z": noise})
    whole = path.read_bytes()
    contents = [whole[: len(whole) // 4], b"", b"no gzip", gzip.compress(b"no tar" * 200)]
    for content in contents:
        path.write_bytes(content)
        with pytest.raises(DatasetError, match=rf"{path} is damaged or cut short .*get it again"):
            read(path)


def test_a_cut_at_the_beginning_of_a_member_is_noticed(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.tar.gz", {"first": b"x" * 512, TRAIN: '"1","","a"\n'})
    unpacked = gzip.decompress(path.read_bytes())
    # A gzip stream that breaks off after the first member: tarfile alone takes it for an end.
    flushed = io.BytesIO()
    with gzip.GzipFile(fileobj=flushed, mode="wb") as stream:
        stream.write(unpacked[:1024])
        stream.flush()
        path.write_bytes(flushed.getvalue())
    with pytest.raises(DatasetError, match="damaged or cut short"):
        read(path)


def test_iterate_streams(tmp_path: Path) -> None:
    noise = os.urandom(200_000).hex()
    rows = [f'"1","","{noise[i : i + 1000]}"\n' for i in range(0, len(noise), 1000)]
    files = {SOURCES: "source\n" + "s\n" * len(rows), TRAIN: "".join(rows)}
    path = pack(tmp_path / "a.tar.gz", files)
    path.write_bytes(path.read_bytes()[:-50_000])
    reviews = iterate("reviews5", "train", path=path)
    # The reviews before the damage come before its error.
    assert [each.row for each in islice(reviews, 200)] == list(range(200))
    assert len(read_documents("reviews5", "train", [7, 199], path=path)) == 2
    with pytest.raises(DatasetError, match="damaged or cut short"):
        list(reviews)


def test_read_documents_returns_the_rows_asked_for(tmp_path: Path) -> None:
    path = pack(
        tmp_path / "a.tar.gz",
        {TRAIN: '"1","","a"\n"8","","bad"\n"2","","b"\n"3","","c"\n', SOURCES: "h\nw\nx\ny\nz\n"},
    )
    found = read_documents("reviews5", "train", [3, 0, 3], path=path)
    assert list(found.items()) == [(3, Review("c", 2, "z", 3)), (0, Review("a", 0, "w", 0))]
    assert read_documents("reviews5", "train", [], path=path) == {}
    for row in (1, 4):
        with pytest.raises(DatasetError, match=f"no readable review in row {row} of 'train'"):
            read_documents("reviews5", "train", [0, row], path=path)


@pytest.mark.skipif(find("reviews5") is None, reason="reviews5 is not on this machine")
def test_real_reviews5() -> None:
    started = time.perf_counter()
    bad: list[BadRow] = []
    reviews = list(islice(iterate("reviews5", "test", on_bad_row=bad.append), 200))
    assert bad == []
    assert [each.row for each in reviews] == list(range(200))
    assert {each.label for each in reviews} == {0, 1, 2, 3, 4}
    assert all(each.group for each in reviews)
    assert not any("\\n" in each.text for each in reviews)
    assert read_documents("reviews5", "test", [150]) == {150: reviews[150]}
    assert time.perf_counter() - started < 3
