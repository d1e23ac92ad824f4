"""The pipe to the worker's process: starts it, sends lines to it, hands on what it says."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
# One thread, and JAX in place of TensorFlow, which would double the memory.
_QUIET = {
    "KERAS_BACKEND": "jax",
    "JAX_PLATFORMS": "cpu",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}


class WorkerProcess:
    """A process that runs tasks.

    Args:
        hear: called with each message, in a thread of this object's.
        ended: called once with the exit code when the process has ended.

    Raises:
        OSError: the process cannot be started.
    """

    def __init__(
        self,
        hear: Callable[["WorkerProcess", dict[str, Any]], None],
        ended: Callable[["WorkerProcess", int], None],
    ) -> None:
        self._hear, self._ended = hear, ended
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dlnlp.worker.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # The server's log, where it has one: what libraries complain of is seen there.
            stderr=None if sys.stderr is not None else subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=_ROOT,
            env={**os.environ, **_QUIET},
            start_new_session=True,  # Ctrl+C in the terminal is the server's; the pipe tells it
        )
        threading.Thread(target=self._listen, name="worker's messages", daemon=True).start()

    @property
    def identity(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def send(self, message: dict[str, Any]) -> None:
        """Write a line; a process that has ended hears nothing, `ended` tells."""
        if self._process.stdin is None:
            return
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def _listen(self) -> None:
        process = self._process
        if process.stdout is None or process.stdin is None:
            return
        for line in process.stdout:
            self._hear(self, json.loads(line))
        code = process.wait()
        process.stdout.close()
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        self._ended(self, code)


def obituary(code: int) -> str:
    """One sentence on a process that ended by itself."""
    how = f"code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
    why = " (often a lack of memory)" if code == -signal.SIGKILL else ""
    return (
        f"The background process ended unexpectedly, with {how}{why}: start again, it comes back "
        "by itself."
    )
