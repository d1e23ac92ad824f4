"""Many texts or pictures at once: tables in, labels and probabilities out, in the same order."""

EXPLANATION_ENDINGS = (".jsonl", ".jsonl.gz", ".parquet")
"""What the names of files with explanations end in."""
