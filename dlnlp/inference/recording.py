"""What a network said of a few texts while it learned: written by training, shown by the pages.

A recording is a JSON object; ``during_training.json`` in a directory of weights holds one.
"""

import json
from pathlib import Path
from typing import Any, NotRequired, TypedDict

FILE = "during_training.json"
VERSION = 1


class WatchedText(TypedDict):
    """A text that is asked about again and again.

    Attributes:
        text: as it was given.
        sentences: the tokens that the network reads, sentence by sentence.
        spans: first character and character after the last of each token in the text, of all
            sentences end to end.
    """

    text: str
    sentences: list[list[str]]
    spans: list[list[int]]


class TextPoint(TypedDict):
    """What the network says of one text after some steps.

    Attributes:
        probabilities: of each class.
        words: for each sentence a number for each token: in a HAN the word attention, which adds
            up to 1 in a sentence; in a Kim CNN the exact contribution to the target's logit.
        sentences: sentence attention, which adds up to 1; of a HAN only.
        target: index of the class that the contributions speak for: of two classes the second, of
            more the predicted one; of a Kim CNN only.
        bias: what the contributions lack of the target's logit; of a Kim CNN only.
    """

    probabilities: list[float]
    words: list[list[float]]
    sentences: NotRequired[list[float]]
    target: NotRequired[int]
    bias: NotRequired[float]


class Point(TypedDict):
    """What the network says after some steps.

    Attributes:
        step: optimizer steps made, 0 for the random start.
        epoch: passes over the training texts made.
        loss: mean loss of the batches since the point before; None where there was none.
        texts: one entry for each text.
    """

    step: int
    epoch: float
    loss: float | None
    texts: list[TextPoint]


class Recording(TypedDict):
    """The texts and all points.

    Attributes:
        version: of this format.
        class_names: in the order of the probabilities.
        texts: what is watched.
        points: in the order of their steps.
        kept_step: where the network that was kept stands, if not at the last step.
        about: how the recorded network was trained, in a sentence or two.
    """

    version: int
    class_names: list[str]
    texts: list[WatchedText]
    points: list[Point]
    kept_step: NotRequired[int]
    about: NotRequired[str]


def recording_files(recording: Recording) -> dict[str, bytes]:
    """The file for a directory of weights, by its name; none where nothing was recorded."""
    if not recording["texts"] or len(recording["points"]) < 2:
        return {}
    text = json.dumps(recording, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return {FILE: text.encode()}


def load_recording(path: Path) -> Recording | None:
    """Read a recording; None where there is none, or none that this version understands."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return content if _whole(content) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _whole(content: Any) -> bool:
    """Whether all parts are there, and as long as each other."""
    texts, classes = content["texts"], content["class_names"]
    sizes = [[len(sentence) for sentence in each["sentences"]] for each in texts]
    return (
        content["version"] == VERSION
        and len(texts) > 0
        and len(content["points"]) > 1
        and all(isinstance(each["text"], str) for each in texts)
        and all(
            sum(size) == len(each["spans"]) > 0 for size, each in zip(sizes, texts, strict=True)
        )
        and all(
            len(said["probabilities"]) == len(classes)
            and [len(sentence) for sentence in said["words"]] == size
            and len(said.get("sentences", size)) == len(size)
            for point in content["points"]
            for said, size in zip(point["texts"], sizes, strict=True)
        )
    )
