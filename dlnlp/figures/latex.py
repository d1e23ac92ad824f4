"""A figure as LaTeX: a document that pdfLaTeX, LuaLaTeX and XeLaTeX compile, to copy from.

pdfLaTeX knows few scripts. A character that it lacks is drawn as its code point, and the PDF still
says which character it is, so that it can be searched and copied. LuaLaTeX and XeLaTeX draw what
their font has.
"""

import re
from collections.abc import Iterator

from dlnlp.explain.shading import Legend
from dlnlp.figures.colours import HUES, Colour, tint
from dlnlp.figures.directions import direction
from dlnlp.figures.figure import Figure, Hue, Panel, Piece, Row, side
from dlnlp.figures.layout import FAINTEST, clean, in_words

_CHUNK = 24  # characters of a word between two of which no line may break
_STEPS = 9
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"{\ttfamily\char95}",  # \_ is a rule, which nobody can search or copy
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\ensuremath{<}",
    ">": r"\ensuremath{>}",
    "|": r"\ensuremath{|}",
    '"': r"{\ttfamily\char34}",
    # Two of them would be one dash, or another quotation mark.
    "-": "-{}",
    "'": "'{}",
    "`": "`{}",
    ",": ",{}",
    "\u2212": r"\ensuremath{-}",
}
# What LaTeX can set by itself, and the rest.
_RUN = re.compile(r"[\x20-\x7e\u2212]+|[^\x20-\x7e\u2212]+")

_FONTS = r"""
\ifdefined\Umathcode
  \usepackage{fontspec}
  \IfFontExistsTF{DejaVu Sans}{%
    \setmainfont{DejaVu Sans}
    \ifdefined\directlua
      \newfontfamily\DLfont{DejaVu Sans}[Renderer=HarfBuzz,Script=Arabic]% joins its letters
    \fi}{}
  \providecommand\DLfont{}
\else
  \usepackage[utf8]{inputenc}
\fi
"""
_CHARACTERS = r"""
% What pdfTeX may lack: a character, its code point, and itself in UTF-16.
\ifdefined\Umathcode
  \DeclareRobustCommand\DLchar[3]{#1}
  \DeclareRobustCommand\DLturned[2]{#1}
  \ifdefined\directlua
    \DeclareRobustCommand\DLleft[1]{{\DLfont\textdirection=1 #1}}
    \DeclareRobustCommand\DLright[1]{{\textdirection=0 #1}}
  \else
    \DeclareRobustCommand\DLleft[1]{#1}% XeTeX turns each word by itself
    \DeclareRobustCommand\DLright[1]{#1}
  \fi
\else
  \DeclareRobustCommand\DLchar[3]{\leavevmode\pdfliteral page{/Span<</ActualText<FEFF#3>>>BDC}%
    \ifcsname u8:\detokenize{#1}\endcsname#1\else{\fboxsep.5pt\fbox{\tiny#2}}\fi
    \pdfliteral page{EMC}}
  \DeclareRobustCommand\DLturned[2]{#2}
  \DeclareRobustCommand\DLleft[1]{#1}
  \DeclareRobustCommand\DLright[1]{#1}
\fi
"""
_WORDS = r"""
\usepackage{color}
%COLOURS%
% A word: colour behind it, marks on it, its number, the word.
\newcommand\DLword[4]{{\leavevmode\fboxsep.8pt
  \setbox0\hbox{\colorbox[rgb]{#1}{\strut#4}}%
  \setbox0\hbox{\copy0\kern-\wd0 #2\kern\wd0}%
  \def\DLnumber{#3}\ifx\DLnumber\empty\box0\else
    \vtop{\offinterlineskip\halign{\hfil##\hfil\cr\box0\cr\noalign{\kern1.5pt}\tiny\kern.2em\DLright{#3}\kern.2em\cr}}\fi}}
\newcommand\DLrule[2]{\rlap{\raise#1\hbox{\color{#2}\vrule width\wd0 height.9pt depth0pt}}}
\newcommand\DLfor{\DLrule{-\dp0}{DLfor}}
\newcommand\DLagainst{\dimen0=\ht0 \advance\dimen0-.9pt \DLrule{\dimen0}{DLagainst}}
\newcommand\DLunknown{\rlap{\raise-.7ex\hbox to\wd0{\tiny\dotfill}}}
\newcommand\DLgone{\DLrule{.5ex}{black}}
\newcommand\DLnew{\rlap{\fboxsep0pt\fboxrule.5pt\kern-.5pt\fbox{\vrule width0pt height\ht0 depth\dp0
  \kern\wd0}}}
% A sentence: its number, its words.
\newcommand\DLrow[2]{\par\noindent\hangindent4.6em\hangafter1\hbox to4.6em{#1\hfil}#2\par\smallskip}
% A scale: its colours, and what they say.
\newcommand\DLscale[2]{\par\setbox1\hbox{#1\enspace}%
  \noindent\hangindent\wd1\hangafter1\box1 #2\par\smallskip}
\newcommand\DLlabel[3]{\DLword{#1}{#2}{}{\hbox to3.6em{\hfil\small#3}}}
% Beside each other; both may be long, as pairs of sentences part at the ends of pages.
\newcommand\DLpair[2]{\par\noindent\begin{minipage}[t]{.48\linewidth}\raggedright#1\end{minipage}%
  \hfill\begin{minipage}[t]{.48\linewidth}\raggedright#2\end{minipage}\par}
"""
_START = r"""
% Compiles with pdflatex, lualatex and xelatex; only lualatex orders the words of sentences that
% are read from right to left. In a paper, copy the lines between the two
% marks into its preamble, and what stands in the document into a figure or the text.
\documentclass[a4paper]{article}
% --- preamble: from here
"""
_END = r"""
% --- preamble: to here
\begin{document}
"""
_PICTURE = r"""
\begin{figure}[htbp]
  \centering
  \includegraphics[width=\linewidth,height=.8\textheight,keepaspectratio]{%NAME%.pdf}
  \caption{%CAPTION%}
  \label{fig:%NAME%}
\end{figure}
\end{document}
"""


