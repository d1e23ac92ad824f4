"""Numbers as pages and figures write them: one format a kind, so that no two of them disagree."""


def probability(value: float) -> str:
    """What a network says, in [0, 1], with one digit; never rounded to a certainty."""
    written = f"{100 * float(value):.1f}"
    if written == "100.0":
        return "> 99.9 %"
    return "< 0.1 %" if written == "0.0" else f"{written} %"


def observed(value: float) -> str:
    """A share that was counted, in [0, 1]: 0 and 100 % only where it is none or all."""
    return f"{100 * float(value):.1f} %" if value in (0, 1) else probability(value)


def signed(number: float, digits: int) -> str:
    """A change with its sign: `-0.25` is "−0.25", and what rounds to nothing has none."""
    rounded = round(float(number), digits) or 0.0
    sign = "±" if rounded == 0 else "+" if rounded > 0 else "−"
    return f"{sign}{abs(rounded):.{digits}f}"


def difference(before: float, after: float, digits: int) -> str:
    """What stands beside two numbers that are shown with so many digits.

    It is the difference of the numbers as they are shown: 4.07 and 4.04 differ by −0.03, whatever
    follows their last digits.
    """
    return signed(round(float(after), digits) - round(float(before), digits), digits)


def short(value: float) -> str:
    """Three figures, with a true minus."""
    return f"{value:.3g}".replace("-", "−")
