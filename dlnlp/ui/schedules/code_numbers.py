"""Numbers in code that is copied, as people write them."""

import re

_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?:e[-+]?\d+)?")


def in_short_form(code: str) -> str:
    """Code with its decimal numbers in their shortest form: 0.15 for 0.15000000000000002.

    Twelve digits are kept, as many as a link to the page holds; the others are only what
    arithmetic (0.2 - 0.05) left over.
    """
    return _NUMBER.sub(lambda found: repr(float(f"{float(found[0]):.12g}")), code)
