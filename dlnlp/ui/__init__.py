"""What the pages draw with: navigation, cached loading, charts, highlighted text.

The only library code that knows Streamlit. It knows nothing of Keras, nor of any one page.
"""

import ctypes
import os
import sys
from contextlib import suppress

# The app answers many visitors, and its products of matrices are small: threads that share one wait
# for each other longer than they work. NumPy reads this when it is loaded, which is after this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Every run of a page is a thread. glibc gives threads pools of memory of their own, up to eight for
# each core, and each pool keeps what it once needed: threads share those that are there by now.
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
if sys.platform == "linux" and "MALLOC_ARENA_MAX" not in os.environ:
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)

import dlnlp.ui.plotly_internals  # noqa: E402, F401  # before Plotly is loaded
