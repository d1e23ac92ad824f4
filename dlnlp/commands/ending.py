"""How a command ends: by its work, by a signal, or by an error; always one sentence and a status.

Training may be asked to end while compiled code runs for seconds, or while a library catches every
exception. So a thread waits for the signals, and ends the process itself. That is safe: what is
half-written has a hidden name (:mod:`dlnlp.temporary`), and the thread removes it.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from dlnlp import temporary

DONE, FAILED, USAGE, PARTLY, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses; 128 plus the number of a signal for the others: 143 after SIGTERM."""

closed_streams: set[str] = set()
"""Those of ``stdin``, ``stdout``, ``stderr`` that were closed when the process began."""

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_ending = threading.Event()  # a signal has come: what fails from now on is its doing


def _nothing_changed() -> str:
    return "nothing was changed"


_kept: Callable[[], str] = _nothing_changed


def keeps(sentence: Callable[[], str]) -> None:
    """Set what is said after "Interrupted: " from now on: what is kept, and how to go on."""
    global _kept
    _kept = sentence


def process(main: Callable[[], int]) -> int:
    """Run the command that this process is for.

    Ctrl-C, SIGTERM and SIGHUP end the process within two seconds, with one sentence and the status
    130, 143 or 129. Signals that whoever started it ignores (``nohup``) stay ignored.

    Args:
        main: the command; returns the exit status.

    Returns:
        The exit status.
    """
    mend_streams()
    _wait_for_signals()
    try:
        status = main()
        sys.stdout.flush()
        _stay_if_ending()
        return status
    except KeyboardInterrupt:  # where signals cannot be waited for: Windows
        temporary.remove_all()
        say(f"Interrupted: {_kept()}.")
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough, as `head` has
        return FAILED
    except OSError as error:  # of the last flush
        say(f"standard output cannot be written ({error.strerror or error}).")
        return FAILED
    finally:
        _give_up_broken_streams()


def mend_streams() -> None:
    """Open standard streams that are closed onto nothing.

    Else the first file that is opened takes their number, and gets what libraries print.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            closed_streams.add(name)
            opened = os.open(os.devnull, os.O_RDWR)
            os.dup2(opened, number)
            if opened != number:
                os.close(opened)
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))


def say(sentence: str) -> None:
    """Print a sentence on the error stream; nothing happens where that is broken."""
    _stay_if_ending()
    with suppress(OSError, ValueError):
        print(sentence, file=sys.stderr, flush=True)


def _stay_if_ending() -> None:
    while _ending.is_set():  # the other thread ends the process
        time.sleep(1)


def _give_up_broken_streams() -> None:
    """Let Python's own last flush succeed: it would end with status 120 and a complaint."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _wait_for_signals() -> None:
    if not hasattr(signal, "sigwait"):
        return
    known = [signal.Signals[name] for name in _NAMES]
    # The threads and processes that begin from here on inherit it: the waiting thread gets all.
    waited = {number for number in known if signal.getsignal(number) != signal.SIG_IGN}
    signal.pthread_sigmask(signal.SIG_BLOCK, waited)
    threading.Thread(target=_end_by_signal, args=(waited,), daemon=True, name="signals").start()


def _end_by_signal(waited: set[signal.Signals]) -> None:
    number = signal.sigwait(waited)
    _ending.set()
    try:
        temporary.remove_all()
        by = "Interrupted" if number == signal.SIGINT else f"Ended by {signal.Signals(number).name}"
        line = "\n" if sys.stderr.isatty() else ""  # behind a progress bar
        # Not `print`: the thread that was interrupted may hold the stream.
        os.write(2, f"{line}{by}: {_kept()}.\n".encode("utf-8", "replace"))
    finally:
        os._exit(128 + number)


def let_end() -> None:
    """In a process that works for a command: end by SIGTERM, as the command had it ended."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