def latex(figure: Figure) -> str:
    """A figure as a LaTeX document, in UTF-8."""
    colours = "\n".join(
        rf"\definecolor{{DL{name}}}{{rgb}}{{{_rgb(HUES[name])}}}" for name in ("for", "against")
    )
    words = _WORDS.replace("%COLOURS%", colours)
    lines = [_opening(words), r"\raggedright\sloppy"]
    rows = [list(_panel(panel, figure.numbers)) for panel in figure.panels]
    if len(rows) == 1:
        lines += rows[0]
    else:
        longest = max(map(len, rows))
        left, right = (each + [""] * (longest - len(each)) for each in rows)
        lines += [f"\\DLpair{{%\n{one}}}{{%\n{two}}}" for one, two in zip(left, right, strict=True)]
    lines.append("\\par\\bigskip\\small")
    lines += [_legend(legend, hue) for legend, hue in figure.legends()]
    lines += [f"\\par {escaped(sentence)}" for sentence in [*figure.notes(), figure.caption]]
    return "\n".join([*lines, "\\end{document}", ""])


def picture_latex(name: str, caption: str) -> str:
    """A picture that lies beside it as a figure of a LaTeX document, in UTF-8.

    Args:
        name: Of the PDF, without its ending: letters, digits, ``_`` and ``-``.
        caption: What stands below it.
    """
    picture = _PICTURE.replace("%NAME%", name).replace("%CAPTION%", escaped(caption))
    return _opening("\n\\usepackage{graphicx}\n") + picture.lstrip()


def _opening(needed: str) -> str:
    """All before what a document shows; `needed` belongs to its preamble."""
    parts = (_START, _FONTS, needed, _CHARACTERS, _END)
    return "".join(part.lstrip("\n") for part in parts)


