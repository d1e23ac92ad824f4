"""What ``dlnlp explain --target`` names: a class, the upper classes, or the predicted one."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the networks' side is imported when a network is needed
    from dlnlp.inference import TextPredictor

PREDICTED = "predicted"


def target_index(name: str, predictor: "TextPredictor") -> int | None:
    """What ``--target`` names.

    The index of a class; C, the number of classes, for the upper against the lower classes; None
    for the predicted class.

    Args:
        name: as it was written; upper and lower case are the same.
        predictor: the network with the classes.

    Raises:
        ValueError: there is no such class; says which there are.
    """
    from dlnlp.explain.targets import UPPER

    if name == PREDICTED:
        return None
    known = [*predictor.class_names, *[UPPER] * predictor.ordered]
    asked = name.strip().casefold()
    for place, each in enumerate(known):
        if each.casefold() == asked:
            return place
    raise ValueError(f"--target {name[:40]!r} is no class: choose of {', '.join(known)}.")
