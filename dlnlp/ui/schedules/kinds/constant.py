"""One rate all the way."""

from dlnlp.schedules import Constant
from dlnlp.ui.schedules.kind import MOMENTUM, WARMUP, Kind, peak

KINDS = (
    Kind(
        name="constant",
        title="Constant",
        gist="one rate all the way",
        when="A first look: is the rate roughly right? Late in training it keeps jumping around "
        "the minimum. With a warm-up: large batches, or networks whose first steps are unstable.",
        claim="With a warm-up, batches of 8,192 images were as accurate as small ones, with the "
        "rate scaled by the size ([Goyal et al. 2017](https://arxiv.org/abs/1706.02677))",
        parameters=(peak(), WARMUP, MOMENTUM),
        rate=lambda settings, steps: Constant(settings["peak"]),
        formula=lambda rate: f"    return {rate.value!r}\n",
        optax=lambda rate, steps, ends: f"rate = optax.constant_schedule({rate.value!r})\n",
    ),
)
