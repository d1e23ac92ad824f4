"""A choice of the page as schedules: lengths in epochs become steps of the run."""

from dlnlp import schedules
from dlnlp.schedules import Schedule
from dlnlp.ui.schedules.kinds import Choice, Run


def build_rate(choice: Choice, run: Run) -> Schedule:
    """The learning rate over the steps of a run.

    Raises:
        ValueError: the schedule refuses the parameters; the message names the value.
    """
    peak = choice.number("peak")
    warmup = round(choice.number("warmup") * run.steps_per_epoch) if choice.has("warmup") else 0
    if choice.kind == "noam":
        return schedules.InverseSquareRoot(peak=peak, warmup_steps=max(warmup, 1))
    if choice.kind in ("triangular", "triangular2", "exp_range"):
        return schedules.Cyclical(
            base=peak / choice.number("divisor"),
            max=peak,
            step_size_up=run.to_steps(choice.number("up")),
            step_size_down=_steps(choice, "down", run),
            mode=choice.kind,
            gamma=choice.number("gamma") if choice.kind == "exp_range" else 1.0,
        )
    if choice.kind == "onecycle":
        total = max(run.steps, 4)
        return schedules.OneCycle(
            max=peak,
            total_steps=total,
            warmup_share=max(choice.number("share"), min(0.49, 1.5 / total)),
            initial_divisor=choice.number("initial"),
            final_divisor=choice.number("last"),
            phases=int(str(choice.get("phases"))),
            anneal=str(choice.get("anneal")),
        )
    after = _decay(choice, run, peak, warmup)
    return schedules.Warmup(after=after, steps=warmup) if warmup else after


def _decay(choice: Choice, run: Run, peak: float, warmup: int) -> Schedule:
    final = peak * choice.number("final") if choice.has("final") else 0.0
    length = _steps(choice, "length", run) if choice.has("length") else None
    length = length or max(run.steps - warmup, 1)
    match choice.kind:
        case "constant":
            return schedules.Constant(peak)
        case "step":
            every = run.to_steps(choice.number("every"))
            return schedules.StepDecay(initial=peak, factor=choice.number("factor"), every=every)
        case "exponential":
            every = run.to_steps(choice.number("every"))
            factor = choice.number("factor")
            return schedules.Exponential(initial=peak, rate=factor, decay_steps=every)
        case "polynomial":
            power = choice.number("power")
            return schedules.Polynomial(initial=peak, final=final, decay_steps=length, power=power)
        case "cosine":
            return schedules.Cosine(initial=peak, decay_steps=length, final=final)
        case "restarts":
            return schedules.CosineWarmRestarts(
                initial=peak,
                first_cycle=run.to_steps(choice.number("first")),
                multiplier=choice.number("multiplier"),
                final=final,
                decay=choice.number("decay"),
            )
    raise ValueError(f"unknown kind of schedule: {choice.kind!r}")


def build_momentum(choice: Choice, run: Run) -> Schedule:
    """The momentum over the steps of a run: fixed, or in antiphase to a rate that cycles."""
    if not choice.has("momentum_high"):
        return schedules.Constant(choice.number("momentum"))
    high, low = choice.number("momentum_high"), choice.number("momentum_low")
    if low >= high:
        return schedules.Constant(high)
    return schedules.antiphase(build_rate(choice, run), low, high)


def _steps(choice: Choice, name: str, run: Run) -> int | None:
    value = choice.get(name)
    return None if value is None else run.to_steps(float(value))
