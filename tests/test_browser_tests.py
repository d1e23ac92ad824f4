"""Browser tests wait for what they assert: a page that is read once is read too early one day."""

import ast
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "e2e"
INSTEAD = "use expect(...) or eventually(...) of tests/e2e/waiting.py"

# What of Playwright's pages and locators reads without waiting for a state.
READS = {
    *("all", "all_inner_texts", "all_text_contents", "bounding_box", "content", "count"),
    *("evaluate", "evaluate_all", "get_attribute", "inner_html", "inner_text", "input_value"),
    *("is_checked", "is_disabled", "is_editable", "is_enabled", "is_hidden", "is_visible"),
    *("text_content", "title"),
}
FIXED_WAITS = {"wait_for_timeout", "sleep"}
UNCHANGING = {"app", "request", "HAN", "KIM"}  # whose `url` is no page's address
WAITING = {"eventually", "box_at_rest"}  # what these return was waited for


def _called(node: ast.AST) -> str:
    """The name of what a node calls, without what stands before the last dot; "" for no call."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def _reads(node: ast.AST, readers: set[str], names: set[str]) -> bool:
    """Whether an expression holds what was read from a page without waiting."""
    if _called(node) in WAITING:
        return False
    if _called(node) in readers:
        return True
    if isinstance(node, ast.Attribute) and node.attr == "url":
        return getattr(node.value, "id", "") not in UNCHANGING
    if isinstance(node, ast.Name) and node.id in names:
        return True
    return any(_reads(child, readers, names) for child in ast.iter_child_nodes(node))


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _readers(trees: list[ast.Module]) -> set[str]:
    """What reads a page: of Playwright, and the functions here that return what they read."""
    readers = set(READS)
    for _ in range(3):  # functions that call functions
        for tree in trees:
            for function in _functions(tree):
                returned = [
                    node.value
                    for node in ast.walk(function)
                    if isinstance(node, ast.Return) and node.value is not None
                ]
                names = _names_read(function, readers)
                if any(_reads(value, readers, names) for value in returned):
                    readers.add(function.name)
    return readers - WAITING


def _names_read(function: ast.FunctionDef, readers: set[str]) -> set[str]:
    """The variables of a function that hold what it read."""
    names: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _reads(node.value, readers, names):
            for target in node.targets:
                names |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
    return names


def faults(sources: dict[str, str]) -> list[str]:
    """Where browser tests read once what they should wait for, a line a place.

    Args:
        sources: program text by the file's name.
    """
    trees = {name: ast.parse(source) for name, source in sources.items()}
    readers = _readers(list(trees.values()))
    found = set()  # a function inside a function is met twice
    for name, tree in trees.items():
        for function in _functions(tree):
            names = _names_read(function, readers)
            for node in ast.walk(function):
                if _called(node) in FIXED_WAITS and name != "waiting.py":
                    found.add(f"{name}:{node.lineno}: waits for a fixed time; {INSTEAD}")
                if isinstance(node, ast.Assert | ast.If | ast.IfExp | ast.While) and _reads(
                    node.test, readers, names
                ):
                    found.add(f"{name}:{node.lineno}: decides on what was read once; {INSTEAD}")
    return sorted(found)


def test_browser_tests_wait_for_what_they_assert() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py")}
    assert len(sources) > 8
    assert faults(sources) == []
