"""Fewer and shorter full garbage collections: each stops every visitor for as long as it takes.

Python looks through all objects whenever enough were made. What a network and the modules hold
stays as long as the process, so full collections need not look at it, and they may come less often.
"""

import gc
from functools import cache

# Collections of the middle generation before a full one; 10 is Python's default. The garbage of
# sessions that have ended waits so long.
FULL_AFTER = 50


@cache
def freeze_heap(what: str) -> None:
    """Let full collections pass over all that lives now.

    Args:
        what: a name for it; a second call with the same name does nothing.
    """
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], FULL_AFTER)
