"""The stacked network for digits in plain NumPy loops, float64: what others must agree with."""

import numpy as np

FILTERS = (3, 4, 5, 6, 4)


def random_mnist_cnn_weights(seed=0, *, filters=FILTERS, embedding=7) -> dict[str, np.ndarray]:
    """All arrays of a network, scaled so that activations stay near 1; biases differ from 0."""
    rng = np.random.default_rng(seed)
    weights, channels = {}, 1
    for number, count in enumerate(filters, start=1):
        side = 5 if number == 1 else 3
        scale = np.sqrt(2 / (side * side * channels))
        kernel = rng.standard_normal((side, side, channels, count))
        weights[f"conv{number}.kernel"] = scale * kernel
        weights[f"conv{number}.bias"] = 0.2 * rng.standard_normal(count)
        channels = count
    for name, size, count in (
        ("embedding", 25 * channels, embedding),
        ("classifier", embedding, 10),
    ):
        weights[f"{name}.kernel"] = rng.standard_normal((size, count)) * np.sqrt(2 / size)
        weights[f"{name}.bias"] = 0.2 * rng.standard_normal(count)
    return {name: array.astype(np.float32) for name, array in weights.items()}


def reference_mnist_cnn(weights, image) -> dict[str, np.ndarray]:
    """Runs the network over one image ``[28, 28]``.

    Returns ``logits [10]``, ``embedding [D]`` and ``conv1`` to ``conv5``, each ``[h, w, c]``.
    """
    arrays = {name: np.asarray(array, np.float64) for name, array in weights.items()}
    found, values = {}, np.asarray(image, np.float64)[..., None]
    for number in range(1, 6):
        kernel, bias = arrays[f"conv{number}.kernel"], arrays[f"conv{number}.bias"]
        size, stride = len(kernel), 2 if number == 1 else 1
        if number == 1:  # 14 places two apart need 31 numbers: the odd zero comes last
            values = np.pad(values, [(1, 2), (1, 2), (0, 0)])
        elif number < 5:
            values = np.pad(values, [(1, 1), (1, 1), (0, 0)])
        height, width = ((side - size) // stride + 1 for side in values.shape[:2])
        maps = np.zeros((height, width, len(bias)))
        for row in range(height):
            for column in range(width):
                top, left = row * stride, column * stride
                patch = values[top : top + size, left : left + size]
                for filter_ in range(len(bias)):
                    total = (patch * kernel[..., filter_]).sum() + bias[filter_]
                    maps[row, column, filter_] = max(total, 0)
        found[f"conv{number}"] = values = maps
        if number == 3:
            halved = np.zeros((height // 2, width // 2, len(bias)))
            for row in range(height // 2):
                for column in range(width // 2):
                    square = maps[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
                    halved[row, column] = square.max(axis=(0, 1))
            values = halved
    flat = np.array([values[y, x, c] for y in range(5) for x in range(5)
                     for c in range(values.shape[2])])  # fmt: skip
    hidden = flat @ arrays["embedding.kernel"] + arrays["embedding.bias"]
    found["embedding"] = np.maximum(hidden, 0)
    found["logits"] = found["embedding"] @ arrays["classifier.kernel"] + arrays["classifier.bias"]
    return found
