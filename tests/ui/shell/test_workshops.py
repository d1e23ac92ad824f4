"""Folders of visitors: nobody else's, found again by their token, removed when forgotten."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dlnlp.ui.shell import workshops
from dlnlp.ui.shell.workshops import NoRoom, Workshops


def wait(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def there() -> set[str]:
    """Sessions that are connected."""
    return {"anna", "ben"}


@pytest.fixture
def made(there: set[str]) -> Iterator[Workshops]:
    found = Workshops(there.__contains__, gone=0.1, every=0.02)
    yield found
    found.close()


def test_two_visitors_have_two_folders_that_nobody_else_may_read(made: Workshops) -> None:
    first, second = made.open("anna"), made.open("ben")
    assert first.folder != second.folder and first.token != second.token
    assert first.folder.stat().st_mode & 0o077 == 0
    assert made.of(first.token, "anna") is first and made.of("guess", "ben") is None


def test_a_folder_goes_some_time_after_its_session(made: Workshops, there: set[str]) -> None:
    first, second = made.open("anna"), made.open("ben")
    (first.networks / "text").write_text("mine")
    there.discard("anna")
    wait(lambda: not first.folder.exists())
    assert made.of(first.token, "anna") is None
    assert second.folder.exists() and made.awaited(second.token)


def test_a_session_that_comes_back_by_another_name_keeps_its_folder(
    made: Workshops, there: set[str]
) -> None:
    first = made.open("anna")
    there.discard("anna")
    there.add("anna again")
    assert not made.awaited(first.token)
    assert made.of(first.token, "anna again") is first
    assert made.awaited(first.token)


def test_folders_are_bounded_and_all_go_with_the_server(
    made: Workshops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshops, "MOST", 2)
    folders = [made.open(name).folder for name in ("anna", "ben")]
    with pytest.raises(NoRoom, match="try again"):
        made.open("carl")
    made.close()
    assert not any(map(Path.exists, folders))


def test_the_size_of_a_folder_counts_no_links(made: Workshops, tmp_path: Path) -> None:
    first = made.open("anna")
    (first.networks / "file").write_bytes(b"12345")
    (first.networks / "link").symlink_to(tmp_path)
    assert first.size == 5
