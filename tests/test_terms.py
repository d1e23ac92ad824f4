"""Pages speak in the field's terms: words that were replaced do not come back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What a page must not say, and what it says instead.
TERMS = {
    r"\bverdict\b": "prediction",
    r"^Raw score$": "Attention logit",
    r"Leave out: ": "Leave-one-out (delete), Leave-one-out (mask)",
    r"Beside it": "Compare with",
    r"random weights": "randomised weights",
    r"[Ee]xact evidence": "exact contribution",
    r"[Ss]ize of gradient": "|gradient × input|",
    r"shading tell the truth": "Faithfulness",
    r"^Arguments$": "Top n-grams",
    r"[Ww]here the score starts": "Output bias",
    r"Score \(logit\)": "Logit",
    r"mixes up|How sure it is|withstands": "Confusion matrix, Calibration, Robustness",
    r"Usual stroke|Clean paper|turned over": "Normalise stroke width, Remove background, inverted",
    r"Unlike a digit": "Out-of-distribution score",
    r"white is \{?": "maximum activation",
    r"Wiping ink|Adding ink": "Occlusion, Input gradient",
    r"nearest digits|Shifted, turned, thicker": "Nearest neighbours, Invariance",
    r"^what it says$|how often it is so|as good as its word": "predicted probability, ...",
    r"[Tt]est cases it gets wrong": "test error",
    r"Find the bounds|^A real run$|^Race them$": "LR range test, Training log, Live race",
    r"Each cycle × longer|Final ÷ peak|Half cycle down": "T_mult, step_size_down, ...",
    r"one (text )?a row|steps an epoch": "one text per row, steps per epoch",
    r"^other word$|Link and files|^Read it$|Score a table": "Replace with …, Share and export, ...",
}


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Strings of a module that may reach a page, with their lines: all but docstrings."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                yield node.lineno, node.value


def faults(source: str) -> list[str]:
    return [
        f"line {line}: {found.group()!r} instead of {term!r}"
        for line, text in texts(source)
        for pattern, term in TERMS.items()
        if (found := re.search(pattern, text))
    ]


def test_pages_use_the_terms() -> None:
    paths = [*(ROOT / "pages").glob("*.py"), *(ROOT / "dlnlp" / "ui").rglob("*.py")]
    found = {str(path): faults(path.read_text(encoding="utf-8")) for path in sorted(paths)}
    assert len(found) > 100 and {path: told for path, told in found.items() if told} == {}
