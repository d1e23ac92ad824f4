"""Numbers as logs write them: decimal commas, missing values, the text of a tensor."""

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_MISSING = {"", "na", "n/a", "#n/a", "none", "null", "-", "–", "—"}
_LONGEST = 200
_NUMBER = r"([-+−]?(?:\d+(?:[.,']\d+)*[.,]?|[.,]\d+)(?:e[-+−]?\d+)?|[-+−]?(?:nan|inf(?:inity)?)\b)"
_FORMS = tuple(
    re.compile(form.replace("NUMBER", _NUMBER), re.IGNORECASE)
    for form in (
        r"^\[*\s*NUMBER\s*\]*$",  # 2.3, [2.3]
        r"^[a-z_][\w.]*\(\s*\[*\s*NUMBER\s*\]*\s*(?:,.*)?\)$",  # tensor(2.3, device='cuda:0')
        r"^<.*\bnumpy=\[*NUMBER\]*.*>$",  # <tf.Tensor: shape=(), dtype=float32, numpy=2.3>
    )
)


class NotNumber(ValueError):
    """A cell that is no number.

    Attributes:
        index: of the cell.
        shown: its text, shortened.
    """

    def __init__(self, index: int, text: str) -> None:
        self.index, self.shown = index, text[:20]
        super().__init__(f"{self.shown!r} is no number")


def is_number(cell: str) -> bool:
    """Whether a cell is a number; what is missing is none."""
    text = _unwrapped(cell)
    return text is not None and _float(text, "," in text and "." not in text) is not None


def numbers(cells: Sequence[str]) -> NDArray[np.float64]:
    """The numbers of a column, float64 ``[n]``; NaN where one is missing.

    A comma is the decimal mark when no cell of the column has a point without a comma behind it.

    Raises:
        NotNumber: a cell is neither a number nor empty.
    """
    texts = [_unwrapped(cell) for cell in cells]
    commas = [text for text in texts if text and "," in text]
    comma = all(_comma_is_decimal(text) for text in commas) and not any(
        text and "." in text and "," not in text for text in texts
    )
    found = np.empty(len(cells))
    for index, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        value = math.nan if cell.strip().lower() in _MISSING else None
        if text is not None:
            value = _float(text, comma)
        if value is None:
            raise NotNumber(index, cell.strip())
        found[index] = value
    return found


def _comma_is_decimal(text: str) -> bool:
    return text.count(",") == 1 and text.rfind(".") < text.rfind(",")


def _unwrapped(cell: str) -> str | None:
    """The number's own text inside a cell; None when there is none."""
    text = cell.strip().strip("\"'").strip()
    if len(text) > _LONGEST:
        return None
    found = next(filter(None, (form.match(text) for form in _FORMS)), None)
    return found[1].replace("−", "-") if found else None


def _float(text: str, comma: bool) -> float | None:
    thousands, decimal = (".", ",") if comma else (",", ".")
    try:
        return float(text.replace(thousands, "").replace("'", "").replace(decimal, "."))
    except ValueError:
        return None
