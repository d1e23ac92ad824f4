"""How a training command ends: its errors are one sentence each, and an exit status."""

import errno
from collections.abc import Callable

from dlnlp.commands import ending
from dlnlp.errors import UserError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def from_the_beginning() -> str:
    """What a command does again that keeps nothing."""
    return "it starts from the beginning"


def exit_code(work: Callable[[], object], then: Callable[[], str] = from_the_beginning) -> int:
    """Do the work of a command.

    Args:
        work: what the command does.
        then: what the same command does when it is run again after a signal or an error of the
            disk; asked when that happens.

    Returns:
        0, or 1 after an error. What nobody expected keeps its traceback.
    """
    ending.keeps(lambda: f"run the same command again; {then()}")
    try:
        work()
    except (UserError, FloatingPointError, FileExistsError) as error:
        ending.say(str(error))
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("dlnlp", "train"):
            raise
        ending.say(f"{error.name} is not installed: pip install -e '.[train]'")
    except MemoryError:
        ending.say(f"not enough memory: free some and run the same command again; {then()}")
    except BrokenPipeError:
        raise  # whoever read the output has gone
    except OSError as error:
        where = error.filename or "a file"  # NumPy and Arrow do not tell
        # NumPy tells of a full disk without a number.
        remedy = "free some space" if error.errno in (*FULL, None) else "mend that"
        ending.say(
            f"cannot use {where} ({error.strerror or error}): {remedy} and run the same command "
            f"again; {then()}"
        )
    else:
        return ending.DONE
    return ending.FAILED
