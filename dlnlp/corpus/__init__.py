"""Prepared corpora on disk, and batches of their documents without padding."""

from dlnlp.corpus.corpus import FORMAT, Corpus, corpus_hash, write_info

__all__ = ["FORMAT", "Corpus", "corpus_hash", "write_info"]
