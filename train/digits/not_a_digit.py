"""Chooses the score "not a digit": its measure, its scale and its threshold, and says how good.

The measure is the one that finds most non-digits of one seed while at most FALSE_ALARMS of the
validation digits, as they are and distorted as in training, are taken for none. How many it finds
is then told on non-digits of another seed: other letters and signs, and pieces of test digits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.digits import DigitRuntime
from dlnlp.inference.out_of_distribution import (
    METHODS,
    OutOfDistributionScore,
    features,
    measure,
    whitened_classes,
)
from train.digits.augmentation import Augmentation, Distortion, Floats
from train.digits.non_digits import every_kind

FALSE_ALARMS = 0.005
PER_KIND = 500
LEARNED_DIGITS = 6_000  # plain, and as many distorted
STRENGTH = 0.1  # of what the learned measure is fitted with, against its regularization
FIT_SEED, CHOICE_SEED, TEST_SEED = 3, 1, 2

Pixels = NDArray[np.uint8]
# Logits and embeddings.
Read = tuple[Floats, Floats]


@dataclass(frozen=True, eq=False)
class ReadDigits:
    """Digits and what the network makes of them.

    Attributes:
        images: uint8 ``[n, 28, 28]``.
        labels: uint8 ``[n]``.
        read: logits ``[n, C]`` and embeddings ``[n, D]``.
    """

    images: Pixels
    labels: NDArray[np.uint8]
    read: Read

    @classmethod
    def by(cls, runtime: DigitRuntime, images: Pixels, labels: NDArray[np.uint8]) -> "ReadDigits":
        """Run the network on digits, uint8 ``[n, 28, 28]``, with labels uint8 ``[n]``."""
        return cls(images, labels, runtime.run(as_floats(images)))

    def with_distorted(self, runtime: DigitRuntime, seed: int, most: int) -> Read:
        """Logits ``[2m, C]`` and embeddings ``[2m, D]`` of m digits, plain and then distorted.

        They are distorted as in training. m is `most`, or all digits if there are fewer.
        """
        hands = Augmentation(Distortion())(
            as_floats(self.images[:most]), np.random.default_rng(seed)
        )
        logits, embeddings = runtime.run(hands)
        return (
            np.concatenate([self.read[0][:most], logits]),
            np.concatenate([self.read[1][:most], embeddings]),
        )

    def non_digits(
        self, runtime: DigitRuntime, seed: int, per_kind: int, group: int
    ) -> dict[str, Read]:
        """Logits ``[per_kind, C]`` and embeddings ``[per_kind, D]`` of non-digits, by kind.

        Some of the non-digits are made of these digits.
        """
        made = every_kind(seed, per_kind, self.images, self.labels, group=group)
        return {kind: runtime.run(pictures) for kind, pictures in made.items()}


def choose(
    runtime: DigitRuntime, train: ReadDigits, validation: ReadDigits, *, per_kind: int
) -> tuple[OutOfDistributionScore, dict[str, dict[str, float]]]:
    """The best score, and for every measure the share of each kind that it finds.

    Args:
        runtime: the network.
        train: for the class means, and for what the learned measure is fitted on.
        validation: for the scale, the threshold and the choice.
        per_kind: non-digits of each kind.
    """
    means, whitening = whitened_classes(train.read[1], train.labels, runtime.classes)
    coefficients = learned(
        features(*train.with_distorted(runtime, FIT_SEED, LEARNED_DIGITS), means, whitening),
        features(*_all(train.non_digits(runtime, FIT_SEED, per_kind, 0)), means, whitening),
    )
    digits = validation.with_distorted(runtime, CHOICE_SEED, len(validation.labels))
    others = validation.non_digits(runtime, CHOICE_SEED, per_kind, 0)
    compared: dict[str, dict[str, float]] = {}
    scores: dict[str, OutOfDistributionScore] = {}
    for method in METHODS:
        arrays = (means, whitening, coefficients)
        raw = measure(method, *digits, *arrays)
        theirs = measure(method, *_all(others), *arrays)
        scores[method] = OutOfDistributionScore.scaled(method, raw, theirs, FALSE_ALARMS, *arrays)
        compared[method] = found(scores[method], others)
    best = max(METHODS, key=lambda method: compared[method]["mean"])
    return scores[best], compared


def learned(digits: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float32]:
    """Fit a logistic regression that separates `others` from `digits`.

    Args:
        digits: features of digits, float64 ``[n, F]``; the last feature is 1.
        others: features of other pictures, float64 ``[m, F]``.

    Returns:
        Coefficients, float32 ``[F]``.
    """
    values = np.concatenate([digits, others])[:, :-1]
    middle, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread < 1e-6] = np.inf  # what never varies (units that never fire) has no weight
    # Imported only here: importing scikit-learn takes as long as Keras.
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit((values - middle) / spread, np.arange(len(values)) >= len(digits))
    weights = model.coef_[0] / spread
    return np.append(weights, model.intercept_[0] - weights @ middle).astype(np.float32)


def _all(others: Mapping[str, Read]) -> Read:
    logits, embeddings = zip(*others.values(), strict=True)
    return np.concatenate(logits), np.concatenate(embeddings)


def found(score: OutOfDistributionScore, others: Mapping[str, Read]) -> dict[str, float]:
    """Share of each kind above the threshold, and the mean of the kinds.

    Args:
        score: the out-of-distribution score.
        others: logits ``[m, C]`` and embeddings ``[m, D]`` by kind.
    """
    shares = {kind: float(np.mean(score(*read) > score.threshold)) for kind, read in others.items()}
    return shares | {"mean": float(np.mean(list(shares.values())))}


def record(
    runtime: DigitRuntime,
    score: OutOfDistributionScore,
    compared: Mapping[str, Mapping[str, float]],
    validation: ReadDigits,
    test: ReadDigits,
    *,
    per_kind: int,
) -> dict[str, Any]:
    """What the card says of the score.

    Args:
        runtime: the network.
        score: what :func:`choose` chose.
        compared: the shares that it returned.
        validation: for false alarms.
        test: likewise, and of which halves and pairs are made.
        per_kind: non-digits of each kind.
    """
    others = test.non_digits(runtime, TEST_SEED, per_kind, 1)
    splits = {"validation": validation, "test": test}
    return {
        "method": score.method,
        "threshold": score.threshold,
        "chosen_for_share_of_false_alarms": FALSE_ALARMS,
        "share_of_false_alarms": {
            name: float(np.mean(score(*split.read) > score.threshold))
            for name, split in splits.items()
        },
        "share_found": found(score, others),
        "non_digits_of_each_kind": per_kind,
        "share_found_by_method_when_chosen": {
            method: shares["mean"] for method, shares in compared.items()
        },
    }


def as_floats(images: Pixels) -> Floats:
    """Pixels, uint8, as the network reads them: float32 in [0, 1]; any shape."""
    return images.astype(np.float32) / np.float32(255)
