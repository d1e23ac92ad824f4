"""A recorded training: a text shaded as at each step, prediction and attention as curves.

All points go to the browser at once, which moves along them without asking again. A training that
still runs is drawn with `live`, again and again with more points: whoever looks at the newest
point stays at the newest.
"""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from dlnlp.inference.recording import Point, Recording, WatchedText
from dlnlp.ui.shell.component import component


class WordData(TypedDict):
    """A word that is shaded."""

    word: str


class ReplayTextData(TypedDict):
    """A text: its name on a button, and for each sentence words and what stands between them."""

    label: str
    rows: list[list[WordData | str]]


class ReplayData(TypedDict):
    """Everything the component draws, as plain JSON."""

    class_names: list[str]
    texts: list[ReplayTextData]
    points: list[Point]
    about: str
    live: bool
    kept_step: NotRequired[int]


HTML = """
<div class="frame"><div class="replay hued">
  <div class="top">
    <div class="texts" role="group" aria-label="Text"></div>
    <div class="controls">
      <button class="play" type="button"></button>
      <input class="seek" type="range" min="0" value="0" aria-label="Step of the training">
      <output class="where"></output>
    </div>
  </div>
  <div class="reading-side">
    <div class="legend"></div>
    <div class="rows" role="group" 
      aria-label="The text as it is shaded at this step; choose a word to see its curve"></div>
  </div>
  <div class="charts"></div>
  <p class="about"></p>
</div></div>
"""

_mount = component(__file__, HTML)
_LABEL = 24  # characters of a text on its button
_CLASS_NAME = 32  # characters of a class, which has numbers behind it
_DIRECTIONS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))  # turn what follows
_MARKS = 20  # characters after the last word that are drawn


def text_rows(watched: WatchedText) -> list[list[WordData | str]]:
    """The words of each sentence, and the characters between them as they were written."""
    text, spans = watched["text"], watched["spans"]
    rows: list[list[WordData | str]] = []
    first = at = 0
    for sentence in watched["sentences"]:
        row: list[WordData | str] = []
        for start, end in spans[first : first + len(sentence)]:
            if start > at and row:
                row.append(text[at:start])
            elif rows and (mark := text[at:start].rstrip()):  # such as the full stop before
                rows[-1].append(mark)
            row.append(WordData(word=text[start:end]))
            at = end
        first += len(sentence)
        rows.append(row)
    if rows and (tail := text[at : at + _MARKS].split(maxsplit=1)) and not text[at].isspace():
        rows[-1].append(tail[0])
    return rows


def replay_data(
    recording: Recording, labels: Sequence[str] = (), *, live: bool = False
) -> ReplayData:
    """What the component is told.

    Args:
        recording: with at least one point and one text.
        labels: a name for each text; by default its first words.
        live: whether more points may come.
    """
    texts = recording["texts"]
    names = labels or [_first_words(each["text"]) for each in texts]
    data = ReplayData(
        class_names=[_class_name(name) for name in recording["class_names"]],
        texts=[
            ReplayTextData(label=name, rows=text_rows(each))
            for name, each in zip(names, texts, strict=True)
        ],
        points=recording["points"],
        about=recording.get("about", ""),
        live=live,
    )
    if "kept_step" in recording:
        data["kept_step"] = recording["kept_step"]
    return data


def _class_name(name: str) -> str:
    plain = name.translate(_DIRECTIONS)
    return plain if len(plain) <= _CLASS_NAME else f"{plain[:_CLASS_NAME].rstrip()}…"


def _first_words(text: str) -> str:
    line = " ".join(text[: 4 * _LABEL].split())
    return line if len(line) <= _LABEL else f"{line[:_LABEL].rstrip()}…"


def replay(
    recording: Recording, key: str, labels: Sequence[str] = (), *, live: bool = False
) -> None:
    """Draw a recording; nothing where it has no point or no text yet.

    Args:
        recording: so far.
        key: Streamlit key.
        labels: as of :func:`replay_data`.
        live: as of :func:`replay_data`.
    """
    if recording["points"] and recording["texts"]:
        _mount(key=key, data=replay_data(recording, labels, live=live))
