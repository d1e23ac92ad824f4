"""The one path from text to token ids: cleaning, sentences, words, vocabulary."""

from dlnlp.text.preprocessor import Preprocessor, Sentence

__all__ = ["Preprocessor", "Sentence"]
