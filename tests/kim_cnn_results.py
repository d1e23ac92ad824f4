"""Results of small random Kim CNNs, for tests of the explanations."""

import numpy as np

from dlnlp.inference.kim_cnn_runtime import KimCnnRuntime
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.models.kim_cnn_onnx import build_kim_cnn_onnx
from tests.reference_kim_cnn import random_kim_cnn_weights

VOCABULARY = 20


def random_runtime(
    seed=0, *, widths=(2, 3, 4), filters=3, embedding_dim=5, classes=2, bias=0.0, scale=0.7
) -> KimCnnRuntime:
    """An untrained network over a vocabulary of 20; row 0 of the embeddings is zero."""
    weights = random_kim_cnn_weights(
        seed,
        widths=widths,
        filters=filters,
        embedding_dim=embedding_dim,
        classes=classes,
        bias=bias,
        scale=scale,
    )
    embeddings = np.random.default_rng(seed).standard_normal((VOCABULARY, embedding_dim))
    embeddings[0] = 0
    network = build_kim_cnn_onnx(weights, widths).SerializeToString()
    return KimCnnRuntime(embeddings.astype(np.float16), network)


def result_of(runtime: KimCnnRuntime, token_ids) -> SentimentResult:
    """What the network answers to token ids, on the text ``w5 w7 w1``."""
    token_ids = np.asarray(token_ids, np.int32)
    tokens = tuple(f"w{token}" for token in token_ids)
    ends = np.cumsum([len(token) + 1 for token in tokens]) - 1
    starts = ends - [len(token) for token in tokens]
    outputs = runtime.run([token_ids])
    return SentimentResult(
        text=" ".join(tokens),
        class_names=tuple(f"class {number}" for number in range(runtime.classes)),
        logits=outputs.logits[0],
        sentence_spans=np.array([[0, ends[-1]]]),
        token_sentence=np.zeros(len(tokens), np.int64),
        token_spans=np.stack([starts, ends], axis=1),
        tokens=tokens,
        token_known=token_ids != 1,
        token_ids=token_ids,
        document_vector=outputs.pooled[0],
        positions=outputs.positions[0],
        cut_from=None,
    )
