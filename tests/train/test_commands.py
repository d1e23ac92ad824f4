"""How commands begin and end."""

import ast
import errno
from pathlib import Path

import pytest

import train
from train.commands import exit_code


class Known(Exception):
    """Its message is made for users."""


def failing(error: Exception):
    def work() -> None:
        raise error

    return work


def test_errors_for_users_are_their_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(lambda: None, Known) == 0
    assert exit_code(failing(Known("x is missing: make it")), Known) == 1
    assert capsys.readouterr().err == "x is missing: make it\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a/b"), "a/b (No space left on device)"),
        (OSError("10 requested and 3 written"), "a file (10 requested and 3 written)"),
    ],
)
def test_a_full_disk_is_one_sentence(
    error: OSError, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(failing(error), Known) == 1
    assert capsys.readouterr().err == (
        f"cannot write {told}: free some space and run the same command again; "
        "it goes on from its checkpoint\n"
    )


def test_what_nobody_expected_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code(lambda: 1 / 0, Known)


def first_of_ours(path: Path) -> str:
    """The module that a command imports first of our own; huge pages need nothing."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("train", "dlnlp")):
            if node.module != "train.huge_pages":
                return node.module or ""
    raise AssertionError(f"{path} imports nothing of ours")


@pytest.mark.parametrize(
    "name",
    [
        "han", "han_cyclical", "kim_cnn", "kim_cnn_trials", "lr_range_test", "mnist_cnn",
        "faithfulness",
    ],
)  # fmt: skip
def test_the_backend_is_chosen_before_anything_imports_keras(name: str) -> None:
    """Keras reads its backend when it is imported; another module first, and the default rules."""
    root = Path(train.__path__[0])
    chooser = root.parent / (first_of_ours(root / f"{name}.py").replace(".", "/") + ".py")
    lines = chooser.read_text("utf-8").splitlines()
    chosen = next(n for n, line in enumerate(lines) if line.startswith("os.environ"))
    assert "KERAS_BACKEND" in lines[chosen]
    imports = [n for n, line in enumerate(lines) if "import keras" in line or "from dlnlp" in line]
    assert chosen < min(imports)
