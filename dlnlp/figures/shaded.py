"""From attributions to the figure that shows them."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from dlnlp.cards import model_title
from dlnlp.explain.attribution import Attribution
from dlnlp.explain.shading import (
    Ends,
    common_scales,
    ends,
    legend,
    number,
    sentence_words,
    shades,
)
from dlnlp.figures.figure import Change, Figure, Panel, Piece, Row
from dlnlp.inference.text_result import TextResult
from dlnlp.number_format import probability

MAX_WORDS = 2_000
_LONGEST = 300  # characters of one word, or between two
_HASH_DIGITS = 12
_ROW_DIGITS = _WORD_DIGITS = 2


def prediction(reading: TextResult) -> str:
    """What the network says of a text, such as ``Prediction: 4 stars, 71.2 %``."""
    best = reading.predicted
    share = probability(float(reading.probabilities[best]))
    return f"Prediction: {reading.class_names[best]}, {share}"


def shaded_figure(
    attributions: Sequence[Attribution[TextResult]],
    model: str,
    card: Mapping[str, Any],
    *,
    headings: Sequence[str] = (),
    numbers: bool = False,
) -> Figure:
    """The figure of one attribution, or of two side by side.

    Two are shaded on one scale where both count in the same unit. Of two texts the first is the
    one before an edit, and the words that only one of them holds are marked.

    Args:
        attributions: One or two.
        model: Name of the network.
        card: Its card, which has its hash.
        headings: What stands above each; the methods' titles by default.
        numbers: Whether each word's number is written under it.

    Raises:
        ValueError: There are not one or two attributions.
    """
    if not 1 <= len(attributions) <= 2:
        raise ValueError(f"a figure shows 1 or 2 attributions, not {len(attributions)}")
    first, last = attributions[0], attributions[-1]
    scales = common_scales(first, last)
    edited = first.reading.text != last.reading.text
    kinds = _changes(first, last) if edited else ({}, {})
    titles = list(headings) or [
        each.method.title + (f" for {each.target_name}" if each.target_name else "")
        for each in attributions
    ]
    several = len(attributions) > 1 and scales is None
    panels = tuple(
        _panel(each, title, scales, marked, f" by {each.method.title.lower()}" * several)
        for each, title, marked in zip(attributions, titles, kinds, strict=False)
    )
    return Figure(panels, _caption(attributions, model, card, edited, scales is not None), numbers)


def _panel(
    attribution: Attribution[TextResult],
    heading: str,
    scales: tuple[Ends, Ends] | None,
    changes: Mapping[int, Change],
    whose: str,
) -> Panel:
    reading = attribution.reading
    word_scale, row_scale = scales or (
        ends(attribution, attribution.words),
        ends(attribution, attribution.sentences),
    )
    depths = shades(attribution, attribution.words, word_scale).tolist()
    row_depths = shades(attribution, attribution.sentences, row_scale).tolist()
    values, row_values = attribution.words.tolist(), attribution.sentences.tolist()
    offsets, known = reading.token_spans.tolist(), reading.token_known.tolist()
    read_to = len(reading.text) if reading.cut_from is None else reading.cut_from
    stops = [*attribution.sentence_spans[1:, 0].tolist(), read_to]
    rows: list[Row] = []
    at, drawn = 0, 0
    for index, (words, stop) in enumerate(zip(sentence_words(attribution), stops, strict=True)):
        if rows and words.stop > MAX_WORDS:
            break
        pieces = []
        for word in words:
            start, end = offsets[word]
            pieces.append(Piece(_line(reading.text[at:start])))
            pieces.append(
                Piece(
                    _line(reading.text[start:end]),
                    depths[word],
                    number(attribution, values[word], _WORD_DIGITS),
                    not known[word],
                    changes.get(word, ""),
                )
            )
            at = end
        pieces.append(Piece(_line(reading.text[at:stop])))
        at, drawn = stop, words.stop
        label = number(attribution, row_values[index], _ROW_DIGITS)
        shown = tuple(piece for piece in pieces if piece.text)
        rows.append(Row(label, row_depths[index], shown))
    return Panel(
        heading,
        prediction(reading),
        tuple(rows),
        legend("Word", f"Words{whose}", attribution, word_scale),
        legend(
            "Sentence",
            f"Sentences{_of_sentences(whose)}",
            attribution,
            row_scale,
        ),
        _not_drawn(reading, drawn),
    )


def _of_sentences(whose: str) -> str:
    """How the method is called that gives sentences their numbers, by what gives words theirs."""
    return whose.replace("by word × ", "by ").replace("by word", "by sentence")


def _not_drawn(reading: TextResult, drawn: int) -> str:
    told = []
    if drawn < len(reading.tokens):
        told.append(f"Drawn: the first {drawn:,} of {len(reading.tokens):,} words.")
    if reading.cut_from is not None and reading.text[reading.cut_from :].strip():
        told.append("The network did not read the end of the text, which is left out.")
    return " ".join(told)


def _line(text: str) -> str:
    """A stretch of text on one line; a break of lines is a space."""
    inner = " ".join(text.split())
    if not inner:
        return " " if text else ""
    if len(inner) > _LONGEST:
        inner = inner[:_LONGEST] + "…"
    return f"{' ' * text[0].isspace()}{inner}{' ' * text[-1].isspace()}"


def _changes(
    first: Attribution[TextResult], second: Attribution[TextResult]
) -> tuple[dict[int, Change], dict[int, Change]]:
    """The words that only one of two texts holds, by their index."""
    matcher = SequenceMatcher(
        None, first.reading.tokens[:MAX_WORDS], second.reading.tokens[:MAX_WORDS], autojunk=False
    )
    gone: dict[int, Change] = {}
    new: dict[int, Change] = {}
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "equal":
            gone.update(dict.fromkeys(range(start, end), "gone"))
            new.update(dict.fromkeys(range(other_start, other_end), "new"))
    return gone, new


def _caption(
    attributions: Sequence[Attribution[TextResult]],
    model: str,
    card: Mapping[str, Any],
    edited: bool,
    one_scale: bool,
) -> str:
    methods = {each.method.name: each.method for each in attributions}
    explained = "; ".join(
        f"{method.title}: {method.formula} ({method.source})" for method in methods.values()
    )
    what = "A text before and after an edit" if edited else "A text"
    targets = sorted({each.target_name for each in attributions} - {""})
    for_class = f" Class explained: {', '.join(targets)}." if targets else ""
    scale = ""
    if len(attributions) > 1:
        scale = " Both on one scale." if one_scale else " Each on a scale of its own."
    digest = str(card.get("card_sha256", ""))[:_HASH_DIGITS]
    network = f"{model_title(model)} ({model}" + (f", sha256 {digest}" if digest else "") + ")"
    return f"{what} as read by {network}.{for_class} {explained}.{scale}"
