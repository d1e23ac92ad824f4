"""The recording that a training command puts beside the network that it saves."""

from pathlib import Path

from dlnlp.artifacts import amend_artifact, open_artifact
from dlnlp.corpus import Corpus
from dlnlp.examples.texts import WATCHED
from dlnlp.inference.recording import recording_files
from train.texts.recording import POINTS, Recorder

ABOUT = "Recorded while this very network was trained, before its probabilities were calibrated."


def watching(
    corpus: Corpus, model: str, *, phases: int = 1, max_tokens: int | None = None
) -> Recorder:
    """A recorder of the texts that are watched for a shipped network; none for others.

    Args:
        corpus: that the network is trained on.
        model: name of the network.
        phases: trainings that follow each other; they share the points.
        max_tokens: as of :class:`Recorder`.
    """
    texts = [example.text for example in WATCHED.get(model, ())]
    return Recorder(corpus, texts, max_tokens=max_tokens, count=POINTS // phases)


def add_recording(recorder: Recorder, directory: Path) -> None:
    """Put what was recorded into a directory of weights; nothing where nothing was.

    Args:
        recorder: that looked on.
        directory: of the network that it looked at.
    """
    if files := recording_files({**recorder.recording, "about": ABOUT}):
        amend_artifact(open_artifact(directory), {}, files)
