"""Schedules against PyTorch's recorded values, Smith's formula, and what must always hold."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp import schedules
from dlnlp.schedules import (
    Constant,
    Cosine,
    CosineWarmRestarts,
    Custom,
    Cyclical,
    Exponential,
    InverseSquareRoot,
    OneCycle,
    Polynomial,
    StepDecay,
    Warmup,
    WarmupStableDecay,
    antiphase,
    from_dict,
    to_dict,
)

STEPS = np.arange(10_000)
TRIANGULAR = Cyclical(0.05, 1.1, 1000)
ONE_CYCLES = {
    f"one_cycle_{anneal}{'_3' * (phases == 3)}": OneCycle(
        0.7, 10_000, warmup_share=0.23, phases=phases, anneal=anneal
    )
    for anneal in ("cosine", "linear")
    for phases in (2, 3)
}
WITH_MOMENTUM = {
    "triangular": TRIANGULAR,
    "triangular2": Cyclical(0.05, 1.1, 1000, mode="triangular2"),
    "exp_range": Cyclical(0.05, 1.1, 1000, mode="exp_range", gamma=0.9997),
    "asymmetric": Cyclical(0.05, 1.1, 300, 950),
    "own_scale": Custom(0.05, 1.1, 777, lambda cycle: 1 / cycle**1.5),
    **ONE_CYCLES,
}
REFERENCES = {
    **WITH_MOMENTUM,
    "restarts": CosineWarmRestarts(1.0, 730),
    "restarts_2": CosineWarmRestarts(1.0, 300, multiplier=2, final=0.01),
    "restarts_3": CosineWarmRestarts(1.0, 100, multiplier=3, final=0.01),
    "lambda_inverse_square_root": InverseSquareRoot(4000**-0.5, 4000),
    "lambda_warmup": Warmup(Exponential(1.0, 0.999, 1), 500, start=0.1),
    "exponential": Exponential(0.3, 0.9995**100, 100),
    "step": StepDecay(0.3, 0.3, 1500),
    "polynomial": Polynomial(0.3, 0.0, 8000, power=0.9),
    "constant": Constant(0.3),
}
ONE_OF_EACH = [
    *(value for name, value in REFERENCES.items() if name != "own_scale"),
    Cosine(0.2, 50, final=0.01),
    Warmup(TRIANGULAR, 10),
    CosineWarmRestarts(0.5, 20, multiplier=1.5, final=0.1, decay=0.7),
    WarmupStableDecay(0.2, 200, 10, 30, final=0.01, shape="sqrt"),
    antiphase(TRIANGULAR, 0.85, 0.95),
    antiphase(Warmup(OneCycle(1.0, 50, phases=3), 10), 0.85, 0.95),
]


@pytest.fixture(scope="module")
def recorded():
    """PyTorch's values by name; :mod:`tests.references.record_schedules` says how they lie."""
    with np.load(Path(__file__).parent / "references" / "schedules.npz") as file:
        return {k: np.ascontiguousarray(file[k].T).view(np.float64).ravel() for k in file.files}


@pytest.mark.parametrize("name", REFERENCES)
def test_rate_is_pytorchs_at_every_step(recorded, name):
    expected = recorded[f"{name}.rate"]
    assert expected.shape == STEPS.shape
    np.testing.assert_allclose(REFERENCES[name](STEPS), expected, rtol=1e-9, atol=0)


@pytest.mark.parametrize("name", WITH_MOMENTUM)
def test_momentum_is_pytorchs_at_every_step(recorded, name):
    momentum = antiphase(REFERENCES[name], 0.85, 0.95)
    np.testing.assert_allclose(momentum(STEPS), recorded[f"{name}.momentum"], rtol=1e-9, atol=0)


def test_every_recorded_rate_is_compared(recorded):
    assert {name.split(".")[0] for name in recorded} == set(REFERENCES)


@pytest.mark.parametrize("mode", ["triangular", "triangular2", "exp_range"])
def test_smiths_published_formula(mode):
    base, top, size, gamma = 0.001, 0.006, 2000, 0.99994
    ours = Cyclical(base, top, size, mode=mode, gamma=gamma if mode == "exp_range" else 1.0)
    for iteration in range(0, 10_000, 7):
        cycle = math.floor(1 + iteration / (2 * size))
        x = abs(iteration / size - 2 * cycle + 1)
        height = (top - base) * max(0, 1 - x)
        scale = {"triangular": 1, "triangular2": 1 / 2 ** (cycle - 1)}.get(mode, gamma**iteration)
        assert ours(iteration) == pytest.approx(base + height * scale, rel=1e-12)


