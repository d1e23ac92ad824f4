"""Numbers in words and short forms, for the pages of digits."""


def percent(share: float) -> str:
    """A probability for people: never 0 % or 100 % where it is not."""
    value = 100 * share
    if 0 < value < 0.1:
        return "< 0.1 %"
    if 99.9 < value < 100:
        return "> 99.9 %"
    return f"{value:.1f} %"


def short(value: float) -> str:
    """Three figures, with a true minus."""
    return f"{value:.3g}".replace("-", "−")
