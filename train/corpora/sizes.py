"""Figures that the command line tells, free of what computes with them."""

VALIDATION_SHARE = {"reviews5": 0.04, "amazon_full": 0.01, "imdb": 0.10}
MAX_SIZE = 1 << 16  # of a vocabulary: token ids have 16 bits on disk
MOST_TOKENS = 200_000_000  # that word vectors are learned from
