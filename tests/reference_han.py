"""A Hierarchical Attention Network in plain NumPy loops: the reference that others must agree with.

Nothing is batched, padded or masked here: each document, sentence and word on its own, float64.
"""

import numpy as np


def random_han_weights(
    seed=0, *, embedding_dim=5, units=3, attention_dim=4, classes=3, scale=0.7
) -> dict[str, np.ndarray]:
    """All arrays of a HAN, drawn from a normal distribution, biases included."""
    states = 2 * units
    shapes = {"classifier.kernel": (states, classes), "classifier.bias": (classes,)}
    for level, inputs in (("word", embedding_dim), ("sentence", states)):
        shapes[f"{level}_gru.kernel"] = (2, inputs, 3 * units)
        shapes[f"{level}_gru.recurrent_kernel"] = (2, units, 3 * units)
        shapes[f"{level}_gru.bias"] = (2, 2, 3 * units)
        shapes[f"{level}_attention.kernel"] = (states, attention_dim)
        shapes[f"{level}_attention.bias"] = (attention_dim,)
        shapes[f"{level}_attention.context"] = (attention_dim,)
    rng = np.random.default_rng(seed)
    return {
        name: (scale * rng.standard_normal(shape)).astype(np.float32)
        for name, shape in shapes.items()
    }


def reference_han(weights, documents) -> list[dict]:
    """Runs a HAN over documents, each a list of sentences, each an array ``[words, E]``.

    Returns a dictionary a document: ``logits [C]``, ``document_vector [2h]``,
    ``sentence_vectors [S, 2h]``, ``sentence_scores`` and ``sentence_attention [S]``,
    ``word_scores`` and ``word_attention`` (lists of S arrays ``[words]``).
    """
    weights = {name: np.asarray(array, np.float64) for name, array in weights.items()}
    results = []
    for document in documents:
        sentence_vectors, word_scores, word_attention = [], [], []
        for words in document:
            vector, scores, attention = _encode(weights, "word", np.asarray(words, np.float64))
            sentence_vectors.append(vector)
            word_scores.append(scores)
            word_attention.append(attention)
        sentence_vectors = np.stack(sentence_vectors)
        vector, scores, attention = _encode(weights, "sentence", sentence_vectors)
        results.append(
            {
                "logits": vector @ weights["classifier.kernel"] + weights["classifier.bias"],
                "document_vector": vector,
                "sentence_vectors": sentence_vectors,
                "sentence_scores": scores,
                "sentence_attention": attention,
                "word_scores": word_scores,
                "word_attention": word_attention,
            }
        )
    return results


def _encode(weights, level, inputs):
    forward = _gru(weights, level, 0, inputs)
    backward = _gru(weights, level, 1, inputs[::-1])[::-1]
    states = np.concatenate([forward, backward], axis=1)
    scores = np.empty(len(states))
    for position, state in enumerate(states):
        hidden = np.tanh(
            state @ weights[f"{level}_attention.kernel"] + weights[f"{level}_attention.bias"]
        )
        scores[position] = hidden @ weights[f"{level}_attention.context"]
    exponentials = np.exp(scores - scores.max())
    attention = exponentials / exponentials.sum()
    return attention @ states, scores, attention


def _gru(weights, level, direction, inputs):
    kernel = weights[f"{level}_gru.kernel"][direction]
    recurrent_kernel = weights[f"{level}_gru.recurrent_kernel"][direction]
    input_bias, recurrent_bias = weights[f"{level}_gru.bias"][direction]
    state = np.zeros(recurrent_kernel.shape[0])
    states = []
    for x in inputs:
        x_update, x_reset, x_candidate = np.split(x @ kernel + input_bias, 3)
        h_update, h_reset, h_candidate = np.split(state @ recurrent_kernel + recurrent_bias, 3)
        update = 1 / (1 + np.exp(-(x_update + h_update)))
        reset = 1 / (1 + np.exp(-(x_reset + h_reset)))
        candidate = np.tanh(x_candidate + reset * h_candidate)
        state = update * state + (1 - update) * candidate
        states.append(state)
    return np.stack(states)
