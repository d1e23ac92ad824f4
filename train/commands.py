"""How a training command ends: its errors are one sentence each, and an exit code."""

import sys
from collections.abc import Callable

GOES_ON = "it goes on from its checkpoint"


def exit_code(work: Callable[[], object], *errors: type[Exception], then: str = GOES_ON) -> int:
    """Do the work of a command.

    Args:
        work: what the command does.
        errors: whose message is made for users: it is printed, without a traceback.
        then: what the same command does when it is run again after an error of the disk.

    Returns:
        0, or 1 after an error.
    """
    try:
        work()
    except errors as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        where = error.filename or "a file"  # NumPy and Arrow do not tell
        print(
            f"cannot write {where} ({error.strerror or error}): free some space and run the same "
            f"command again; {then}",
            file=sys.stderr,
        )
        return 1
    return 0