def test_values_by_hand():
    assert Cyclical(0.0, 1.0, 10)([0, 5, 10, 15, 20, 30]).tolist() == [0, 0.5, 1, 0.5, 0, 1]
    assert Cyclical(0.0, 1.0, 2, 8)([1, 2, 6, 10, 12]).tolist() == [0.5, 1, 0.5, 0, 1]
    assert Cyclical(0.0, 1.0, 10, mode="triangular2")([10, 30, 50]).tolist() == [1, 0.5, 0.25]
    assert Custom(0.0, 1.0, 10, lambda cycle: 1 / cycle)([10, 30]).tolist() == [1, 0.5]
    assert Custom(0.0, 1.0, 10, lambda s: 1 / (s + 1), scale_by="step")(5) == 0.5 / 6
    assert StepDecay(1.0, 0.5, 10)([0, 9, 10, 25]).tolist() == [1, 1, 0.5, 0.25]
    assert Exponential(1.0, 0.5, 10)([0, 10, 20]).tolist() == [1, 0.5, 0.25]
    assert Polynomial(1.0, 0.0, 10, power=2)([0, 5, 10, 99]).tolist() == [1, 0.25, 0, 0]
    assert Polynomial(1.0, 3.0, 10)([0, 5, 10]).tolist() == [1, 2, 3]
    np.testing.assert_allclose(Cosine(1.0, 10)([0, 5, 10, 99]), [1, 0.5, 0, 0], atol=1e-15)
    np.testing.assert_allclose(Warmup(Constant(2.0), 4, 1.0)([0, 2, 4, 9]), [1, 1.5, 2, 2])
    np.testing.assert_allclose(InverseSquareRoot(1.0, 100)([0, 99, 399]), [0.01, 1, 0.5])
    one = OneCycle(1.0, 11, 4 / 11, 10, 10, phases=2, anneal="linear")
    np.testing.assert_allclose(one([0, 3, 10, 99]), [0.1, 1, 0.01, 0.01])
    three = OneCycle(1.0, 11, 4 / 11, 10, 10, phases=3, anneal="linear")
    np.testing.assert_allclose(three([0, 3, 6, 10, 99]), [0.1, 1, 0.1, 0.01, 0.01])


@pytest.mark.parametrize("shape", ["linear", "cosine", "sqrt"])
def test_warmup_stable_decay_by_its_definition(shape):
    ours = WarmupStableDecay(0.8, 1000, 50, 200, final=0.1, shape=shape)
    left = {
        "linear": lambda s: 1 - s,
        "cosine": lambda s: (1 + math.cos(math.pi * s)) / 2,
        "sqrt": lambda s: 1 - math.sqrt(s),
    }[shape]
    for step in range(0, 1200, 3):
        if step < 50:
            expected = 0.8 * step / 50
        elif step <= 800:
            expected = 0.8
        else:
            expected = 0.1 + 0.7 * left(min((step - 800) / 200, 1))
        assert ours(step) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_warmup_stable_decay_is_made_of_the_other_schedules():
    """Warm-up before a constant and a line, or, without a plateau, before one cosine."""
    plateau = Warmup(Constant(0.4), 30)
    line = Polynomial(0.4, 0.0, 100)
    wsd = WarmupStableDecay(0.4, 500, 30, 100)
    np.testing.assert_allclose(wsd(STEPS[:400]), plateau(STEPS[:400]), rtol=1e-12)
    np.testing.assert_allclose(wsd(STEPS[400:900]), line(STEPS[:500]), rtol=1e-12, atol=1e-15)
    cosine = WarmupStableDecay(0.4, 500, 30, 470, shape="cosine")
    np.testing.assert_allclose(
        cosine(STEPS[:600]), Warmup(Cosine(0.4, 470), 30)(STEPS[:600]), rtol=1e-12, atol=1e-15
    )


