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

DONE, FAILED, USAGE, PARTLY = 0, 1, 2, 3
"""Exit statuses; after a signal 128 plus its number: 130 after Ctrl-C, 143 after SIGTERM."""

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
    """Print a sentence on standard error; do nothing where that is closed."""
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
    known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    waited = [number for number in known if signal.getsignal(number) != signal.SIG_IGN]
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    # Python's own part of a handler would run in the main thread, when that is done with what it
    # does. Its C part writes the signal's number into the pipe at once.
    for number in waited:
        signal.signal(number, _nothing)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_leave_signals_to_the_parent)
    threading.Thread(target=_end_by_signal, args=(reading,), daemon=True, name="signals").start()
    shield_workers()


def shield_workers() -> None:
    """Block Ctrl-C in the worker processes of this thread; the command itself ends them.

    A terminal sends it to all of them, and each would print a traceback. For ``spawn``, call it
    again when :mod:`multiprocessing.resource_tracker` runs, which undoes it.
    """
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _leave_signals_to_the_parent() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is _nothing:
            signal.signal(number, signal.SIG_DFL)


def _nothing(*_: object) -> None:
    pass


def _end_by_signal(reading: int) -> None:
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    number = signal.Signals(os.read(reading, 1)[0])
    _ending.set()
    try:
        temporary.remove_all()
        by = "Interrupted" if number == signal.SIGINT else f"Ended by {number.name}"
        line = "\n" if sys.stderr.isatty() else ""  # behind a progress bar
        # Not `print`: the thread that was interrupted may hold the stream.
        os.write(2, f"{line}{by}: {_kept()}.\n".encode("utf-8", "replace"))
        temporary.remove_rest()  # what the other thread began to write meanwhile
    finally:
        os._exit(128 + number)
