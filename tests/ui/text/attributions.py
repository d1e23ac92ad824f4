"""Attributions made by hand, for tests of what draws and exports them."""

import numpy as np

from dlnlp.explain.attribution import METHODS, Additive, Attribution
from dlnlp.explain.text_attribution import attention
from dlnlp.inference.text_result import TextResult
from tests.ui.text.attention_results import make_result


def make_attribution(
    text: str = "Good film. It is bad <b>.",
    method: str = "gradient_x_input",
    words: list[float] | None = None,
    sentences: list[float] | None = None,
    target: int | None = 4,
    additive: Additive | None = None,
    **options: object,
) -> Attribution[TextResult]:
    """Random numbers for the words and sentences of a text, unless they are given."""
    result = make_result(text, **options)  # type: ignore[arg-type]
    if METHODS[method].scale in ("share", "score"):
        return attention(result, method)  # type: ignore[arg-type]
    rng = np.random.default_rng(0)
    n, s = len(result.tokens), len(result.sentence_spans)
    return Attribution(
        METHODS[method],
        result,
        result.token_sentence,
        result.sentence_spans,
        np.array(rng.normal(size=n) if words is None else words, np.float32),
        np.array(rng.normal(size=s) if sentences is None else sentences, np.float32),
        target,
        additive,
    )


def assert_contract(attribution: Attribution[TextResult]) -> None:
    """What holds for every attribution, of every method and network."""
    reading = attribution.reading
    n, s = len(reading.tokens), len(attribution.sentence_spans)
    assert attribution.words.shape == (n,) and attribution.words.dtype == np.float32
    assert attribution.sentences.shape == (s,) and attribution.sentences.dtype == np.float32
    assert np.isfinite(attribution.words).all() and np.isfinite(attribution.sentences).all()
    assert attribution.token_sentence.shape == (n,)
    assert attribution.token_sentence.tolist() == sorted(attribution.token_sentence.tolist())
    assert set(attribution.token_sentence.tolist()) == set(range(s))
    if attribution.method.signed:
        assert attribution.target is not None and attribution.target_name
    elif attribution.method.scale != "score":
        assert (attribution.words >= 0).all()
    if attribution.method.name == "product":
        assert attribution.words.sum() == np.float32(1) or abs(attribution.words.sum() - 1) < 1e-5
