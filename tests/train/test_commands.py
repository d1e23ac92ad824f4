"""How commands begin and end."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

import train
from dlnlp.errors import UserError
from train.commands import exit_code


class Known(UserError):
    pass


def failing(error: BaseException):
    def work() -> None:
        raise error

    return work


@pytest.mark.parametrize(
    "error", [Known("x is missing: make it"), FloatingPointError("the loss is nan: lower max_lr")]
)
def test_errors_for_users_are_their_message(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(lambda: None) == 0
    assert exit_code(failing(error)) == 1
    assert capsys.readouterr().err == f"{error}\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "a/b"),
            "a/b (No space left on device): free some space",
        ),
        (
            OSError("10 requested and 3 written"),
            "a file (10 requested and 3 written): free some space",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "a"),
            "a (Permission denied): mend that",
        ),
    ],
)
def test_a_disk_that_refuses_is_one_sentence(
    error: OSError, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(failing(error), lambda: "it goes on") == 1
    assert capsys.readouterr().err == (
        f"cannot use {told} and run the same command again; it goes on\n"
    )


def test_a_package_that_is_not_installed_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code(failing(ModuleNotFoundError("No module", name="gensim.models"))) == 1
    assert capsys.readouterr().err.startswith("gensim.models is not installed: pip install")
    with pytest.raises(ModuleNotFoundError):
        exit_code(failing(ModuleNotFoundError("No module", name="train.nothing")))


def test_what_nobody_expected_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code(lambda: 1 / 0)


COMMANDS = sorted(
    path.stem
    for path in Path(train.__path__[0]).glob("*.py")
    if "process(main)" in path.read_text()
)


def run(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    known = {k: v for k, v in os.environ.items() if k != "KERAS_BACKEND"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(train.__path__[0]).parent,
        env=known | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_one_place_chooses_the_backend() -> None:
    code = "import train.commands, os; print(os.environ['KERAS_BACKEND'])"
    assert run(code).stdout == "jax\n"
    assert run(code, KERAS_BACKEND="tensorflow").stdout == "tensorflow\n"


def test_help_is_instant_and_clean() -> None:
    """Of every command: without NumPy, no package that takes longer is imported either."""
    assert len(COMMANDS) == 12
    code = f"""
import importlib, sys, contextlib, io
for name in {COMMANDS}:
    shown = io.StringIO()
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(shown):
        importlib.import_module("train." + name).main(["--help"])
    assert f"python -m train.{{name}}" in shown.getvalue(), name
print(*{{module.split(".")[0] for module in sys.modules}})
"""
    done = run(code)
    assert (done.returncode, done.stderr) == (0, "")
    heavy = {"keras", "tensorflow", "jax", "numpy", "gensim", "sklearn", "onnxruntime", "pyarrow"}
    assert heavy & set(done.stdout.split()) == set()
