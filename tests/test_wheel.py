"""What `pip install .` gives: a library, its page parts, weights, and the command `dlnlp`."""

import csv
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.tiny_kim_cnn import write_tiny_kim_cnn

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by pip from a copy of the tree, with a small network in place of those that ship.

    pip gets setuptools from the package index, as pyproject.toml asks.
    """
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("setup.py", "pyproject.toml", "requirements.txt", "MANIFEST.in", "README.md"):
        shutil.copy(ROOT / name, source)
    for name in ("dlnlp", "train"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for extra in ROOT.glob("LICEN*"):
        shutil.copy(extra, source)
    write_tiny_kim_cnn(source / "weights" / "kim_cnn")
    (source / "weights" / ".kim_cnn.lock").write_text("")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_all_that_the_packages_have(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("dlnlp", "train"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".js", ".css", ".ttf"):
                assert path.relative_to(ROOT).as_posix() in held
    weights = {name for name in held if "/weights/" in name}
    assert "dlnlp/weights/kim_cnn/card.json" in weights
    assert not any(name.endswith(".lock") for name in weights)


def test_the_installed_command_scores_a_table(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python),
         "install", "--quiet", "--no-deps", "--no-index", str(wheel)],
        check=True, timeout=600,
    )  # fmt: skip
    # What dlnlp needs is taken from here; dlnlp itself is not, its folder would come first.
    (packages,) = environment.glob("lib/python*/site-packages")
    here = [path for path in sys.path if "site-packages" in path]
    (packages / "here.pth").write_text("\n".join(here))
    (tmp_path / "in.csv").write_text("text\na good film\n")
    known = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "DLNLP_WEIGHTS")}

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(environment / "bin" / "dlnlp"), *arguments],
            cwd=tmp_path, env=known, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    done = run("score", "--model", "kim_cnn", "in.csv", "--output", "out.csv")
    assert done.returncode == 0, done.stderr
    (row,) = csv.DictReader((tmp_path / "out.csv").read_text().splitlines())
    assert row["text"] == "a good film" and row["label"] in ("negative", "positive")
    assert run().stderr.startswith("dlnlp: ")
    where = subprocess.run(
        [python, "-c", "import dlnlp.artifacts as a; print(a.WEIGHTS, *a.available_models())"],
        cwd=tmp_path, env=known, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert where == [str(packages / "dlnlp" / "weights"), "kim_cnn"]
