"""A schedule of the learning rate from elsewhere, stretched to the length of a training."""

import json
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.errors import UserError
from dlnlp.schedules import Schedule, from_dict, to_dict

_MOST_STEPS = 100_000_000


class ScheduleError(UserError):
    """A schedule that cannot be followed; the message says why."""


@dataclass(frozen=True)
class RateShape:
    """How the rate changes over a training; how high it is, the training says.

    Attributes:
        schedule: of the learning rate.
        steps: length of the run that it was made for.
    """

    schedule: Schedule
    steps: int

    @classmethod
    def from_json(cls, text: str) -> "RateShape":
        """Read ``{"rate": schedule, "steps": number}``, as the page of schedules writes it.

        Raises:
            ScheduleError: it is something else.
        """
        try:
            content = json.loads(text)
            steps = int(content["steps"])
            if not 1 <= steps <= _MOST_STEPS:
                raise ValueError(f"steps {steps} must be 1 to {_MOST_STEPS:,}")
            return cls(from_dict(content["rate"]), steps)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ScheduleError(f"the schedule cannot be read ({error}): copy it again") from error

    def over(self, total: int, peak: float) -> NDArray[np.float32]:
        """The rate at each step of a training, float32 ``[total]``; its highest is `peak`.

        Raises:
            ScheduleError: it is nowhere above 0.
        """
        at = np.arange(total) * (self.steps / total)
        values = np.asarray(self.schedule(at), np.float64)
        highest = float(values.max())
        if not (np.isfinite(values).all() and highest > 0):
            raise ScheduleError("the schedule is nowhere above 0, so nothing would be learned")
        return (values * (peak / highest)).astype(np.float32)

    def as_record(self) -> dict[str, Any]:
        """For checkpoints and cards; JSON-ready."""
        return {"rate": to_dict(self.schedule), "steps": self.steps}


class Tabulated(keras.optimizers.schedules.LearningRateSchedule):
    """A rate for each step, looked up; after the last one the last."""

    def __init__(self, values: NDArray[np.float32]) -> None:
        super().__init__()
        self._values = values

    def __call__(self, step: Any) -> Any:
        """The rate of a step, a float32 scalar."""
        place = keras.ops.minimum(keras.ops.cast(step, "int32"), len(self._values) - 1)
        return keras.ops.take(keras.ops.convert_to_tensor(self._values), place)

    def get_config(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"values": self._values.tolist()}
