"""LaTeX: no character of a text is a command, and what compiles keeps its words."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.figures.latex import escaped, latex
from dlnlp.figures.layout import clean
from dlnlp.figures.shaded import shaded_figure
from tests.figures.figures import CARD, LATIN, OTHERS, compiled, hostile_figure, words_of_pdf
from tests.ui.text.attributions import make_attribution

# Every command that may stand in an escaped text, and the character that it sets.
SET = {
    r"\textbackslash{}": "\\", r"\{": "{", r"\}": "}", r"\$": "$", r"\&": "&", r"\#": "#",
    r"{\ttfamily\char95}": "_", r"\%": "%", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
    r"\ensuremath{<}": "<", r"\ensuremath{>}": ">", r"\ensuremath{|}": "|",
    r"{\ttfamily\char34}": '"', "-{}": "-", "'{}": "'", "`{}": "`", ",{}": ",",
    r"\ensuremath{-}": "\u2212",
}  # fmt: skip
RUN = re.compile(r"(?:\\DLchar\{.\}\{\w+\}\{\w+\})+", re.S)
CHARACTER = re.compile(r"\\DLchar\{(.)\}\{[0-9A-F]+\}\{([0-9A-F]+)\}", re.S)
TOKEN = re.compile("|".join(sorted(map(re.escape, SET), key=len, reverse=True)))


def set_text(source: str) -> str:
    """What LaTeX sets of an escaped text; raises AssertionError for anything that is no text."""
    out, at = [], 0
    while at < len(source):
        if source.startswith(r"\DLturned{", at):
            start = at + len(r"\DLturned{")
            first = RUN.match(source, start)
            assert first and source[first.end() : first.end() + 2] == "}{"
            second = RUN.match(source, first.end() + 2)
            assert second and source[second.end()] == "}"
            characters = [found[1] for found in CHARACTER.finditer(first[0])]
            assert [found[1] for found in CHARACTER.finditer(second[0])] == characters[::-1]
            out += characters
            at = second.end() + 1
        elif found := CHARACTER.match(source, at):
            assert bytes.fromhex(found[2]).decode("utf-16-be") == found[1]
            out.append(found[1])
            at = found.end()
        elif known := TOKEN.match(source, at):
            out.append(SET[known[0]])
            at = known.end()
        else:
            assert source[at] == " " or (source[at].isascii() and source[at] not in "\\{}$&#_%~^")
            out.append(source[at])
            at += 1
    return "".join(out)


@given(st.text() | st.text("\\{}$&#_%~^<>|\"'`-,− aש"))
def test_an_escaped_text_is_set_as_it_stands(text: str) -> None:
    assert "".join(set_text(escaped(text)).split()) == "".join(clean(text).split())


@pytest.mark.parametrize("numbers", [False, True])
def test_a_hostile_text_compiles_and_keeps_its_words(tmp_path: Path, numbers: bool) -> None:
    found = words_of_pdf(compiled(latex(hostile_figure(numbers)), tmp_path))
    joined = found.replace("\n", "")
    for word in [*LATIN, *OTHERS, "😀", "👍", "$", "_"]:
        assert all(part in joined for part in word), word
        if word in LATIN or word in ("中文", "שלום", "مرحبا"):
            assert word in joined, word


def test_two_methods_and_an_edit_compile(tmp_path: Path) -> None:
    first, second = make_attribution("A good film. Yes."), make_attribution("A bad film. No. No.")
    for name, pair in (("methods", [first, make_attribution(first.reading.text, "within")]),
                       ("edit", [first, second])):  # fmt: skip
        folder = tmp_path / name
        folder.mkdir()
        source = latex(shaded_figure(pair, "m", CARD, numbers=True))
        assert source.count("\\DLpair{%") >= 3
        assert "film" in words_of_pdf(compiled(source, folder))