def escaped(text: str) -> str:
    """A text that LaTeX sets as it stands: no character of it is a command.

    Args:
        text: Any text; what no file may hold becomes U+FFFD, and breaks of lines become spaces.
    """
    parts = []
    for run in _RUN.findall(clean(text)):
        if run[0] == "\u2212" or " " <= run[0] <= "~":
            parts.append("".join(_ESCAPES.get(character, character) for character in run))
        elif run.isspace():
            parts.append(" ")
        else:
            shown = [_character(each) for each in run]
            plain, turned = "".join(shown), "".join(reversed(shown))
            # pdfTeX knows no direction: what is read from right to left is laid down so.
            from_right = direction(run) == "R"
            parts.append(f"\\DLturned{{{plain}}}{{{turned}}}" if from_right else plain)
    return "".join(parts)


def _character(character: str) -> str:
    units = character.encode("utf-16-be").hex().upper()
    return f"\\DLchar{{{character}}}{{{ord(character):04X}}}{{{units}}}"


def _panel(panel: Panel, numbers: bool) -> Iterator[str]:
    heading, prediction = escaped(panel.heading), escaped(panel.prediction)
    yield f"\\par{{\\large {heading}}}\\\\{{\\small {prediction}}}\n\\par\\smallskip"
    for row in panel.rows:
        yield _row(row, panel, numbers)


def _row(row: Row, panel: Panel, numbers: bool) -> str:
    base = direction("".join(piece.text for piece in row.pieces)) or "L"
    colour, marks = _shade(row.shade, panel.sentences, "sentence")
    label = f"\\DLlabel{{{colour}}}{{{marks}}}{{{escaped(row.label)}}}"
    # A space at the start of a line would be lost.
    words = "".join(_piece(piece, panel, numbers, base) for piece in row.pieces).strip()
    if base == "R":
        words = f"\\DLleft{{{words}}}"
    return f"\\DLrow{{{label}}}{{%\n{words}}}"


def _piece(piece: Piece, panel: Panel, numbers: bool, base: str) -> str:
    turn = {"L": "\\DLright", "R": "\\DLleft"}
    own = direction(piece.text) or ("L" if any(map(str.isdigit, piece.text)) else base)

    def told(text: str) -> str:
        return f"{turn[own]}{{{escaped(text)}}}" if own != base else escaped(text)

    if piece.shade is None:
        return told(piece.text)
    colour, marks = _shade(piece.shade, panel.words, "word")
    marks += "\\DLunknown" * piece.unknown
    marks += {"gone": "\\DLgone", "new": "\\DLnew", "": ""}[piece.change]
    parts = [piece.text[at : at + _CHUNK] for at in range(0, len(piece.text), _CHUNK)]
    number = escaped(piece.number) if numbers else ""
    return "\\allowbreak ".join(
        f"\\DLword{{{colour}}}{{{marks}}}{{{'' if index else number}}}{{{told(part)}}}"
        for index, part in enumerate(parts)
    )


def _legend(legend: Legend, hue: Hue) -> str:
    first = -1.0 if legend.kind == "diverging" else 0.0
    cells = []
    for index in range(_STEPS):
        colour, marks = _shade(first + (1 - first) * index / (_STEPS - 1), legend, hue)
        cells.append(f"\\DLword{{{colour}}}{{{marks}}}{{}}{{\\kern.7em}}")
    return f"\\DLscale{{{''.join(cells)}}}{{{escaped(in_words(legend))}}}"


def _shade(shade: float, legend: Legend, hue: Hue) -> tuple[str, str]:
    """The colour of a shade, and the mark of its sign."""
    shown = side(legend, shade, hue)
    signed = legend.kind == "diverging" and abs(shade) >= FAINTEST
    return _rgb(tint(shown, shade)), f"\\DL{shown}" if signed else ""


def _rgb(colour: Colour) -> str:
    return ",".join(f"{value / 255:.3f}" for value in colour)
