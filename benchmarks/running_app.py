"""The app as a user meets it: a server process of its own, seen through the system's Chromium.

Shared by the benchmarks and the browser tests. It knows no page.
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WINDOWLESS = "chromium-headless-shell"
"""The same engine without a browser's windows: about an eighth less for the processor to do."""


@dataclass(frozen=True, slots=True)
class RunningApp:
    """A server that answers.

    Attributes:
        url: address without a slash at the end.
        process: the server's process.
        started: `time.perf_counter()` just before the process was started, in seconds.
        healthy: the same clock at the first answer of the health check.
    """

    url: str
    process: subprocess.Popen[bytes]
    started: float
    healthy: float

    def resident_megabytes(self) -> float:
        """Resident memory of the server's process, in MB (1e6 bytes)."""
        command = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
        kibibytes = int(subprocess.run(command, capture_output=True, check=True).stdout)
        return kibibytes * 1024 / 1e6


@contextmanager
def running_app(
    python: str = sys.executable, *, folder: Path = ROOT, patience: float = 180, port: int = 0
) -> Iterator[RunningApp]:
    """Starts a fresh server and ends it on leaving.

    Args:
        python: interpreter of the environment to serve from.
        folder: where the `streamlit_app.py` to serve lies.
        patience: seconds to wait for the health check.
        port: where to listen; 0 takes a free port.

    Raises:
        RuntimeError: the server ended, or did not answer in time; with what it printed.
    """
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    command = [python, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            while not _answers(f"{url}/_stcore/health"):
                if process.poll() is not None or time.perf_counter() - started > patience:
                    log.seek(0)
                    printed = log.read().decode(errors="replace")
                    raise RuntimeError(f"the server did not start in {patience} s:\n{printed}")
                time.sleep(0.02)
            yield RunningApp(url, process, started, time.perf_counter())
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        # No proxy of the machine: the server is on this machine.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def chromium_options(preferred: str = BROWSERS[0]) -> dict[str, Any]:
    """Options with which Playwright starts the system's browser, in place of one of its own.

    Args:
        preferred: taken where it is installed.

    Raises:
        FileNotFoundError: no browser is installed; says how to get one.
    """
    path = next(filter(None, map(shutil.which, (preferred, *BROWSERS))), None)
    if path is None:
        raise FileNotFoundError(
            f"none of {', '.join(BROWSERS)} is installed; on Debian: apt-get install chromium"
        )
    return {
        "executable_path": path,
        # --no-sandbox: the sandbox does not work for root in a container.
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }
