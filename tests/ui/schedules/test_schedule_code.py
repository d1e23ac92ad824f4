"""The code that the page offers gives, executed, the values that the page draws."""

import math
import re
import sys
import types
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest

from dlnlp.schedules import Antiphase, CosineWarmRestarts, Cyclical, OneCycle
from dlnlp.ui.schedules.choice import Choice, build_momentum, build_rate
from dlnlp.ui.schedules.code import keras_code, optax_code, torch_code
from dlnlp.ui.schedules.kind import Run
from dlnlp.ui.schedules.kinds import KINDS
from tests.ui.schedules.schedule_choices import CHOICES, EXTREMES, RUN, name

STEPS = np.arange(RUN.steps)
EVERY_CHOICE = pytest.mark.parametrize("choice", [*CHOICES, *EXTREMES], ids=name)


@EVERY_CHOICE
def test_keras_code_makes_the_drawn_schedules(choice: Choice) -> None:
    rate, momentum = build_rate(choice, RUN), build_momentum(choice, RUN)
    code, model = keras_code(choice, RUN), _Model()
    found: dict[str, Any] = {"model": model, "loss": "mse", "x": 1, "y": 2}
    exec(compile(code, "keras", "exec"), found)
    np.testing.assert_allclose(found["rate"](STEPS), rate(STEPS), 1e-9, 1e-15)
    np.testing.assert_allclose(found["momentum"](STEPS), momentum(STEPS), 1e-9)
    assert model.fitted["batch_size"] == RUN.batch_size and model.fitted["epochs"] == RUN.epochs


class _Model:
    """Takes what a snippet does to a model."""

    fitted: dict[str, Any]

    def compile(self, optimizer: Any, loss: Any) -> None:
        self.optimizer = optimizer

    def fit(self, x: Any, y: Any, **options: Any) -> None:
        self.fitted = options


def test_keras_code_trains_a_model_with_the_drawn_values() -> None:
    choice = Choice("onecycle", {})
    rate, momentum = build_rate(choice, RUN), build_momentum(choice, RUN)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    data = np.random.default_rng(0).normal(size=(RUN.examples, 3)).astype(np.float32)
    found: dict[str, Any] = {"model": model, "loss": "mse", "x": data[:, :2], "y": data[:, 2:]}
    code = keras_code(choice, RUN).replace("epochs=12", "epochs=2, verbose=0")
    exec(compile(code, "keras", "exec"), found)
    history = found["scheduler"].history
    assert history["step"] == list(range(2 * RUN.steps_per_epoch))
    np.testing.assert_allclose(history["learning_rate"], rate(history["step"]), rtol=1e-6)
    np.testing.assert_allclose(history["momentum"], momentum(history["step"]), rtol=1e-6)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """A module in place of torch that records which schedulers are made, and how."""
    made: list[tuple[str, dict[str, Any]]] = []

    class Schedulers:
        def __getattr__(self, scheduler: str) -> Any:
            def make(optimizer: Any, *arguments: Any, **options: Any) -> None:
                made.append((scheduler, {**options, "arguments": arguments, **optimizer}))

            return make

    def sgd(parameters: Any, **options: Any) -> dict[str, Any]:
        if options.get("nesterov") and options.get("momentum", 0) <= 0:  # as PyTorch does
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        return {"momentum": 0, **options}

    torch: Any = types.ModuleType("torch")
    torch.optim = types.SimpleNamespace(SGD=sgd, lr_scheduler=Schedulers())
    monkeypatch.setitem(sys.modules, "torch", torch)
    yield made


@EVERY_CHOICE
def test_torch_code_names_the_schedule_or_writes_its_formula(
    choice: Choice, stand_in: list[tuple[str, dict[str, Any]]]
) -> None:
    # That the named schedulers equal ours to 1e-9 is tested with the values recorded from PyTorch.
    rate, momentum = build_rate(choice, RUN), build_momentum(choice, RUN)
    model = types.SimpleNamespace(parameters=list)
    exec(compile(torch_code(choice, RUN), "torch", "exec"), {"model": model})
    ((scheduler, options),) = stand_in
    if scheduler == "LambdaLR":
        (function,) = options["arguments"]
        assert options["lr"] == 1
        np.testing.assert_allclose([function(int(s)) for s in STEPS], rate(STEPS), 1e-9, 1e-15)
        assert options["momentum"] == momentum(0)
        return
    if isinstance(momentum, Antiphase):
        bounds = (options["base_momentum"], options["max_momentum"])
        assert bounds == (momentum.low, momentum.high)
        assert options["momentum"] == momentum.high
    elif scheduler != "CosineAnnealingWarmRestarts":
        assert options["cycle_momentum"] is False
        assert options["momentum"] == momentum(0)
    match rate:
        case Cyclical():
            down = rate.step_size_down or rate.step_size_up
            assert scheduler == "CyclicLR"
            assert (options["base_lr"], options["max_lr"]) == pytest.approx((rate.base, rate.max))
            assert (options["step_size_up"], options["step_size_down"]) == (rate.step_size_up, down)
            assert options["mode"] == rate.mode and options.get("gamma", 1.0) == rate.gamma
        case OneCycle():
            assert scheduler == "OneCycleLR"
            assert (options["max_lr"], options["total_steps"]) == (rate.max, RUN.steps)
            assert options["pct_start"] == rate.warmup_share
            assert options["div_factor"] == rate.initial_divisor
            assert options["final_div_factor"] == rate.final_divisor
            assert options["three_phase"] == (rate.phases == 3)
            assert options["anneal_strategy"] == rate.anneal[:3].replace("lin", "linear")
        case CosineWarmRestarts():
            assert scheduler == "CosineAnnealingWarmRestarts"
            assert (options["T_0"], options["T_mult"]) == (rate.first_cycle, rate.multiplier)
            assert (options["lr"], options["eta_min"]) == (rate.initial, rate.final)
        case _:
            raise AssertionError(scheduler)


def test_torch_code_of_many_cycles_does_not_overflow(
    stand_in: list[tuple[str, dict[str, Any]]],
) -> None:
    run, choice = Run(examples=10, batch_size=1, epochs=400), Choice("triangular2", {"up": 0.1})
    model = types.SimpleNamespace(parameters=list)
    exec(compile(torch_code(choice, run), "torch", "exec"), {"model": model})
    ((_, options),) = stand_in
    scale = options["scale_fn"]  # PyTorch's own, 1 / 2.0 ** (cycle - 1), ends at 1,024 cycles
    assert [scale(cycle) for cycle in (1, 2, 5, 2_000)] == [1, 0.5, 1 / 16, 0]


@EVERY_CHOICE
@pytest.mark.filterwarnings("ignore")
def test_torch_code_gives_the_drawn_values(choice: Choice) -> None:
    torch = pytest.importorskip("torch")
    rate, momentum = build_rate(choice, RUN), build_momentum(choice, RUN)
    found: dict[str, Any] = {"model": torch.nn.Linear(1, 1)}
    exec(compile(torch_code(choice, RUN), "torch", "exec"), found)
    rates, momenta = [], []
    for _ in STEPS:
        group = found["optimizer"].param_groups[0]
        rates.append(group["lr"])
        momenta.append(group["momentum"])
        found["optimizer"].step()
        if len(rates) < len(STEPS):
            found["scheduler"].step()
    np.testing.assert_allclose(rates, rate(STEPS), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(momenta, momentum(STEPS), rtol=1e-9)


@EVERY_CHOICE
def test_optax_code_gives_the_drawn_values(choice: Choice) -> None:
    pytest.importorskip("optax")
    jax = pytest.importorskip("jax")
    rate, momentum = build_rate(choice, RUN), build_momentum(choice, RUN)
    found: dict[str, Any] = {}
    exec(compile(optax_code(choice, RUN), "optax", "exec"), found)
    at = jax.numpy.asarray(STEPS)
    rates = jax.vmap(found["rate"])(at) if choice.kind != "constant" else None
    if rates is None:
        rates = [float(found["rate"](int(step))) for step in STEPS]
    # optax reckons in single precision, from the end of a warm-up backwards
    peak = choice.number("peak")
    np.testing.assert_allclose(rates, rate(STEPS), rtol=2e-5, atol=3e-6 * peak)
    given = found["momentum"]
    momenta = jax.vmap(given)(at) if callable(given) else np.full(len(STEPS), given)
    np.testing.assert_allclose(momenta, momentum(STEPS), rtol=1e-5, atol=1e-6)
    assert math.isfinite(float(rates[-1])) and hasattr(found["optimizer"], "update")


def test_numbers_are_written_as_the_visitor_set_them() -> None:
    """Tenths, thirds and hundredths, none of which a double holds."""
    numbers = re.compile(r"\d+\.\d+")
    for kind, shown in KINDS.items():
        for peak, share in ((0.2, 0.05), (0.3, 0.1), (0.7, 1 / 3)):
            set_by_visitor = {"peak": peak, "final": share, "divisor": 3.0, "decay": 0.7}
            known = {p.name for p in shown.parameters}
            choice = Choice(kind, {k: v for k, v in set_by_visitor.items() if k in known})
            for code in (
                keras_code(choice, RUN),
                torch_code(choice, RUN),
                optax_code(choice, RUN),
            ):
                for number in numbers.findall(code):
                    assert len(number.replace(".", "").lstrip("0")) <= 12, code
    choice = Choice("triangular", {})
    code = optax_code(choice, RUN)
    assert "return 0.05 + 0.15 * height(step)" in code
    assert "return 0.95 - 0.1 * height(step)" in code
