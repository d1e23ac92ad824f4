"""`python -m dlnlp`: a list of commands that costs nothing to see."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from dlnlp.__main__ import COMMANDS, main

ROOT = Path(__file__).resolve().parents[1]


def test_commands_are_listed_without_importing_them() -> None:
    code = (
        "import sys\nfrom dlnlp.__main__ import main\n"
        "try:\n    main(['--help'])\n"
        "finally:\n    heavy = {'numpy', 'onnxruntime', 'dlnlp.scoring.score'} & set(sys.modules)\n"
        "    assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for name, (_, summary) in COMMANDS.items():
        assert name in done.stdout and summary in done.stdout


@pytest.mark.parametrize("arguments", [[], ["unheard-of"], ["--unheard-of"]])
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith("python -m dlnlp: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_both_functions(
    name: str, capsys: pytest.CaptureFixture
) -> None:
    module = import_module(COMMANDS[name][0])
    assert callable(module.add_arguments) and callable(module.run)
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert f"python -m dlnlp {name}" in capsys.readouterr().out
