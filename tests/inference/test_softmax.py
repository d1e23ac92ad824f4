"""The softmax over classes, also where its logits are huge."""

import numpy as np

from dlnlp.inference.softmax import softmax


def test_huge_logits_and_any_leading_shape() -> None:
    logits = np.array([[1e4, 1e4 - np.log(3)], [0, 0], [-1e4, 1e4]], np.float32)
    found = softmax(logits)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, [[0.75, 0.25], [0.5, 0.5], [0, 1]], atol=2e-3)
    np.testing.assert_array_equal(softmax(logits.reshape(3, 1, 2)), found.reshape(3, 1, 2))
    np.testing.assert_array_equal(softmax(logits[1]), found[1])
