"""README says what the cards say, and names only what exists."""

import re
from pathlib import Path

from benchmarks.results import faithfulness_table, results_table

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_results_are_those_of_the_cards() -> None:
    assert results_table(ROOT / "weights") in README
    assert faithfulness_table(ROOT / "weights") in README


def test_named_files_and_commands_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
    for module in set(re.findall(r"python -m ((?:train|benchmarks)\.\w+)", README)):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:`|^)make (\w+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
