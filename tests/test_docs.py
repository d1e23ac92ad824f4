"""The documents say what the cards say, and name only what exists."""

import re
from pathlib import Path

import pytest

from benchmarks.results import faithfulness_table, results_table, sentence_table

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
DOCUMENTS.append(ROOT / "benchmarks" / "README.md")


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def test_results_are_those_of_the_cards() -> None:
    assert results_table(ROOT / "weights") in text_of(ROOT / "README.md")
    for table in (faithfulness_table, sentence_table):
        assert table(ROOT / "weights") in text_of(ROOT / "docs" / "faithfulness.md")


FILE = re.compile(r"`([\w*./-]*\.(?:py|js|css|toml|tsv|json|yaml|cfg|md|cff|ipynb))`")
FOLDER = re.compile(r"`(\w[\w/-]*/)`")
# Where files lie whose folder a document has named before.
BELOW = ("", *(f"{folder}/**/" for folder in ("dlnlp", "train", "tests", "benchmarks", "weights")))
# What a command makes, and a reader's own.
MADE = {"campaign/weights/"}


def lost(text: str) -> list[str]:
    """The files and folders that a document names in backticks and nobody has.

    NAME stands for what a reader chooses; a file without its folder may lie anywhere.
    """
    named = {*FILE.findall(text), *FOLDER.findall(text)} - MADE
    return sorted(
        name
        for name in named
        if "NAME" not in name
        and not any(any(ROOT.glob(f"{folder}{name.rstrip('/')}")) for folder in BELOW)
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_files_and_commands_exist(document: Path) -> None:
    text = text_of(document)
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (document.parent / target).exists(), target
    for module in set(re.findall(r"python -m ((?:train|benchmarks)\.\w+)", text)):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module
    assert lost(text) == []
    makefile = text_of(ROOT / "Makefile")
    for target in set(re.findall(r"(?:`|^)make (\w+)", text, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_document_is_linked_from_readme_and_short() -> None:
    readme = text_of(ROOT / "README.md")
    assert readme.count("\n") <= 120
    for document in ROOT.glob("docs/*.md"):
        assert f"(docs/{document.name})" in readme, document.name
        assert text_of(document).count("\n") <= 150, document.name
