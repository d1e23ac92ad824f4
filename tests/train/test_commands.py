"""How commands end."""

import errno

import pytest

from train.commands import exit_code


class Known(Exception):
    """Its message is made for users."""


def failing(error: Exception):
    def work() -> None:
        raise error

    return work


def test_errors_for_users_are_their_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(lambda: None, Known) == 0
    assert exit_code(failing(Known("x is missing: make it")), Known) == 1
    assert capsys.readouterr().err == "x is missing: make it\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a/b"), "a/b (No space left on device)"),
        (OSError("10 requested and 3 written"), "a file (10 requested and 3 written)"),
    ],
)
def test_a_full_disk_is_one_sentence(
    error: OSError, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(failing(error), Known) == 1
    assert capsys.readouterr().err == (
        f"cannot write {told}: free some space and run the same command again; "
        "it goes on from its checkpoint\n"
    )


def test_what_nobody_expected_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code(lambda: 1 / 0, Known)
