"""What full garbage collections pass over, looked at in processes of their own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def said(code: str) -> list[int]:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_what_lives_is_passed_over_once_for_each_name() -> None:
    before, kept, again, other, full = said(
        "import gc; from dlnlp.ui.shell.heap import freeze_heap\n"
        "counts = [gc.get_freeze_count()]\n"
        "for name in ('a', 'a', 'b'):\n"
        "    made = [[] for _ in range(1000)]; freeze_heap(name)\n"
        "    counts.append(gc.get_freeze_count())\n"
        "    later = made\n"
        "print([*counts, gc.get_threshold()[2]])"
    )
    assert before == 0 < kept == again < other
    assert full > 10


@pytest.mark.parametrize("call", ["loading.predictor('kim_cnn')", "digits.predictor()"])
def test_an_opened_network_is_passed_over(call: str) -> None:
    modules, with_network, garbage = said(
        "import gc; from dlnlp.ui.shell import loading\n"
        "from dlnlp.ui.mnist_cnn import loading as digits\n"
        f"modules = len(gc.get_objects()); found = {call}\n"
        "left = len(gc.get_objects()); found = None; del found\n"
        "print([modules, gc.get_freeze_count(), left])"
    )
    assert with_network > 0.9 * modules > 10 * garbage
