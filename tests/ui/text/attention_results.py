"""Attention results made by hand, for tests of what draws them."""

import re
from collections.abc import Sequence

import numpy as np

from dlnlp.inference.attention_result import AttentionResult

STARS = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")


def softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max())
    return (weights / weights.sum()).astype(np.float32)


def make_result(
    text: str,
    *,
    unknown: Sequence[str] = (),
    sentences: int | None = None,
    class_names: tuple[str, ...] = STARS,
    seed: int = 0,
) -> AttentionResult:
    """Read a text: sentences end at full stops, words are runs of letters, scores are random."""
    rng = np.random.default_rng(seed)
    spans, token_spans, token_sentence = [], [], []
    for match in re.finditer(r"[^.]+\.?", text):
        words = list(re.finditer(r"\w+", match.group()))
        if not words:
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        token_spans += [(match.start() + w.start(), match.start() + w.end()) for w in words]
        token_sentence += [len(spans)] * len(words)
        spans.append((start, match.end()))
    cut_from = None
    if sentences is not None and sentences < len(spans):
        cut_from = spans[sentences][0]
        spans = spans[:sentences]
        kept = [index for index, sentence in enumerate(token_sentence) if sentence < sentences]
        token_spans, token_sentence = token_spans[: len(kept)], token_sentence[: len(kept)]
    tokens = tuple(text[start:end].lower() for start, end in token_spans)
    belongs = np.array(token_sentence, dtype=np.int64)
    word_scores = rng.normal(size=len(tokens)).astype(np.float32)
    sentence_scores = rng.normal(size=len(spans)).astype(np.float32)
    attention = np.zeros(len(tokens), dtype=np.float32)
    for sentence in range(len(spans)):
        attention[belongs == sentence] = softmax(word_scores[belongs == sentence])
    logits = rng.normal(size=len(class_names)).astype(np.float32)
    return AttentionResult(
        text=text,
        class_names=class_names,
        logits=logits,
        sentence_spans=np.array(spans, dtype=np.int64).reshape(-1, 2),
        sentence_attention=softmax(sentence_scores),
        sentence_scores=sentence_scores,
        token_spans=np.array(token_spans, dtype=np.int64).reshape(-1, 2),
        tokens=tokens,
        token_sentence=belongs,
        token_known=np.array([token not in unknown for token in tokens], dtype=bool),
        token_ids=np.arange(2, 2 + len(tokens), dtype=np.int32),
        word_attention=attention,
        word_scores=word_scores,
        document_vector=np.zeros(8, dtype=np.float32),
        cut_from=cut_from,
    )
