"""What the app asks of libraries for its process; who starts it may say otherwise."""

import os
import platform
import subprocess
import sys

import pytest

THREADS = """
import dlnlp.ui.shell.turns
import numpy
from threadpoolctl import threadpool_info
print({each["num_threads"] for each in threadpool_info() if each["internal_api"] == "openblas"})
"""

# Eight threads ask for memory at a time; glibc tells how many pools there are.
POOLS = """
import ctypes, sys, tempfile, threading
import dlnlp.ui
together = threading.Barrier(8)
def work():
    together.wait()
    kept = [bytearray(4000) for _ in range(2000)]
    together.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for each in threads: each.start()
for each in threads: each.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    opened = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, opened)
    libc.fclose(opened)
    print(file.read().decode().count("<heap nr="))
"""


def printed(code: str, given: dict[str, str]) -> str:
    """What a process prints that begins with nothing set, but what is given."""
    ours = ("OPENBLAS_NUM_THREADS", "MALLOC_ARENA_MAX")
    here = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, env=here | given, capture_output=True, text=True, check=True)
    return found.stdout.strip()


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has one thread")
@pytest.mark.parametrize(
    ("given", "threads"), [({}, "{1}"), ({"OPENBLAS_NUM_THREADS": "2"}, "{2}")]
)
def test_products_of_matrices_run_in_one_thread(given: dict[str, str], threads: str) -> None:
    assert printed(THREADS, given) == threads


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="pools of memory are glibc's")
@pytest.mark.parametrize(("given", "few"), [({}, True), ({"MALLOC_ARENA_MAX": "8"}, False)])
def test_threads_share_pools_of_memory(given: dict[str, str], few: bool) -> None:
    assert (int(printed(POOLS, given)) <= 2) == few
