"""A small recording, as a training writes it."""

from dlnlp.inference.recording import VERSION, Recording


def small_recording(*, han: bool = True) -> Recording:
    """A recording of one text, of two sentences, at three steps of a training."""
    text = "“The lamp\n is superb.” It <b>never</b> fails! 🎉"
    sentences = [["the", "lamp", "is", "superb"], ["it", "never", "fails"]]
    words = [word for sentence in sentences for word in sentence]
    spans: list[list[int]] = []
    at = 0
    for word in words:
        start = text.lower().index(word, at)
        at = start + len(word)
        spans.append([start, at])
    points = []
    for number, step in enumerate((0, 4, 20)):
        drift = 0.05 * number
        said = {
            "probabilities": [0.5 - drift, 0.5 + drift],
            "words": [[0.2, 0.2, 0.2, 0.4], [0.3 - drift, 0.3, 0.4 + drift]],
        }
        if han:
            said["sentences"] = [0.5 + drift, 0.5 - drift]
        else:
            said |= {"words": [[0.0, -0.1, 0.0, 0.4 * number], [0.0, -0.2, 0.1]], "target": 1}
            said["bias"] = 0.1
        points.append({"step": step, "epoch": number / 2, "loss": None, "texts": [said]})
    return {
        "version": VERSION,
        "class_names": ["negative", "positive"],
        "texts": [{"text": text, "sentences": sentences, "spans": spans}],
        "points": points,
        "about": "Invented numbers.",
    }
