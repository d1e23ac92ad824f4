"""Numbers as the pages write them: the formats that figures have, too."""

from dlnlp.number_format import difference, observed, probability, short, signed

__all__ = ["difference", "observed", "probability", "short", "signed"]
