"""The app's products of matrices run in one thread; who starts it may say otherwise."""

import os
import subprocess
import sys

import pytest

CODE = """
import dlnlp.ui.shell.turns
import numpy
from threadpoolctl import threadpool_info
print({each["num_threads"] for each in threadpool_info() if each["internal_api"] == "openblas"})
"""


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has one thread")
@pytest.mark.parametrize(
    ("given", "threads"), [({}, "{1}"), ({"OPENBLAS_NUM_THREADS": "2"}, "{2}")]
)
def test_threads(given: dict[str, str], threads: str) -> None:
    here = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", CODE]
    found = subprocess.run(command, env=here | given, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == threads
