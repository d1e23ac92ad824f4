"""What a server writes to its log: one configuration, for its own process and for the worker's.

The level is that of the environment variable ``DLNLP_LOG_LEVEL``: DEBUG, INFO, WARNING (the
default), ERROR or CRITICAL. Visitors see one sentence of an error; the traceback stands here.
"""

import logging
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")
LEVEL = "DLNLP_LOG_LEVEL"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DEFAULT = "WARNING"
_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


def configure() -> None:
    """Send the log of `dlnlp` to the standard error; a second call changes nothing."""
    logger = logging.getLogger("dlnlp")
    if any(isinstance(handler, _Handler) for handler in logger.handlers):
        return
    handler = _Handler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger.addHandler(handler)
    logger.propagate = False  # whatever Streamlit does with the root, nothing is written twice
    asked = os.environ.get(LEVEL, "").strip().upper() or DEFAULT
    logger.setLevel(asked if asked in LEVELS else DEFAULT)
    if asked not in LEVELS:
        logger.warning("%s=%r is none of %s; %s it is", LEVEL, asked, ", ".join(LEVELS), DEFAULT)


def logged(work: Callable[P, Result]) -> Callable[P, Result]:
    """The same work, for a thread whose errors only reach a page: they are logged, and raised."""

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            return work(*args, **kwargs)
        except Exception:
            logging.getLogger(work.__module__).exception("%s failed", work.__name__)
            raise

    return done


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """Ours: tells whether `configure` was called."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
