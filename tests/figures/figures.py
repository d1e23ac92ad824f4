"""Figures of hostile texts, for the tests of all formats."""

import shutil
import subprocess
from pathlib import Path

import pytest

from dlnlp.figures.figure import Figure
from dlnlp.figures.shaded import shaded_figure
from tests.ui.text.attributions import make_attribution

CARD = {"card_sha256": "0123456789abcdef" * 4}
HOSTILE = (
    r"Costs $_\{}% & <b>bold</b> #1 ~^|\"'` \input{x} \end{document} --- ^^M "
    "café naïve Ελληνικά русский 😀 👍 中文 שלום עולם (טוב) مرحبا\x00\x1b\ud800 \u202eend."
)
LATIN = ["Costs", "bold", "café", "naïve", "input", "document", "end"]
OTHERS = ["Ελληνικά", "русский", "中文", "שלום", "עולם", "טוב", "مرحبا"]


def hostile_figure(numbers: bool = True) -> Figure:
    """One text with everything that could break a format."""
    return shaded_figure([make_attribution(HOSTILE, words=None)], "m_&<x>", CARD, numbers=numbers)


def words_of_pdf(path: Path) -> str:
    """What a reader can search and copy; skips the test where no pdftotext is."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
    run = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode()


def compiled(source: str, folder: Path) -> Path:
    """The PDF that pdfLaTeX makes of a document; skips the test where there is none."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed (Debian: texlive-latex-base)")
    (folder / "figure.tex").write_text(source, encoding="utf-8")
    run = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "figure"],
        cwd=folder, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-1_500:]
    return folder / "figure.pdf"
