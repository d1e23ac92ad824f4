"""What the app answers with: directories of weights that read texts. Never imports Keras."""

from pathlib import Path

from dlnlp.artifacts import ArtifactError, open_artifact
from dlnlp.inference.han import HanPredictor
from dlnlp.inference.kim_cnn import KimCnnPredictor

__all__ = ["HanPredictor", "KimCnnPredictor", "TextPredictor", "load_predictor"]

TextPredictor = HanPredictor | KimCnnPredictor

_PREDICTORS: dict[str, type[TextPredictor]] = {
    kind.model: kind for kind in (HanPredictor, KimCnnPredictor)
}


def load_predictor(directory: Path) -> TextPredictor:
    """Verify and open a directory of weights of either kind, by the ``model`` of its config.

    Args:
        directory: for example ``weights/kim_cnn``.

    Raises:
        ArtifactError: a file is missing, changed, or does not fit the others; or the network reads
            no texts.
    """
    opened = open_artifact(directory)
    model = opened.config.get("model")
    if not isinstance(model, str) or model not in _PREDICTORS:
        raise ArtifactError(
            f"{directory} holds a {model!r} where one of {sorted(_PREDICTORS)} is needed; "
            "choose a directory of weights of a network that reads texts."
        )
    return _PREDICTORS[model].from_opened(opened)
