import os
import subprocess
import sys
from pathlib import Path

import pytest

from train.huge_pages import TUNABLE

SCRIPT = """
import os, sys
from train.huge_pages import restart_with_huge_pages
print(os.getpid(), flush=True)
restart_with_huge_pages()
print(os.environ["GLIBC_TUNABLES"], sys.flags.utf8_mode, *sys.argv[1:])
"""


def run(folder: Path, **environment: str) -> list[str]:
    script = folder / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    known = {k: v for k, v in os.environ.items() if k != "GLIBC_TUNABLES"}
    command = [sys.executable, "-X", "utf8", str(script), "a", "b c"]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        command, env=known | {"PYTHONPATH": root} | environment, capture_output=True, check=True
    )
    return done.stdout.decode().splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="glibc")
def test_the_command_starts_anew_once_as_the_same_process(tmp_path: Path) -> None:
    before, after, last = run(tmp_path)
    assert before == after
    assert last == f"{TUNABLE} 1 a b c"


def test_tunables_of_the_user_stay(tmp_path: Path) -> None:
    _, last = run(tmp_path, GLIBC_TUNABLES="glibc.malloc.perturb=0")
    assert last == "glibc.malloc.perturb=0 1 a b c"
