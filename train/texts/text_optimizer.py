"""The optimizer of the networks that read text: AdamW with a smaller rate for word vectors."""

from typing import Any

import keras

from dlnlp.training.optimizers import DiscriminativeAdamW
from train.rates import RateShape, Tabulated


def warmed_adamw(
    steps: int,
    *,
    max_lr: float,
    embedding_rate: float,
    weight_decay: float,
    shape: RateShape | None = None,
) -> DiscriminativeAdamW:
    """The optimizer of the networks that read text.

    Args:
        steps: number of steps of the whole training. The rate warms up for 5 % of them, then
            decays to 0 along a cosine.
        max_lr: peak of the rate.
        embedding_rate: learning rate of the word vectors, as a share of that of the rest.
        weight_decay: weight decay of all weights but biases and word vectors.
        shape: how the rate changes instead; its highest is `max_lr`.
    """
    schedule: keras.optimizers.schedules.LearningRateSchedule
    if shape is None:
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0, max(1, int(0.95 * steps)), warmup_target=max_lr, warmup_steps=max(1, steps // 20)
        )
    else:
        schedule = Tabulated(shape.over(steps, max_lr))
    return text_adamw(schedule, embedding_rate=embedding_rate, weight_decay=weight_decay)


def text_adamw(rate: Any, *, embedding_rate: float, weight_decay: float) -> DiscriminativeAdamW:
    """The optimizer of :func:`warmed_adamw` with another learning rate, or schedule of it."""
    optimizer = DiscriminativeAdamW(
        rate, embedding_rate=embedding_rate, weight_decay=weight_decay, global_clipnorm=1.0
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "embeddings"])
    return optimizer
