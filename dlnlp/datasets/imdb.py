"""The Large Movie Review Dataset (Maas et al. 2011) from its published archive.

Texts are `aclImdb/SPLIT/CLASS/ID_RATING.txt`; line ID (from zero) of `aclImdb/SPLIT/urls_CLASS.txt`
is the address of the reviewed film. A film has up to 30 reviews, so that validation data must be
split by film. The order inside the archive is not relied upon.
"""

import re
import sys
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from dlnlp.datasets.archive import archive_errors, members, missing_member
from dlnlp.datasets.records import MAX_FIELD_CHARACTERS, Review
from dlnlp.datasets.registry import DatasetSpec
from dlnlp.tables.reader import BadRow

_FILM = re.compile(rb"/(tt\d+)/")
_FILE_NAME = re.compile(r"(\d{1,5})_(\d{1,2})\.txt", re.ASCII)


@dataclass(frozen=True)
class _Class:
    """One folder of texts: its members, and how its IDs become rows and labels."""

    folder: str
    label: int
    first_row: int
    ids: range
    ratings: range

    @property
    def urls(self) -> str:
        """Member that names the films."""
        parent, _, name = self.folder.rpartition("/")
        return f"{parent}/urls_{name}.txt"

    def parse_id(self, file_name: str) -> int:
        """Return the ID in ID_RATING.txt; ValueError says why it does not belong here."""
        match = _FILE_NAME.fullmatch(file_name)
        if match is None:
            raise ValueError("the file name is not ID_RATING.txt")
        if int(match[1]) not in self.ids:
            raise ValueError(f"ID {match[1]} is not below {self.ids.stop}")
        if int(match[2]) not in self.ratings:
            raise ValueError(f"rating {match[2]} does not belong into {self.folder}")
        return int(match[1])


def _classes(top: str, split: str) -> dict[str, _Class]:
    """Return the classes of a split by their folder."""
    if split == "unsup":
        classes = [_Class(f"{top}/train/unsup", -1, 0, range(50_000), range(11))]
    else:
        classes = [
            _Class(f"{top}/{split}/pos", 1, 0, range(12_500), range(7, 11)),
            _Class(f"{top}/{split}/neg", 0, 12_500, range(12_500), range(1, 5)),
        ]
    return {each.folder: each for each in classes}


def iterate_imdb(
    spec: DatasetSpec, split: str, path: Path, on_bad_row: Callable[[BadRow], None]
) -> Generator[Review, None, None]:
    """Yield the reviews of a split in the order of the archive.

    The first call reads the archive once more beforehand, for the films; they are kept in memory.

    Raises:
        DatasetError: The archive is damaged or lacks the split's files.
    """
    classes = _classes(spec.folder, split)
    seen: set[int] = set()
    with archive_errors(path):
        status = path.stat()
        films = _read_films(path, spec.folder, status.st_mtime_ns, status.st_size)
        for each in classes.values():
            if each.urls not in films:
                raise missing_member(path, each.urls, spec.file_name)
        with closing(members(path)) as files:
            for name, size, file in files:
                folder, _, file_name = name.rpartition("/")
                if (each_class := classes.get(folder)) is None:
                    continue
                try:
                    number = each_class.parse_id(file_name)
                    row = each_class.first_row + number
                    if row in seen:
                        raise ValueError(f"ID {number} occurs twice")
                    text = _read_text(file, size)
                except ValueError as error:
                    on_bad_row(BadRow(0, 0, str(error), name))
                    continue
                film = _film(films[each_class.urls], number)
                if not film:
                    problem = f"the line names no film for {name}"
                    on_bad_row(BadRow(number + 1, number + 1, problem, each_class.urls))
                    continue
                seen.add(row)
                yield Review(text, each_class.label, film, row)
                if len(seen) == spec.row_counts[split]:
                    return  # the rest of the archive holds other splits
    if not seen:
        raise missing_member(path, f"{next(iter(classes))}/ID_RATING.txt", spec.file_name)


def read_imdb(
    spec: DatasetSpec, split: str, path: Path, rows: Collection[int]
) -> dict[int, Review]:
    """Return the reviews at `rows` by row, as far as there are any.

    One pass over the archive, which ends when everything is found.

    Raises:
        DatasetError: The archive is damaged.
    """
    classes = _classes(spec.folder, split)
    by_urls = {each.urls: each for each in classes.values()}
    texts: dict[int, tuple[_Class, int, str]] = {}
    films: dict[str, tuple[str, ...]] = {}
    with archive_errors(path), closing(members(path)) as files:
        for name, size, file in files:
            folder, _, file_name = name.rpartition("/")
            if name in by_urls:
                films[name] = _film_lines(file)
            elif (each_class := classes.get(folder)) is not None:
                try:
                    number = each_class.parse_id(file_name)
                    row = each_class.first_row + number
                    if row in rows:
                        texts[row] = each_class, number, _read_text(file, size)
                except ValueError:
                    continue
            if len(texts) == len(rows) and len(films) == len(by_urls):
                break
    return {
        row: Review(text, each.label, film, row)
        for row, (each, number, text) in texts.items()
        if (film := _film(films.get(each.urls, ()), number))
    }


def _read_text(file: IO[bytes], size: int) -> str:
    if size > 4 * MAX_FIELD_CHARACTERS:
        raise ValueError(f"the text has {size:,} bytes")
    data = file.read()
    if b"\0" in data:
        raise ValueError("the text holds a NUL byte")
    text = data.decode()
    if len(text) > MAX_FIELD_CHARACTERS:
        raise ValueError(f"the text has {len(text):,} characters")
    return text


def _film(films: tuple[str, ...], number: int) -> str:
    return films[number] if number < len(films) else ""


def _film_lines(file: IO[bytes]) -> tuple[str, ...]:
    """Return the film of each line, "" where the line names none."""
    matches = map(_FILM.search, file)
    return tuple(sys.intern(match[1].decode()) if match else "" for match in matches)


@lru_cache(maxsize=2)
def _read_films(
    path: Path, top: str, modified_ns: int, size_bytes: int
) -> Mapping[str, tuple[str, ...]]:
    """Return the films of every urls file of the archive, by member name.

    The last two arguments only tell a changed file from the cached one.
    """
    urls = {
        each.urls for split in ("train", "test", "unsup") for each in _classes(top, split).values()
    }
    films: dict[str, tuple[str, ...]] = {}
    with closing(members(path)) as files:
        for name, _, file in files:
            if name in urls:
                films[name] = _film_lines(file)
                if len(films) == len(urls):
                    break
    return films
