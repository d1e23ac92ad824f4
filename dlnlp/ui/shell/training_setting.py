"""Whether visitors may train networks on this server: DLNLP_TRAINING is on, local or off."""

import logging
import os
from typing import Literal, cast, get_args

VARIABLE = "DLNLP_TRAINING"
Setting = Literal["on", "local", "off"]


def setting() -> Setting:
    """What the server was started with.

    ``on`` (the default): everybody may train; the network is theirs, and goes with them.
    ``local``: for one's own computer: a network can also be saved to ``$DLNLP_MODELS``, where
    everybody who uses this server finds it. ``off``: the page is hidden. Anything else is ``off``.
    """
    value = os.environ.get(VARIABLE, "on").strip().lower() or "on"
    if value not in get_args(Setting):
        logging.getLogger(__name__).warning("%s=%r is none of on, local, off", VARIABLE, value)
        return "off"
    return cast(Setting, value)
