"""Many texts or pictures at once: tables in, labels and probabilities out, in the same order."""