def test_restarts_fall_on_their_steps_for_large_counts():
    schedule = CosineWarmRestarts(1.0, 5, multiplier=3)
    starts = np.array([5 * (3**n - 1) // 2 for n in range(25)])
    assert schedule(starts).tolist() == [1.0] * 25
    assert (schedule(starts[5:] - 1) < 1e-3).all()


def test_vaswanis_formula():
    ours = InverseSquareRoot((512 * 4000) ** -0.5, 4000)
    for number in (1, 17, 4000, 4001, 100_000):
        expected = 512**-0.5 * min(number**-0.5, number * 4000**-1.5)
        assert ours(number - 1) == pytest.approx(expected, rel=1e-12)


sizes = st.integers(1, 500)
rates = st.floats(1e-6, 10)
steps = st.lists(st.floats(0, 1e5), min_size=1, max_size=20).map(np.array)


@st.composite
def cyclicals(draw):
    low, high = sorted((draw(rates), draw(rates)))
    mode = draw(st.sampled_from(["triangular", "triangular2", "exp_range"]))
    gamma = draw(st.floats(0.9, 1)) if mode == "exp_range" else 1.0
    return Cyclical(low, high, draw(sizes), draw(st.none() | sizes), mode, gamma)


@st.composite
def one_cycles(draw):
    return OneCycle(
        draw(rates),
        draw(st.integers(20, 5000)),
        draw(st.floats(0.1, 0.5)),
        draw(st.floats(1, 100)),
        draw(st.floats(1, 1e5)),
        draw(st.sampled_from([2, 3])),
        draw(st.sampled_from(["cosine", "linear"])),
    )


@st.composite
def restarts(draw):
    low, high = sorted((draw(rates), draw(rates)))
    return CosineWarmRestarts(
        high, draw(sizes), draw(st.floats(1, 3)), low, draw(st.floats(0.5, 1))
    )


cycles = cyclicals() | one_cycles() | restarts()


@given(cycles, steps)
def test_values_stay_between_the_ends(schedule, at):
    values = schedule(at)
    low, high = min(schedule.ends), max(schedule.ends)
    assert (values >= low * (1 - 1e-9)).all() and (values <= high * (1 + 1e-9)).all()


@given(cyclicals(), steps)
def test_a_cyclical_rate_repeats_itself(schedule, at):
    down = schedule.step_size_up if schedule.step_size_down is None else schedule.step_size_down
    period = schedule.step_size_up + down
    shrinks = {"triangular": 1, "triangular2": 0.5, "exp_range": schedule.gamma**period}
    at = np.floor(at)  # whole steps, so that adding the period rounds nothing
    now, later = schedule(at) - schedule.base, schedule(at + period) - schedule.base
    np.testing.assert_allclose(later, now * shrinks[schedule.mode], rtol=1e-6, atol=1e-12)


@given(cycles, steps)
def test_momentum_moves_against_the_rate(schedule, at):
    momentum = antiphase(schedule, 0.85, 0.95)
    values = momentum(at)
    assert (values >= 0.85 - 1e-12).all() and (values <= 0.95 + 1e-12).all()
    if not isinstance(schedule, OneCycle):  # whose ends differ among themselves
        low, high = schedule.ends
        height = np.zeros(1) if high == low else (schedule(at) - low) / (high - low)
        if high > low * (1 + 1e-6):
            np.testing.assert_allclose(values, 0.95 - 0.1 * height, atol=1e-6)
    peak = {
        Cyclical: lambda s: s.step_size_up,
        OneCycle: lambda s: s.warmup_share * s.total_steps - 1,
        CosineWarmRestarts: lambda s: 0,
    }[type(schedule)](schedule)
    shrunk = schedule.gamma**peak if isinstance(schedule, Cyclical) else 1
    assert momentum(peak) == pytest.approx(0.95 - 0.1 * shrunk)


def test_momentum_starts_high_dips_and_returns():
    """The origin ran .85 -> .75 -> .85 here."""
    momentum = antiphase(Cyclical(0.1, 0.6, 10), 0.85, 0.95)
    np.testing.assert_allclose(momentum([0, 10, 20]), [0.95, 0.85, 0.95])
    three = antiphase(OneCycle(1.0, 110, 0.3, phases=3), 0.85, 0.95)
    np.testing.assert_allclose(three([0, 32, 64, 80, 109, 500]), [0.95, 0.85] + [0.95] * 4)


def test_momentum_waits_during_a_warm_up():
    momentum = antiphase(Warmup(Cyclical(0.1, 0.6, 10), 5), 0.85, 0.95)
    np.testing.assert_allclose(momentum([0, 3, 5, 15, 25]), [0.95, 0.95, 0.95, 0.85, 0.95])


@given(cycles, sizes, steps)
def test_what_a_warm_up_leads_to_is_unchanged(schedule, length, at):
    at = np.floor(at)
    np.testing.assert_array_equal(Warmup(schedule, length)(at + length), schedule(at))
    line = Warmup(schedule, length)(np.arange(length))
    np.testing.assert_allclose(line, schedule(0) * np.arange(length) / length, rtol=1e-12)


@given(cycles, sizes, sizes, steps)
def test_warm_ups_compose_in_any_grouping(schedule, first, second, at):
    """A flat warm-up is a delay; two delays are one."""
    start = float(schedule(0))
    inner = Warmup(schedule, second, start)
    twice = Warmup(inner, first, float(inner(0)))
    once = Warmup(schedule, first + second, start)
    at = np.floor(at)
    np.testing.assert_allclose(twice(at), once(at), rtol=1e-12)
    moment = antiphase(twice, 0.8, 0.9)(at)
    np.testing.assert_allclose(moment, antiphase(once, 0.8, 0.9)(at), rtol=1e-12)


@pytest.mark.parametrize("schedule", ONE_OF_EACH, ids=repr)
def test_shape_and_type_of_the_answer(schedule):
    scalar = schedule(3)
    assert isinstance(scalar, np.float64) and isinstance(schedule(np.int32(3)), np.float64)
    grid = schedule(np.array([[3, 4.5], [0, 3]]))
    assert grid.shape == (2, 2) and grid.dtype == np.float64
    assert grid[0, 0] == grid[1, 1] == scalar
    assert schedule(np.zeros((0,))).shape == (0,)


@pytest.mark.parametrize("schedule", ONE_OF_EACH, ids=repr)
@pytest.mark.parametrize("step", [-1, float("nan"), float("inf"), [0, -0.5]])
def test_bad_steps_are_refused(schedule, step):
    with pytest.raises(ValueError, match=r"step (-1|nan|inf|-0\.5)"):
        schedule(step)


@pytest.mark.parametrize("schedule", ONE_OF_EACH, ids=repr)
def test_json_and_back(schedule):
    again = from_dict(json.loads(json.dumps(to_dict(schedule))))
    assert again == schedule
    np.testing.assert_array_equal(again(STEPS[:300]), schedule(STEPS[:300]))


def test_every_kind_of_json_is_tested():
    tested = {to_dict(schedule)["kind"] for schedule in ONE_OF_EACH}
    assert tested == {*schedules.schedule_classes()}


def test_numpy_parameters_become_json():
    assert json.dumps(to_dict(Constant(np.float64(0.5)))) == '{"kind": "constant", "value": 0.5}'


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Constant(NAN), "value nan"),
        (lambda: Constant(-0.1), r"value -0\.1"),
        (lambda: Constant("0.1"), "value '0.1'"),
        (lambda: Constant(True), "value True"),
        (lambda: Constant(None), "value None"),
        (lambda: StepDecay(0.1, 1.5, 10), r"factor 1\.5"),
        (lambda: StepDecay(0.1, 0.5, 0), "every 0"),
        (lambda: StepDecay(0, 0.5, 1), "initial 0"),
        (lambda: Exponential(0.1, 0.0, 10), r"rate 0\.0"),
        (lambda: Exponential(0.1, 0.5, -3), "decay_steps -3"),
        (lambda: Polynomial(0.1, -1.0, 10), r"final -1\.0"),
        (lambda: Polynomial(0.1, 0.0, 10, power=0), "power 0"),
        (lambda: Polynomial(0.1, 0.0, INF), "decay_steps inf"),
        (lambda: Cosine(0.1, 10, final=0.2), r"final 0\.2 is above initial 0\.1"),
        (lambda: Cosine(0.1, 0), "decay_steps 0"),
        (lambda: CosineWarmRestarts(0.1, 0), "first_cycle 0"),
        (lambda: CosineWarmRestarts(0.1, 10, multiplier=0.5), r"multiplier 0\.5"),
        (lambda: CosineWarmRestarts(0.1, 10, final=1.0), r"final 1\.0 is above"),
        (lambda: CosineWarmRestarts(0.1, 10, decay=2.0), r"decay 2\.0"),
        (lambda: Warmup(0.1, 10), r"after 0\.1"),
        (lambda: Warmup(Constant(0.1), 0), "steps 0"),
        (lambda: Warmup(Constant(0.1), 10, start=0.2), r"start 0\.2 is above 0\.1"),
        (lambda: InverseSquareRoot(0, 10), "peak 0"),
        (lambda: InverseSquareRoot(0.1, -5), "warmup_steps -5"),
        (lambda: Cyclical(0.6, 0.1, 10), r"base 0\.6 is above max 0\.1"),
        (lambda: Cyclical(0.1, NAN, 10), "max nan"),
        (lambda: Cyclical(0.1, 0.6, 0), "step_size_up 0"),
        (lambda: Cyclical(0.1, 0.6, 10, -10), "step_size_down -10"),
        (lambda: Cyclical(0.1, 0.6, 10, mode="square"), "mode 'square'"),
        (lambda: Cyclical(0.1, 0.6, 10, mode="exp_range", gamma=1.1), r"gamma 1\.1"),
        (lambda: Cyclical(0.1, 0.6, 10, gamma=0.9), r"gamma 0\.9 has no effect"),
        (lambda: Custom(0.1, 0.6, 10, 3), "scale 3"),
        (lambda: Custom(0.1, 0.6, 10, np.sqrt, scale_by="epoch"), "scale_by 'epoch'"),
        (lambda: Custom(0.1, 0.6, 10, lambda cycle: cycle + 0.5)(0), r"scale gives 1\.5"),
        (lambda: Custom(0.1, 0.6, 10, lambda cycle: cycle * NAN)(0), "scale gives nan"),
        (lambda: OneCycle(0.0, 100), r"max 0\.0"),
        (lambda: OneCycle(0.1, -100), "total_steps -100"),
        (lambda: OneCycle(0.1, 3), "total_steps 3 leaves no step"),
        (lambda: OneCycle(0.1, 100, warmup_share=1.0), r"warmup_share 1\.0"),
        (lambda: OneCycle(0.1, 100, warmup_share=0.6, phases=3), r"warmup_share 0\.6"),
        (lambda: OneCycle(0.1, 100, initial_divisor=0.5), r"initial_divisor 0\.5"),
        (lambda: OneCycle(0.1, 100, final_divisor=NAN), "final_divisor nan"),
        (lambda: OneCycle(0.1, 100, phases=4), "phases 4"),
        (lambda: OneCycle(0.1, 100, anneal="cos"), "anneal 'cos'"),
        (lambda: WarmupStableDecay(0.0, 100, 10, 20), r"peak 0\.0"),
        (lambda: WarmupStableDecay(0.1, 100, -1, 20), "warmup_steps -1"),
        (lambda: WarmupStableDecay(0.1, 100, 10, 0), "decay_steps 0"),
        (lambda: WarmupStableDecay(0.1, 100, 90, 20), "total_steps 100 is less than warmup_steps"),
        (lambda: WarmupStableDecay(0.1, 100, 10, 20, final=0.2), r"final 0\.2 is above peak"),
        (lambda: WarmupStableDecay(0.1, 100, 10, 20, shape="cos"), "shape 'cos'"),
        (lambda: antiphase(TRIANGULAR, 0.95, 0.85), r"low 0\.95 is above high 0\.85"),
        (lambda: antiphase(TRIANGULAR, 0.85, 1.0), r"high 1\.0"),
        (lambda: antiphase(Constant(0.1), 0.85, 0.95), "does not rise and fall"),
        (lambda: Exponential(1.0, 10.0, 1)(1000), "too large at step 1000"),
        (lambda: to_dict(Custom(0.1, 0.6, 10, np.sqrt)), "Custom cannot be written"),
        (lambda: from_dict([1]), r"not as \[1\]"),
        (lambda: from_dict({"value": 1}), "unknown kind of schedule None"),
        (lambda: from_dict({"kind": ["x"]}), r"unknown kind of schedule \['x'\]"),
        (lambda: from_dict({"kind": "sine"}), "unknown kind of schedule 'sine'"),
        (lambda: from_dict({"kind": "constant"}), "constant needs the parameter 'value'"),
        (lambda: from_dict({"kind": "constant", "value": 1, "x": 2}), "no parameter 'x'"),
        (lambda: from_dict({"kind": "warmup", "after": 3, "steps": 2}), "not as 3"),
        (lambda: from_dict({"kind": "constant", "value": None}), "value None"),
    ],
)
def test_nonsense_is_refused_with_its_value(make, told):
    with pytest.raises(ValueError, match=told):
        make()
