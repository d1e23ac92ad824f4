"""What a figure of shaded texts shows, whatever the format that it is written in."""

from dataclasses import dataclass
from typing import Literal

from dlnlp.explain.shading import Legend

Change = Literal["", "gone", "new"]
Hue = Literal["word", "sentence", "for", "against"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or the characters between two words.

    Attributes:
        text: As it stands in the text, on one line.
        shade: As of ``dlnlp.explain.shading``; None between words.
        number: The word's number, written under it where numbers are asked for.
        unknown: Whether the network read the unknown word in its place.
        change: Whether the other text of the figure lacks it: gone since, or new.
    """

    text: str
    shade: float | None = None
    number: str = ""
    unknown: bool = False
    change: Change = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence.

    Attributes:
        label: Its number.
        shade: As of a word.
        pieces: Its words and what stands between them, in order.
    """

    label: str
    shade: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One shaded text.

    Attributes:
        heading: What shades it.
        prediction: What the network says of the text.
        rows: Its sentences.
        words: What the shades of the words mean.
        sentences: What the shades of the sentences mean.
        note: What of the text is not drawn; empty where all of it is.
    """

    heading: str
    prediction: str
    rows: tuple[Row, ...]
    words: Legend
    sentences: Legend
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One shaded text, or two side by side.

    Attributes:
        panels: One or two.
        caption: What it shows: the network, its hash, the methods.
        numbers: Whether each word's number is written under it.
    """

    panels: tuple[Panel, ...]
    caption: str
    numbers: bool = False

    @property
    def has_unknown(self) -> bool:
        """Whether a word is drawn that is not in the network's vocabulary."""
        return any(piece.unknown for piece in self._pieces())

    @property
    def changes(self) -> frozenset[Change]:
        """The kinds of changed words that are drawn."""
        return frozenset(piece.change for piece in self._pieces()) - {""}

    def _pieces(self) -> list[Piece]:
        return [piece for panel in self.panels for row in panel.rows for piece in row.pieces]

    def legends(self) -> list[tuple[Legend, Hue]]:
        """What is explained under the figure, each scale once."""
        found: list[tuple[Legend, Hue]] = []
        for panel in self.panels:
            for legend, hue in ((panel.words, "word"), (panel.sentences, "sentence")):
                entry: tuple[Legend, Hue] = (legend, "word" if hue == "word" else "sentence")
                if entry not in found:
                    found.append(entry)
        return found

    def notes(self) -> list[str]:
        """What a reader must know besides the scales, as sentences."""
        told = []
        if self.has_unknown:
            told.append("Dotted: not in the vocabulary, read as the unknown word.")
        if "gone" in self.changes:
            told.append("Struck out: gone since.")
        if "new" in self.changes:
            told.append("In a frame: new.")
        told += [panel.note for panel in self.panels if panel.note]
        return list(dict.fromkeys(told))


def side(legend: Legend, shade: float, hue: Hue) -> Hue:
    """The hue of a shade: its own, or the side that a number with a sign is on."""
    if legend.kind != "diverging":
        return hue
    return "against" if shade < 0 else "for"
