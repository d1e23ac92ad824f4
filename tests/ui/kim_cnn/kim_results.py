"""A tiny Kim CNN and what it read, for tests of what draws it."""

import tempfile
from functools import cache
from pathlib import Path

from dlnlp.explain.evidence import evidence
from dlnlp.inference import KimCnnPredictor
from dlnlp.ui.kim_cnn.explaining import Explained, target_of
from tests.tiny_kim_cnn import write_tiny_kim_cnn

TEXT = "  The  film is VERY good!\n\nBut the <b>price</b>, alas. It stopped.  Great zither.  "


@cache
def tiny_predictor() -> KimCnnPredictor:
    """An untrained network of 18 filters that reads 60 words."""
    with tempfile.TemporaryDirectory() as folder:
        write_tiny_kim_cnn(Path(folder) / "kim_cnn")
        return KimCnnPredictor.load(Path(folder) / "kim_cnn")


def make_explained(text: str = TEXT) -> Explained:
    """Read a text and take the answer apart, without any cache."""
    predictor = tiny_predictor()
    result = predictor.predict(text)
    return Explained(
        result,
        evidence(result, predictor.runtime.network, target_of(result)),
        predictor.place_before(result.token_ids),
    )
