"""The log of a server: where it goes, and how much of it."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from dlnlp.logs import LEVEL, logged

ROOT = Path(__file__).resolve().parents[1]
CODE = """
import logging
from dlnlp import logs
logs.configure()
logs.configure()
for level in ("debug", "info", "warning", "error"):
    getattr(logging.getLogger("dlnlp.somewhere"), level)(f"a {level}")
    getattr(logging.getLogger("elsewhere"), level)(f"not ours: {level}")
"""


def written(level: str | None) -> str:
    environment = {} if level is None else {LEVEL: level}
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout == ""
    return done.stderr


@pytest.mark.parametrize(
    ("level", "seen"),
    [
        (None, ["warning", "error"]),
        ("", ["warning", "error"]),
        ("info", ["info", "warning", "error"]),
        ("ERROR", ["error"]),
        ("DEBUG", ["debug", "info", "warning", "error"]),
    ],
)
def test_the_environment_sets_the_level(level: str | None, seen: list[str]) -> None:
    lines = [line for line in written(level).splitlines() if "dlnlp.somewhere" in line]
    assert [line.rpartition(" a ")[2] for line in lines] == seen


def test_a_level_that_is_none_is_named() -> None:
    text = written("loud")
    assert "DLNLP_LOG_LEVEL='LOUD' is none of DEBUG, INFO" in text
    assert "a warning" in text and "a info" not in text


def test_work_whose_errors_reach_a_page_only_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    @logged
    def divide(number: int) -> float:
        return 1 / number

    assert divide(2) == 0.5
    logger = logging.getLogger("dlnlp")
    before, logger.propagate = logger.propagate, True
    try:
        with pytest.raises(ZeroDivisionError):
            divide(0)
    finally:
        logger.propagate = before
    assert "divide failed" in caplog.text and "Traceback" in caplog.text
