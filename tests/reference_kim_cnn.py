"""A Kim CNN in plain NumPy loops, float64: the reference that others must agree with.

Nothing is batched, padded or masked here: each text, filter and region on its own.
"""

import numpy as np


def random_kim_cnn_weights(
    seed=0, *, widths=(2, 3, 4), embedding_dim=5, filters=3, classes=2, scale=0.7, bias=0.0
) -> dict[str, np.ndarray]:
    """All arrays of a Kim CNN, drawn from a normal distribution; `bias` is added to biases."""
    rng = np.random.default_rng(seed)
    weights = {}
    for width in widths:
        weights[f"conv{width}.kernel"] = rng.standard_normal((width, embedding_dim, filters))
        weights[f"conv{width}.bias"] = rng.standard_normal(filters)
    columns = 1 if classes == 2 else classes
    weights["classifier.kernel"] = rng.standard_normal((len(widths) * filters, columns))
    weights["classifier.bias"] = rng.standard_normal(columns)
    found = {name: (scale * array).astype(np.float32) for name, array in weights.items()}
    for width in widths:
        found[f"conv{width}.bias"] += np.float32(bias)
    return found


def reference_kim_cnn(weights, vectors, widths=(2, 3, 4)) -> dict:
    """Runs a Kim CNN over one text, an array ``[n, E]``.

    Returns ``logits [C]`` (of two classes: 0, and the log odds), ``pooled [K]``, ``positions [K]``
    and ``values``: a list of K arrays, the value of every region before ReLU.
    """
    vectors = np.asarray(vectors, np.float64)
    values = []
    for width in widths:
        kernel = np.asarray(weights[f"conv{width}.kernel"], np.float64)
        bias = np.asarray(weights[f"conv{width}.bias"], np.float64)
        for number in range(kernel.shape[2]):
            found = []
            for start in range(max(len(vectors) - width, 0) + 1):
                total = bias[number]
                for offset in range(width):
                    if start + offset < len(vectors):
                        total += vectors[start + offset] @ kernel[offset, :, number]
                found.append(total)
            values.append(np.array(found))
    pooled = np.array([max(found.max(), 0.0) for found in values])
    logits = pooled @ weights["classifier.kernel"].astype(np.float64) + weights["classifier.bias"]
    return {
        "logits": np.array([0, logits[0]]) if len(logits) == 1 else logits,
        "pooled": pooled,
        "positions": np.array([int(found.argmax()) for found in values]),
        "values": values,
    }
