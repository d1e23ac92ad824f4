"""Memory in pages of 2 MB instead of 4 kB, for commands whose steps take much fresh memory.

A training step on a processor asks for some 200 MB of fresh buffers and gives them back; the kernel
clears and maps each page anew. What it saves is in ``benchmarks/README.md``; results are the same.
"""

import os
import sys

TUNABLE = "glibc.malloc.hugetlb=1"  # glibc 2.35 and newer; ignored elsewhere


def restart_with_huge_pages() -> None:
    """Start the running command anew, in the same process, where that gives it huge pages.

    glibc reads its tunables when a process starts. Nothing happens but on Linux, or where
    ``GLIBC_TUNABLES`` is set, to whatever.
    """
    if sys.platform != "linux" or "GLIBC_TUNABLES" in os.environ:
        return
    os.environ["GLIBC_TUNABLES"] = TUNABLE
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
