"""What can stand beside the shading of a text: names for links and for the page."""

from collections.abc import Mapping
from typing import Any

from dlnlp.ui.text.method_text import MethodText

KEPT, RANDOM = "kept", "random"


def second_names(methods: Mapping[Any, MethodText]) -> dict[str, str]:
    """What can stand beside the shading: a kept version, randomised weights, another method."""
    return {
        KEPT: "A kept version of the text",
        RANDOM: "Same method, randomised weights",
        **{str(name): method.switch for name, method in methods.items()},
    }
